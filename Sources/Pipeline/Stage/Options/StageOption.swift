public import Kernel

/// One option: a key of a stage's line, or an option of a subcommand.
///
/// One table serves the file, the command line, `littlectr stages`, completion and the manual. The property's value in a
/// fresh owner is the default shown, and its type picks the parser:
///
///     StageOption("hostname", \Self.hostname, "the name seen inside", flag: "hostname")
///
/// The initializers can be inlined, so that the compiler turns each key path into a plain access: to make one at run
/// time costs more than a system call. And the owner's type isn't in the option's: else each stage's table would be an
/// array of a type of its own, which costs 12,000 instructions.
public struct StageOption: Sendable {
  /// The key.
  public let key: String
  /// What it does, as a phrase.
  public let help: String
  /// A flag of the command line that sets it, without its dashes.
  public let flag: String?
  /// Other names of the flag, as other programs have it, without their dashes.
  public let aliases: [String]
  /// A flag of one letter, without its dash.
  public let letter: Character?
  /// Whether the bare key means `yes`.
  public let isSwitch: Bool
  /// Whether the key may be given again, which adds a value: it holds a list.
  public let isRepeatable: Bool
  /// Whether it takes every key that the table doesn't have; its own is then only a placeholder for the manual.
  public let isOpen: Bool

  private let writing: @Sendable () -> String
  private let list: @Sendable () -> [String]
  private let assign: @Sendable (borrowing TypedReference, String, ValueContext, Bool) throws(ValueError) -> Void
  private let show: @Sendable (borrowing TypedReference) -> String

  /// What may be written for the value: `NUMBER`, `yes|no`.
  public var syntax: String { writing() }
  /// The words that may stand for the value, when there are only some.
  public var words: [String] { list() }
  /// What may be written after the flag.
  public var flagSyntax: String { isOpen ? "\(key)[=\(syntax)]" : syntax }

  /// Whether a word of the command line, with its dashes, is one of the option's flags.
  public func isNamed(_ word: String) -> Bool {
    if let flag, word == "--" + flag { return true }
    for alias in aliases where word == "--" + alias { return true }
    return letter.map { word == "-" + String($0) } ?? false
  }

  /// An option of a property, whose type reads the value.
  @inlinable
  public init<Owner, Value: OptionValue>(
    _ key: String, _ path: @autoclosure @escaping @Sendable () -> WritableKeyPath<Owner, Value>, _ help: String,
    syntax: String? = nil, flag: String? = nil, aliases: [String] = [], letter: Character? = nil
  ) {
    self.init(
      key, help, flag, aliases, letter, isSwitch: Value.self == Bool.self, syntax: { syntax ?? Value.syntax },
      words: { Value.self == Bool.self ? ["yes", "no"] : [] },
      assign: { lent, text, context, _ throws(ValueError) in
        let value = try Value.parse(text, context)
        lent.access(as: Owner.self) { $0[keyPath: path()] = value }
      }, show: { $0.access(as: Owner.self) { $0[keyPath: path()].optionText } })
  }

  /// An option of a property that may have no value.
  @inlinable
  public init<Owner, Value: OptionValue>(
    _ key: String, _ path: @autoclosure @escaping @Sendable () -> WritableKeyPath<Owner, Value?>, _ help: String,
    syntax: String? = nil, flag: String? = nil, aliases: [String] = [], letter: Character? = nil
  ) {
    self.init(
      key, help, flag, aliases, letter, syntax: { syntax ?? Value.syntax },
      assign: { lent, text, context, _ throws(ValueError) in
        let value = try Value.parse(text, context)
        lent.access(as: Owner.self) { $0[keyPath: path()] = value }
      }, show: { $0.access(as: Owner.self) { $0[keyPath: path()]?.optionText ?? "" } })
  }

