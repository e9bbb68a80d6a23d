import Foundation
import Stages
import Testing

@testable import Command
@testable import Pipeline

struct GoldenTests {
  /// `UPDATE_GOLDEN=1 swift test` writes the files anew, and fails where one has changed, so that nobody misses it.
  @Test(arguments: Golden.names) func thePlanIsAsWritten(name: String) throws {
    let golden = try Golden(name)
    let planned = try golden.planned()
    if planned != golden.expected, ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      let whole = golden.text + Golden.separator + planned
      try whole.write(toFile: Repository.path(Golden.path(name)), atomically: true, encoding: .utf8)
      Issue.record("\(name) was written anew: look at it, and run again")
      return
    }
    #expect(planned == golden.expected)
  }

  @Test func thereAreGoldenPlans() { #expect(Golden.names.count >= 40) }

  /// Every key of every stage stands in a golden file, and for one of few words, every word.
  @Test func everyOptionIsInAGoldenPlan() throws {
    let words = Set(
      try Golden.names.flatMap { name in
        try Golden(name).text.split(whereSeparator: { " \t\n".contains($0) }).map(String.init)
      })
    for type in builtin {
      for option in type.optionDescriptions {
        for value in option.words {
          let isThere =
            words.contains("\(option.key)=\(value)") || option.isSwitch && value == "yes" && words.contains(option.key)
          #expect(isThere, "\(type.name) \(option.key)=\(value) is in no golden plan")
        }
        #expect(words.contains { $0 == option.key || $0.hasPrefix("\(option.key)=") }, "\(type.name) \(option.key)")
      }
    }
  }
}
