/// A line of a configuration, as text, with the tools to read words from it and to complain about them.
///
/// It works on bytes that are known to be UTF-8 without NUL, and counts characters only for an error.
struct Line {
  let bytes: ArraySlice<UInt8>
  let location: Location
  private(set) var position: Int

  init(_ bytes: ArraySlice<UInt8>, at location: Location) {
    (self.bytes, self.location, position) = (bytes, location, bytes.startIndex)
  }

  /// A word: `name`, or `name=value`; the value with its quotes and variables resolved.
  struct Word {
    var name: String
    var value: String?
    var start: Int
    var valueStart: Int
    var end: Int
    /// Whether a part of the value stands there as a variable.
    var holdsVariable = false
  }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  var beginsWithBlank: Bool { bytes.first.map(Self.isBlank) ?? false }

  /// The first word, as it stands there but for marks of quotation; nil when it can be no name, or has a value.
  var firstWord: String? {
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    func isBlank(_ scalar: UnicodeScalar) -> Bool {
      scalar == " " || scalar == "\t" || Self.looksLikeBlank(scalar)
    }
    let word = text.unicodeScalars.drop { isBlank($0) }.prefix { !isBlank($0) }
    let name = word.filter { !"\"'`".unicodeScalars.contains($0) && !Self.looksLikeQuote($0) }
    return name.isEmpty || name.contains("=") ? nil : String(String.UnicodeScalarView(name))
  }

  /// Skips blanks and a comment; tells whether a word follows.
  mutating func skipToWord() -> Bool {
    while position < bytes.endIndex, Self.isBlank(bytes[position]) { position += 1 }
    // A `#` begins a comment only here: at the start of the line, or after a blank.
    if position < bytes.endIndex, bytes[position] == UInt8(ascii: "#") { position = bytes.endIndex }
    return position < bytes.endIndex
  }

  /// Reads the word at the position.
  ///
  /// - Parameter isValue: whether the word is a value from its beginning, as a file's name after `include` is.
  mutating func word(isValue: Bool = false, _ variables: Variables) throws(Failure) -> Word {
    let start = position
    var name: [UInt8] = []
    while position < bytes.endIndex, !isValue {
      let byte = bytes[position]
      if Self.isBlank(byte) || byte == UInt8(ascii: "=") { break }
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "$") || byte == UInt8(ascii: "'") {
        throw failure(
          "'\(Character(UnicodeScalar(byte)))' can stand only in a value, after '='", position, position + 1,
          fix: byte == UInt8(ascii: "$") ? nil : #"write KEY="two words"; a name has no quotes"#)
      }
      if byte >= 0x80 { try refuseLookAlike(isStart: true) }
      name.append(byte)
      position += 1
    }
    var word = Word(
      name: marked(name), value: nil, start: start, valueStart: position, end: position)
    let hasValue = position < bytes.endIndex && bytes[position] == UInt8(ascii: "=")
    if isValue || hasValue {
      if !isValue { position += 1 }
      word.valueStart = position
      word.value = try value(variables, &word.holdsVariable)
      word.end = position
    }
    return word
  }

  private mutating func value(_ variables: Variables, _ holdsVariable: inout Bool) throws(Failure) -> String {
    let start = position
    var value: [UInt8] = []
    var quote: Int?
    while position < bytes.endIndex {
      let byte = bytes[position]
      if quote == nil {
        if Self.isBlank(byte) { break }
        if byte >= 0x80 { try refuseLookAlike(isStart: position == start) }
        if byte == UInt8(ascii: "'"), position == start {
          throw failure(
            "'\'' is no quote here", position, position + 1, fix: #"quote a value with ", as in "two words""#)
        }
      }
      switch byte {
      case UInt8(ascii: "\""):
        quote = quote == nil ? position : nil
        position += 1
      case UInt8(ascii: "\\") where quote != nil:
        value.append(try escape())
      case UInt8(ascii: "$") where position + 1 < bytes.endIndex && bytes[position + 1] == UInt8(ascii: "{"):
        value += Array(try variable(variables).utf8)
        holdsVariable = true
      case UInt8(ascii: "$"):
        try refuseBareVariable()
        value.append(byte)
        position += 1
      default:
        value.append(byte)
        position += 1
      }
    }
    if let quote { throw failure("this quote is never closed", quote, quote + 1, fix: "add a \" at the value's end") }
    return marked(value)
  }

  private mutating func escape() throws(Failure) -> UInt8 {
    let start = position
    position += 2
    guard start + 1 < bytes.endIndex else { throw failure("nothing follows this backslash", start, start + 1) }
    switch bytes[start + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "$"): return bytes[start + 1]
    case UInt8(ascii: "n"): return 0x0a
    case UInt8(ascii: "t"): return 0x09
    default:
      throw failure("unknown escape", start, start + 2, fix: #"inside quotes only \" \\ \$ \n and \t are known"#)
    }
  }

  private mutating func variable(_ variables: Variables) throws(Failure) -> String {
    let start = position
    guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "}")) else {
      throw failure("this '${' has no '}'", start, start + 2)
    }
    let name = marked(bytes[(start + 2)..<end])
    position = end + 1
    switch variables.value(of: name) {
    case .known(let value): return value
    case .notText(let value):
      var failure = failure(
        "the value of '${\(name)}' isn't UTF-8", start, end + 1,
        fix: "write the path itself if it is, or give that place a name that is UTF-8")
      failure.why = "it is \(quoted(value)), and what stands in a line is text"
      throw failure
    case .empty:
      throw failure(
        "'${\(name)}' has no value here", start, end + 1, fix: "write the value itself, or set it in the environment")
    case .unknown:
      throw failure(
        "unknown variable '${\(shortened(name))}'" + didYouMean(name, among: Variables.names), start, end + 1,
        fix: "known are " + Variables.names.joined(separator: ", "))
    }
  }

  /// A failure with a mark under a part of the line, given in bytes.
  func failure(_ message: String, _ start: Int, _ end: Int, fix: String? = nil) -> Failure {
    func characters(_ range: Range<Int>) -> Int { marked(bytes[range]).count }
    let end = max(start, min(end, bytes.endIndex))
    var failure = Failure(message, fix: fix)
    failure.location = location
    failure.excerpt = Excerpt(
      text: marked(bytes), column: characters(bytes.startIndex..<start) + 1,
      length: max(1, characters(start..<end)))
    return failure
  }

  /// A failure of a word, with the mark under the part that is to blame.
  ///
  /// - Parameter fix: a remedy that is better than the error's own.
  func failure(_ error: WordError, _ word: Word, fix: String? = nil) -> Failure {
    let fix = fix ?? error.fix
    return switch error.part {
    case .key: failure(error.message, word.start, word.start + word.name.utf8.count, fix: fix)
    case .value: failure(error.message, word.valueStart, word.end, fix: fix)
    }
  }
}
