/// One option: a key of a stage's line, or an option of a subcommand.
///
/// One table serves the file, the command line, `littlectr stages`, completion and the manual. The property's value in a
/// fresh owner is the default shown, and its type picks the parser:
///
///     StageOption("hostname", \Self.hostname, "the name seen inside", flag: "hostname")
///
/// The key path is made when the option is used, and not for those that only stand in the table beside it: making one
/// costs more than a system call.
public struct StageOption<Owner>: Sendable {
  /// The key.
  public let key: String
  /// What it does, as a phrase.
  public let help: String
  /// What may be written for the value: `NUMBER`, `yes|no`.
  public let syntax: String
  /// A flag of the command line that sets it, without its dashes.
  public let flag: String?
  /// A flag of one letter, without its dash.
  public let letter: Character?
  /// Whether the bare key means `yes`.
  public let isSwitch: Bool
  /// Whether the key may be given again, which adds a value.
  public let isRepeatable: Bool
  /// The words that may stand for the value, when there are only some.
  public let words: [String]

  private let assign: @Sendable (inout Owner, String, ValueContext) throws(ValueError) -> Void
  private let show: @Sendable (Owner) -> String

  /// An option of a property, whose type reads the value.
  public init<Value: OptionValue>(
    _ key: String, _ path: @autoclosure @escaping @Sendable () -> WritableKeyPath<Owner, Value>, _ help: String, syntax: String? = nil,
    flag: String? = nil, letter: Character? = nil
  ) {
    self.init(
      key, help, syntax: syntax ?? Value.syntax, flag: flag, letter: letter, isSwitch: Value.self == Bool.self,
      words: Value.self == Bool.self ? ["yes", "no"] : [],
      assign: { owner, text, context throws(ValueError) in
        owner[keyPath: path()] = try Value.parse(text, context)
      }, show: { $0[keyPath: path()].optionText })
  }

  /// An option of an enum: its raw values are the words that may be written.
  public init<Value: CaseIterable & RawRepresentable & Sendable>(
    _ key: String, _ path: @autoclosure @escaping @Sendable () -> WritableKeyPath<Owner, Value>, _ help: String, flag: String? = nil,
    letter: Character? = nil
  ) where Value.RawValue == String {
    let words = Value.allCases.map(\.rawValue)
    self.init(
      key, help, syntax: words.joined(separator: "|"), flag: flag, letter: letter, words: words,
      assign: { owner, text, _ throws(ValueError) in
        guard let value = Value(rawValue: text) else {
          throw ValueError(expected: words.count == 1 ? words[0] : "one of " + words.joined(separator: ", "), words: words)
        }
        owner[keyPath: path()] = value
      }, show: { $0[keyPath: path()].rawValue })
  }

  /// An option of an array: each time the key is given adds a value.
  public init<Value: OptionValue>(
    _ key: String, _ path: @autoclosure @escaping @Sendable () -> WritableKeyPath<Owner, [Value]>, _ help: String, syntax: String? = nil,
    flag: String? = nil, letter: Character? = nil
  ) {
    self.init(
      key, help, syntax: syntax ?? Value.syntax, flag: flag, letter: letter, isRepeatable: true,
      assign: { owner, text, context throws(ValueError) in
        owner[keyPath: path()].append(try Value.parse(text, context))
      }, show: { $0[keyPath: path()].map(\.optionText).joined(separator: " ") })
  }

  private init(
    _ key: String, _ help: String, syntax: String, flag: String?, letter: Character?, isSwitch: Bool = false,
    isRepeatable: Bool = false, words: [String] = [],
    assign: @escaping @Sendable (inout Owner, String, ValueContext) throws(ValueError) -> Void,
    show: @escaping @Sendable (Owner) -> String
  ) {
    (self.key, self.help, self.syntax, self.flag, self.letter) = (key, help, syntax, flag, letter)
    (self.isSwitch, self.isRepeatable, self.words) = (isSwitch, isRepeatable, words)
    (self.assign, self.show) = (assign, show)
  }

  /// Reads a text into the owner's property.
  public func set(_ owner: inout Owner, to text: String, _ context: ValueContext) throws(ValueError) {
    try assign(&owner, text, context)
  }

  /// The same option for an owner that holds this one's, so that several can share a table.
  public func lifted<Outer>(through path: @autoclosure @escaping @Sendable () -> WritableKeyPath<Outer, Owner>) -> StageOption<Outer> {
    StageOption<Outer>(
      key, help, syntax: syntax, flag: flag, letter: letter, isSwitch: isSwitch, isRepeatable: isRepeatable,
      words: words,
      assign: { outer, text, context throws(ValueError) in try assign(&outer[keyPath: path()], text, context) },
      show: { show($0[keyPath: path()]) })
  }

  /// The property's value as it would be written.
  public func text(_ owner: Owner) -> String { show(owner) }
}

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
  /// A flag of one letter, without its dash.
  public let letter: Character?
  /// Whether the bare key means `yes`.
  public let isSwitch: Bool
  /// Whether the key may be given again.
  public let isRepeatable: Bool
  /// The words that may stand for the value, when there are only some.
  public let words: [String]
  /// The value of an owner on whose line nothing was written.
  public let defaultText: String

  /// Describes an option of an owner.
  public init<Owner>(_ option: StageOption<Owner>, of owner: Owner) {
    (key, help, syntax) = (option.key, option.help, option.syntax)
    (flag, letter, isSwitch) = (option.flag, option.letter, option.isSwitch)
    (isRepeatable, words, defaultText) = (option.isRepeatable, option.words, option.text(owner))
  }
}

extension IsolationStage {
  /// The keys of the stage's line, with their defaults.
  public static var optionDescriptions: [OptionDescription] {
    let fresh = Self()
    return options.map { OptionDescription($0, of: fresh) }
  }

  /// The keys with the values that they have in this stage.
  public var settings: [(key: String, value: String)] { Self.options.map { ($0.key, $0.text(self)) } }
}
