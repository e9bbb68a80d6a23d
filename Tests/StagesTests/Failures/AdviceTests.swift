import Foundation
import Testing

@testable import Pipeline
@testable import Stages

/// Every documented refusal.
struct AdviceTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let source: String
    let advice: Advice
    var testDescription: String { "\(source): \(advice.errno?.name ?? "refused"): \(advice.why)" }

    static let all =
      builtin.flatMap { type in type.diagnostics.map { Case(source: type.name, advice: $0) } }
      + CloneAdvice.all.map { Case(source: "clone", advice: $0) }
      + PlatformAdvice.all.map { Case(source: "platform", advice: $0) }
      + GeneralAdvice.all.map { Case(source: "any step", advice: $0) }
      + RunnerAdvice.all.map { Case(source: "run", advice: $0) }
      + Executable.all.map { Case(source: "exec", advice: $0) }
      + ConfigurationAdvice.all.map { Case(source: "configuration", advice: $0) }
  }

  @Test("each documented refusal tells cause and remedy", arguments: Case.all)
  func itTellsCauseAndRemedy(_ it: Case) {
    #expect(!it.advice.why.isEmpty)
    #expect(!it.advice.fix.isEmpty)
    for text in [it.advice.why, it.advice.fix] {
      #expect(!text.hasSuffix("."), "a phrase, not a sentence")
      #expect(!text.contains("\n"))
      #expect(text.filter { $0 == "`" }.isEmpty)
    }
  }

  /// Advice that is written but not documented would be missing from the manual.
  @Test func everyAdviceOfAStageIsDocumented() throws {
    for file in try Repository.swiftFiles("Sources/Stages") {
      let names = file.text.matches(of: /static let (\w+) = Advice\(/).map { String($0.1) }
      for name in names {
        let list = try #require(file.text.firstRange(of: /diagnostics =\s+\[/), "\(file.path) documents none")
        let rest = file.text[list.upperBound...].prefix { $0 != "]" }
        #expect(rest.contains(name), "\(file.path) \(name)")
      }
    }
  }
}
