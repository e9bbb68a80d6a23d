// Names are bytes, and so is the text of the kernel's files and of those that list ids. Swift's own ways compare texts
// by what they look like and split them between characters: a ':' before a combining mark would be none.

extension String {
  /// The parts between a separator, an ASCII character; a part may be empty.
  ///
  /// - Parameter most: how many parts there are at most; the last has the rest.
  public func fields(_ separator: UnicodeScalar, most: Int = .max) -> [String] {
    Self.parts(utf8.split(separator: UInt8(ascii: separator), maxSplits: most - 1, omittingEmptySubsequences: false))
  }

  /// The parts between separators, without empty ones.
  public func words(_ separator: UnicodeScalar = " ") -> [String] {
    Self.parts(utf8.split(separator: UInt8(ascii: separator)))
  }

  /// Cut at ASCII, what was UTF-8 still is.
  private static func parts(_ parts: [Substring.UTF8View]) -> [String] { parts.map { String(Substring($0)) } }

  /// The lines that aren't empty. A carriage return belongs to the line.
  public var lines: [String] { words("\n") }

  /// Whether it begins with the bytes of another text.
  public func begins(with other: String) -> Bool { utf8.starts(with: other.utf8) }

  /// Whether it ends with the bytes of another text.
  public func ends(with other: String) -> Bool { utf8.reversed().starts(with: other.utf8.reversed()) }

  /// Whether it holds a character of ASCII, also one before a combining mark.
  public func has(_ character: UnicodeScalar) -> Bool { utf8.contains(UInt8(ascii: character)) }

  /// Whether the bytes are the same. `==` takes two spellings of `é` for one.
  public func isSame(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }

  /// What follows its first bytes, which are ASCII.
  public func dropping(_ count: Int) -> String { String(Substring(utf8.dropFirst(count))) }
}
