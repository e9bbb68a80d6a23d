internal import Text

extension JSONValue {
  /// How deep lists and objects may be in each other.
  public static let deepest = 32

  /// Reads a text that is one value of JSON, strictly: RFC 8259, in UTF-8 without a byte order mark, and no key of an object
  /// twice.
  public static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
    var reader = JSONReader(bytes)
    let value = try reader.value(depth: 0)
    reader.skipBlanks()
    if reader.index < bytes.count { throw JSONError("there is more after the end", at: reader.index) }
    return value
  }
}

/// What is left of a text to be read.
private struct JSONReader {
  let bytes: [UInt8]
  var index = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { index += 1 }
  }

  private func unexpected(_ wanted: String) -> JSONError {
    guard let byte = next else { return JSONError("the text ends where \(wanted) is expected", at: index) }
    let isPrintable = (0x21...0x7e).contains(byte)
    let found = isPrintable ? "'\(Character(UnicodeScalar(byte)))'" : "a byte of value \(byte)"
    return JSONError("\(found) where \(wanted) is expected", at: index)
  }

  private mutating func take(_ byte: UInt8, _ wanted: String) throws(JSONError) {
    guard next == byte else { throw unexpected(wanted) }
    index += 1
  }

  mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    skipBlanks()
    let start = index
    switch next {
    case UInt8(ascii: "{"): return JSONValue(kind: try object(depth), offset: start)
    case UInt8(ascii: "["): return JSONValue(kind: try array(depth), offset: start)
    case UInt8(ascii: "\""): return JSONValue(kind: .string(try string()), offset: start)
    case UInt8(ascii: "t"): return JSONValue(kind: try word("true", .bool(true)), offset: start)
    case UInt8(ascii: "f"): return JSONValue(kind: try word("false", .bool(false)), offset: start)
    case UInt8(ascii: "n"): return JSONValue(kind: try word("null", .null), offset: start)
    case UInt8(ascii: "-")?, (0x30...0x39)?: return JSONValue(kind: .number(try number()), offset: start)
    default: throw unexpected("a value")
    }
  }

  private mutating func word(_ word: String, _ kind: JSONValue.Kind) throws(JSONError) -> JSONValue.Kind {
    guard bytes[index...].starts(with: word.utf8) else { throw unexpected("a value") }
    index += word.utf8.count
    return kind
  }

  private mutating func enter(_ depth: Int) throws(JSONError) {
    if depth >= JSONValue.deepest { throw JSONError("more than \(JSONValue.deepest) levels", at: index) }
    index += 1
    skipBlanks()
  }

  private mutating func array(_ depth: Int) throws(JSONError) -> JSONValue.Kind {
    try enter(depth)
    var elements: [JSONValue] = []
    if next == UInt8(ascii: "]") {
      index += 1
      return .array([])
    }
    while true {
      elements.append(try value(depth: depth + 1))
      skipBlanks()
      if next == UInt8(ascii: "]") { break }
      try take(UInt8(ascii: ","), "',' or ']'")
    }
    index += 1
    return .array(elements)
  }

  private mutating func object(_ depth: Int) throws(JSONError) -> JSONValue.Kind {
    try enter(depth)
    var members: [JSONMember] = []
    if next == UInt8(ascii: "}") {
      index += 1
      return .object([])
    }
    while true {
      skipBlanks()
      let start = index
      guard next == UInt8(ascii: "\"") else { throw unexpected("a key in quotation marks") }
      let key = try string()
      skipBlanks()
      try take(UInt8(ascii: ":"), "':'")
      members.append(JSONMember(key: key, offset: start, value: try value(depth: depth + 1)))
      skipBlanks()
      if next == UInt8(ascii: "}") { break }
      try take(UInt8(ascii: ","), "',' or '}'")
    }
    index += 1
    // Sorted, equal keys are neighbours: an object may have many.
    let sorted = members.sorted { ($0.key, $0.offset) < ($1.key, $1.offset) }
    for (one, other) in zip(sorted, sorted.dropFirst()) where one.key == other.key {
      throw JSONError("the key '\(shortened(one.key))' is there twice", at: other.offset)
    }
    return .object(members)
  }

  private mutating func number() throws(JSONError) -> String {
    let start = index
    if next == UInt8(ascii: "-") { index += 1 }
    if next == UInt8(ascii: "0") { index += 1 } else { try digits() }
    if next == UInt8(ascii: ".") {
      index += 1
      try digits()
    }
    if let byte = next, byte | 0x20 == UInt8(ascii: "e") {
      index += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { index += 1 }
      try digits()
    }
    if let byte = next, (0x30...0x39).contains(byte) { throw JSONError("a number that begins with 0", at: start) }
    return bytes[start..<index].reduce(into: "") { $0.unicodeScalars.append(UnicodeScalar($1)) }
  }

  private mutating func digits() throws(JSONError) {
    guard let byte = next, (0x30...0x39).contains(byte) else { throw unexpected("a digit") }
    while let byte = next, (0x30...0x39).contains(byte) { index += 1 }
  }

  private mutating func string() throws(JSONError) -> String {
    let start = index
    index += 1
    var text: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      if byte < 0x20 { throw JSONError("a control character in a text", at: index) }
      if byte == UInt8(ascii: "\\") {
        text += try escape()
      } else {
        text.append(byte)
        index += 1
      }
    }
    guard next != nil else { throw JSONError("the text ends within quotation marks", at: start) }
    index += 1
    guard let result = String(validating: text, as: UTF8.self) else {
      throw JSONError("a text that isn't UTF-8", at: start)
    }
    return result
  }

  private mutating func escape() throws(JSONError) -> [UInt8] {
    let start = index
    index += 1
    guard let byte = next else { throw unexpected("the rest of an escape") }
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0c]
    case UInt8(ascii: "n"): return [0x0a]
    case UInt8(ascii: "r"): return [0x0d]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"):
      var code = try unit()
      if (0xd800..<0xdc00).contains(code), next == UInt8(ascii: "\\"), index + 1 < bytes.count,
        bytes[index + 1] == UInt8(ascii: "u")
      {
        index += 2
        let low = try unit()
        guard (0xdc00..<0xe000).contains(low) else { throw JSONError("half a surrogate pair", at: start) }
        code = 0x10000 + (code - 0xd800) << 10 + low - 0xdc00
      }
      guard let scalar = UnicodeScalar(code) else { throw JSONError("half a surrogate pair", at: start) }
      return Array(String(Character(scalar)).utf8)
    default: throw JSONError("an escape that JSON doesn't have", at: start)
    }
  }

  /// Four hexadecimal digits.
  private mutating func unit() throws(JSONError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(UnicodeScalar(byte)).hexDigitValue, byte < 0x80 else {
        throw unexpected("a hexadecimal digit")
      }
      code = code << 4 | UInt32(digit)
      index += 1
    }
    return code
  }
}
