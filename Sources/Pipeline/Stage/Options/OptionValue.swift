public import SystemPackage

/// A type that an option can have. Enums of strings need no conformance: `StageOption` takes them as they are.
public protocol OptionValue: Sendable {
  /// What may be written, as the manual shows it: `NUMBER`, `yes|no`.
  static var syntax: String { get }
  /// Reads the value.
  ///
  /// - Throws: what was expected instead.
  static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> Self
  /// The value as it would be written; empty for none.
  var optionText: String { get }
}

/// What a value may depend on beside its text.
public struct ValueContext: Sendable {
  /// The directory of the file in which the value stands: relative paths begin there.
  public var directory: FilePath { find() }
  private let find: @Sendable () -> FilePath
  /// Whether a part of the value stands there as a variable.
  public internal(set) var holdsVariable = false
  /// A context. The directory is asked for only by a value that is a relative path.
  public init(directory: @autoclosure @escaping @Sendable () -> FilePath) { find = directory }

  /// Where a text leads as a path: one that begins with no slash begins at the directory, whether or not `./` says so.
  /// With an empty directory, the path is what is written.
  public func path(_ text: String) -> FilePath {
    if text.begins(with: "/") || directory.isEmpty { return FilePath(text) }
    var rest = text
    while rest.begins(with: "./") { rest = String(Substring(rest.utf8.dropFirst(2).drop { $0 == UInt8(ascii: "/") })) }
    return directory.pushing(FilePath(rest))
  }
}

/// A text that isn't a value of the option's type.
public struct ValueError: Error, Sendable {
  /// What would have been, as a noun: `a number from 0 to 64`.
  public let expected: String
  /// The words that may stand there, when there are only some: for a suggestion.
  public let words: [String]
  /// An error.
  public init(expected: String, words: [String] = []) { (self.expected, self.words) = (expected, words) }
}

/// Why a key can't be set.
public enum OptionError: Error, Sendable {
  /// The line has the key already.
  case repeated
  /// The key has no value, and isn't a switch.
  case missing(syntax: String)
  /// The text isn't a value of the option.
  case invalid(text: String, ValueError)
}

extension String: OptionValue {
  /// `TEXT`.
  public static var syntax: String { "TEXT" }
  /// Any text.
  public static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> String { text }
  /// The text.
  public var optionText: String { self }
}

extension Int: OptionValue {
  /// `NUMBER`.
  public static var syntax: String { "NUMBER" }
  /// A decimal number, with `-` before it if negative.
  public static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> Int {
    guard !text.begins(with: "+"), let value = Int(text) else { throw ValueError(expected: "a whole number") }
    return value
  }
  /// The number.
  public var optionText: String { String(self) }
}

extension Bool: OptionValue {
  /// `yes|no`.
  public static var syntax: String { "yes|no" }
  /// `yes` or `no`.
  public static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> Bool {
    switch text {
    case "yes": return true
    case "no": return false
    default: throw ValueError(expected: "yes or no", words: ["yes", "no"])
    }
  }
  /// `yes` or `no`.
  public var optionText: String { self ? "yes" : "no" }
}

extension FilePath: OptionValue {
  /// `PATH`.
  public static var syntax: String { "PATH" }
  /// A path; a relative one begins at the directory of the file in which it stands.
  public static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> FilePath {
    guard !text.isEmpty else { throw ValueError(expected: "a path") }
    // A shell would have replaced it. What is really called so is ./~.
    if text.utf8.first == UInt8(ascii: "~") {
      throw ValueError(
        expected: "a path without '~', which only shells replace: write ${HOME}, or ./~ for a file of that name")
    }
    return context.path(text)
  }
  /// The path.
  public var optionText: String { text }
}
