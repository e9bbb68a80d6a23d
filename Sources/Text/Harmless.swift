public import SystemPackage

// The one place that makes foreign text harmless: names of an image, of directories, of files of others. None of it may
// speak to a terminal, begin a line of its own, or turn the order of what is read.

extension UnicodeScalar {
  /// Whether it is shown as what it is: no control character, nothing that changes the direction, and nothing invisible.
  public var isHarmless: Bool {
    if value < 0x7f { return value >= 0x20 }
    if value < 0xa0 { return false }
    switch value {
    // The soft hyphen; marks and isolates of direction; what has no width; separators of lines; fillers.
    case 0xad, 0x61c, 0x115f...0x1160, 0x180e, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0x3164: return false
    // The mark of byte order, annotations, and letters that only tag what follows.
    case 0xfeff, 0xffa0, 0xfff9...0xfffb, 0xe0000...0xe0fff: return false
    default: return true
    }
  }
}

/// Bytes as text in one line: what isn't harmless is written as an escape, `\n`, `\x1b` or `\u{202e}`.
public func shown(_ bytes: [UInt8]) -> String {
  var (text, index) = ("", 0)
  while index < bytes.count {
    guard let scalar = scalar(at: index, in: bytes) else {
      text += "\\x" + hexadecimal(UInt32(bytes[index]))
      index += 1
      continue
    }
    index += UTF8.width(scalar)
    switch scalar {
    case _ where scalar.isHarmless: text.unicodeScalars.append(scalar)
    case "\n": text += "\\n"
    case "\t": text += "\\t"
    case "\r": text += "\\r"
    default: text += scalar.isASCII ? "\\x" + hexadecimal(scalar.value) : "\\u{" + hexadecimal(scalar.value) + "}"
    }
  }
  return text
}

/// A text in one line: what isn't harmless is written as an escape.
public func shown(_ text: String) -> String {
  text.unicodeScalars.allSatisfy(\.isHarmless) ? text : shown(Array(text.utf8))
}

extension FilePath {
  /// The path in one line, for people: what isn't harmless is written as an escape.
  public var text: String { shown(bytes) }
}

/// Bytes as text of the same width, with U+FFFD for what isn't UTF-8: to be shown above a mark, and for nothing else.
package func marked(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

/// The same of all bytes. Both aren't generic: what is, isn't compiled for its bytes in another module.
package func marked(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// Text of several lines; in each only tabs are left of what isn't harmless.
package func shownLines(_ text: String) -> String {
  if text.unicodeScalars.allSatisfy({ $0.isHarmless || $0 == "\n" || $0 == "\t" }) { return text }
  return text.fields("\n").map { $0.fields("\t").map { shown($0) }.joined(separator: "\t") }.joined(separator: "\n")
}

/// A text cut to what can be shown in a message.
package func shortened(_ text: String) -> String {
  text.utf8.count <= 80 ? text : String(text.unicodeScalars.prefix(60)) + "…"
}

/// The character that begins at a place; nil if the bytes there aren't UTF-8.
func scalar(at index: Int, in bytes: [UInt8]) -> UnicodeScalar? {
  if bytes[index] < 0x80 { return UnicodeScalar(bytes[index]) }
  for length in 2...4 where index + length <= bytes.count {
    if let text = String(validating: bytes[index..<(index + length)], as: UTF8.self) {
      return text.unicodeScalars.first
    }
  }
  return nil
}

/// At least two digits.
private func hexadecimal(_ value: UInt32) -> String { (value < 16 ? "0" : "") + String(value, radix: 16) }
