internal import Pipeline

/// A subcommand. Its options are described by the same kind of table as a stage's.
protocol Subcommand: Sendable {
  static var name: String { get }
  /// The first line: what it does; the rest: how.
  static var help: String { get }
  /// What follows the name, as the usage line shows it.
  static var usage: String { get }
  /// The keys of its options, in `CommandOptions.table`.
  static var keys: [String] { get }
  /// Whether the flags that stages bring are options too, and the first operand ends the options.
  static var takesCommand: Bool { get }
  static func run(_ tool: CommandLineTool, _ options: CommandOptions, _ operands: [[UInt8]]) throws(Failure) -> Int32
}

extension Subcommand {
  static var keys: [String] { [] }
  static var takesCommand: Bool { false }
  static var summary: String { String(help.prefix { $0 != "\n" }) }

  static var optionDescriptions: [OptionDescription] {
    let fresh = CommandOptions()
    return keys.compactMap { key in
      CommandOptions.table.first { $0.key == key }.map { OptionDescription($0, of: fresh) }
    }
  }

  /// Refuses operands beyond those that the subcommand has a use for.
  static func words(_ operands: [[UInt8]], atMost count: Int) throws(Failure) -> [String] {
    let words = operands.map { shown($0) }
    guard words.count <= count else {
      throw Failure("'\(words[count])' is one word too many", fix: "usage: littlectr \(name) \(usage)")
    }
    return words
  }
}

/// An option of a stage, given on the command line.
struct StageSetting: Sendable {
  let stage: String
  let key: String
  let value: String?
  /// The words that gave it, for messages.
  let text: String
}
