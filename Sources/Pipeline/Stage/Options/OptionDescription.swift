/// An option without its owner's type, for those who only read tables.
public struct OptionDescription: Sendable {
  /// The key.
  public let key: String
  /// What it does, as a phrase.
  public let help: String
  /// What may be written for the value.
  public let syntax: String
  /// A flag of the command line that sets it, without its dashes.
  public let flag: String?
  /// Other names of the flag, without their dashes.
  public let aliases: [String]
  /// A flag of one letter, without its dash.
  public let letter: Character?
  /// Whether the bare key means `yes`.
  public let isSwitch: Bool
  /// Whether the key may be given again.
  public let isRepeatable: Bool
  /// Whether it takes every key that the table doesn't have.
  public let isOpen: Bool
  /// The words that may stand for the value, when there are only some.
  public let words: [String]
  /// The value of an owner on whose line nothing was written.
  public let defaultText: String

  /// What may be written after the flag.
  public let flagSyntax: String

  /// Describes an option of an owner.
  public init<Owner>(_ option: StageOption, of owner: Owner) {
    (key, help, syntax) = (option.key, option.help, option.syntax)
    (flag, aliases, letter, isSwitch) = (option.flag, option.aliases, option.letter, option.isSwitch)
    (isRepeatable, isOpen, flagSyntax) = (option.isRepeatable, option.isOpen, option.flagSyntax)
    (words, defaultText) = (option.words, option.text(owner))
  }
}

extension IsolationStage {
  /// The keys of the stage's line, with their defaults.
  public static var optionDescriptions: [OptionDescription] {
    let fresh = Self()
    return options.map { OptionDescription($0, of: fresh) }
  }

  /// The keys with the values that they have in this stage; an empty key for what has keys of its own.
  public var settings: [(key: String, value: String)] {
    Self.options.map { ($0.isOpen ? "" : $0.key, $0.text(self)) }
  }
}
