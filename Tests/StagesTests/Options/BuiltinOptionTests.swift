import Stages
import Testing

@testable import Command
@testable import Pipeline

/// What holds for every option, whoever wrote it.
struct BuiltinOptionTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let type: any IsolationStage.Type
    let option: OptionDescription
    var testDescription: String { "\(type.name).\(option.key)" }

    static let all = builtin.flatMap { type in type.optionDescriptions.map { Case(type: type, option: $0) } }

    /// Sets the option on a fresh stage.
    func set(_ value: String?) throws -> Entry {
      var entry = Entry(.on, type.init(), at: Location(file: "test"))
      try entry.set(option.key, value, ValueContext(directory: "/conf"))
      return entry
    }
  }

  @Test("each option of a built-in stage is described", arguments: Case.all)
  func itIsDescribed(_ it: Case) {
    #expect(!it.option.help.isEmpty)
    #expect(!it.option.help.hasSuffix("."), "a phrase, not a sentence")
    #expect(!it.option.syntax.isEmpty)
    // The name of an open option is a placeholder.
    #expect(it.option.key.allSatisfy { ($0.isLowercase || $0 == "-" || it.option.isOpen) && $0.isASCII })
  }

  @Test("each option's default is one of its values", arguments: Case.all)
  func itsDefaultIsAValue(_ it: Case) throws {
    if it.option.defaultText.isEmpty { return }
    let value = try it.set(it.option.defaultText).stage.settings.first { $0.key == it.option.key }?.value
    #expect(value == it.option.defaultText)
  }

  @Test("each word that an option lists is one of its values", arguments: Case.all)
  func eachOfItsWordsIsAValue(_ it: Case) throws {
    for word in it.option.words {
      #expect(try it.set(word).stage.settings.first { $0.key == it.option.key }?.value == word)
    }
    if it.option.isSwitch { #expect(try it.set(nil).stage.settings.first { $0.key == it.option.key }?.value == "yes") }
  }

  @Test("a value that an option doesn't take is refused with those that it takes", arguments: Case.all)
  func anythingElseIsRefusedWithWhatIsAllowed(_ it: Case) throws {
    if it.option.words.isEmpty { return }
    let error = try #require(throws: WordError.self) { try it.set("neverAWord") }
    #expect(error.message.contains("'\(it.option.key)'"))
    for word in it.option.words { #expect(error.message.contains(word)) }
  }

  @Test(arguments: Case.all) func aKeyAloneIsRefusedUnlessItIsASwitch(_ it: Case) throws {
    if it.option.isSwitch || it.option.isOpen { return }
    let error = try #require(throws: WordError.self) { try it.set(nil) }
    #expect(error.message == "'\(it.option.key)' needs a value")
    #expect(error.fix == "write \(it.option.key)=\(it.option.syntax)")
  }

  @Test func keysAreUniqueInAStage() {
    for type in builtin {
      let keys = type.optionDescriptions.map(\.key)
      #expect(Set(keys).count == keys.count, "\(type.name)")
    }
  }

  @Test func flagsAreUniqueInAll() {
    let stages = builtin.flatMap { $0.optionDescriptions }
    let flags = stages.compactMap(\.flag) + CommandOptions.table.map(\.key) + ["help", "version"]
    #expect(Set(flags).count == flags.count, "\(flags.sorted())")
    let letters = stages.compactMap(\.letter) + ["h"]
    #expect(Set(letters).count == letters.count)
  }
}
