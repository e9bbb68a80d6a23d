/// A value of JSON that was read, with its place in the text: RFC 8259.
///
/// FoundationEssentials could read it too, but whatever links it pays for libdispatch at each start.
public struct JSONValue: Sendable {
  /// What it is.
  public let kind: Kind
  /// Where it begins, in bytes from 0.
  public let offset: Int

  /// The kinds of values.
  public enum Kind: Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number, as it is written.
    case number(String)
    /// A text.
    case string(String)
    /// A list.
    case array([JSONValue])
    /// An object, with its members in order; no key is there twice.
    case object([JSONMember])
  }

  /// The whole number from 0 to 18446744073709551615 that it is; nil for anything else.
  public var unsigned: UInt64? {
    guard case .number(let text) = kind, text.utf8.first != UInt8(ascii: "-") else { return nil }
    return UInt64(text)
  }

  /// The kind, in a word with its article.
  public var word: String {
    switch kind {
    case .null: "null"
    case .bool: "a truth value"
    case .number: "a number"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

/// A member of an object.
public struct JSONMember: Sendable {
  /// The key.
  public let key: String
  /// Where the key begins, in bytes from 0.
  public let offset: Int
  /// The value.
  public let value: JSONValue
}

/// Why a text isn't JSON, or not what was expected.
public struct JSONError: Error, Sendable, Equatable {
  /// What is wrong, as a phrase.
  public let message: String
  /// Where, in bytes from 0.
  public let offset: Int
  /// An error.
  public init(_ message: String, at offset: Int) { (self.message, self.offset) = (message, offset) }
}