  /// An option of an enum: its raw values are the words that may be written.
  @inlinable
  public init<Owner, Value: CaseIterable & RawRepresentable & Sendable>(
    _ key: String, _ path: @autoclosure @escaping @Sendable () -> WritableKeyPath<Owner, Value>, _ help: String,
    flag: String? = nil, aliases: [String] = [], letter: Character? = nil
  ) where Value.RawValue == String {
    self.init(
      key, help, flag, aliases, letter, syntax: { Value.allCases.map(\.rawValue).joined(separator: "|") },
      words: { Value.allCases.map(\.rawValue) },
      assign: { lent, text, _, _ throws(ValueError) in
        guard let value = Value(rawValue: text) else {
          let words = Value.allCases.map(\.rawValue)
          throw ValueError(expected: "one of " + words.joined(separator: ", "), words: words)
        }
        lent.access(as: Owner.self) { $0[keyPath: path()] = value }
      }, show: { $0.access(as: Owner.self) { $0[keyPath: path()].rawValue } })
  }

  /// An option of an array: the first time that the key is given sets it, each further time adds a value.
  ///
  /// - Parameter none: the word that stands for an empty array, where that isn't what holds without the key.
  @inlinable
  public init<Owner, Value: OptionValue>(
    _ key: String, _ path: @autoclosure @escaping @Sendable () -> WritableKeyPath<Owner, [Value]>, _ help: String,
    syntax: String? = nil, none: String? = nil, flag: String? = nil, aliases: [String] = [], letter: Character? = nil
  ) {
    self.init(
      key, help, flag, aliases, letter, isRepeatable: true,
      syntax: { (syntax ?? Value.syntax) + (none.map { "|" + $0 } ?? "") },
      assign: { lent, text, context, isFirst throws(ValueError) in
        if let none, text == none { return lent.access(as: Owner.self) { $0[keyPath: path()] = [] } }
        let value = try Value.parse(text, context)
        lent.access(as: Owner.self) {
          if isFirst { $0[keyPath: path()] = [] }
          $0[keyPath: path()].append(value)
        }
      }, show: { $0.access(as: Owner.self) { $0[keyPath: path()].map(\.optionText).joined(separator: " ") } })
  }

  /// An option that takes every key which the table doesn't have: `NAME=VALUE` is read as one value.
  @inlinable
  public init<Owner, Value: OptionValue>(
    anyKey placeholder: String, _ path: @autoclosure @escaping @Sendable () -> WritableKeyPath<Owner, [Value]>,
    _ help: String, flag: String? = nil, aliases: [String] = [], letter: Character? = nil
  ) {
    self.init(
      placeholder, help, flag, aliases, letter, isRepeatable: true, isOpen: true, syntax: { Value.syntax },
      assign: { lent, text, context, _ throws(ValueError) in
        let value = try Value.parse(text, context)
        lent.access(as: Owner.self) { $0[keyPath: path()].append(value) }
      }, show: { $0.access(as: Owner.self) { $0[keyPath: path()].map(\.optionText).joined(separator: " ") } })
  }

  @usableFromInline
  init(
    _ key: String, _ help: String, _ flag: String?, _ aliases: [String], _ letter: Character?, isSwitch: Bool = false,
    isRepeatable: Bool = false, isOpen: Bool = false, syntax: @escaping @Sendable () -> String,
    words: @escaping @Sendable () -> [String] = { [] },
    assign: @escaping @Sendable (borrowing TypedReference, String, ValueContext, Bool) throws(ValueError) -> Void,
    show: @escaping @Sendable (borrowing TypedReference) -> String
  ) {
    (self.key, self.help, self.flag, self.aliases, self.letter) = (key, help, flag, aliases, letter)
    (self.isSwitch, self.isRepeatable, self.isOpen) = (isSwitch, isRepeatable, isOpen)
    (writing, list, self.assign, self.show) = (syntax, words, assign, show)
  }

  /// Reads a text into the owner's property.
  ///
  /// - Parameter replacing: whether a list is emptied first, instead of added to.
  /// - Precondition: the owner is of the type that the option's key path begins at.
  public func set<Owner>(
    _ owner: inout Owner, to text: String, _ context: ValueContext, replacing: Bool = false
  ) throws(ValueError) {
    try TypedReference.lend(&owner) { lent throws(ValueError) in try assign(lent, text, context, replacing) }
  }

  /// The property's value as it would be written.
  ///
  /// - Precondition: the owner is of the type that the option's key path begins at.
  public func text<Owner>(_ owner: Owner) -> String {
    var (owner, text) = (owner, "")
    TypedReference.lend(&owner) { lent in text = show(lent) }
    return text
  }
}
