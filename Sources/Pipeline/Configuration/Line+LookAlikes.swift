/// What people write who know shells and word processors, and which is something else here.
extension Line {
  /// Refuses a character that looks like a blank or a quote, and isn't one.
  ///
  /// - Parameter isStart: whether a quote could stand here.
  func refuseLookAlike(isStart: Bool) throws(Failure) {
    var decoder = UTF8()
    var rest = bytes[position...].prefix(4).makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&rest) else { return }
    let end = position + UTF8.width(scalar)
    if Self.looksLikeBlank(scalar) {
      throw failure(
        "this is a no-break space or another that separates no words", position, end,
        fix: "write a plain blank; in a value, put it in quotes")
    }
    if isStart, Self.looksLikeQuote(scalar) {
      throw failure("this is a typographic quote", position, end, fix: #"quote a value with ", as in KEY="two words""#)
    }
  }

  /// A no-break space, one of another width, or none.
  static func looksLikeBlank(_ scalar: UnicodeScalar) -> Bool {
    switch scalar.value {
    case 0xa0, 0x2000...0x200b, 0x202f, 0x205f, 0x3000, 0xfeff: true
    default: false
    }
  }

  /// A quote of books, in whichever language.
  static func looksLikeQuote(_ scalar: UnicodeScalar) -> Bool {
    switch scalar.value {
    case 0xab, 0xbb, 0x2018...0x201f, 0x2039, 0x203a: true
    default: false
    }
  }

  /// Refuses `$NAME`, which only shells replace.
  func refuseBareVariable() throws(Failure) {
    func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte | 0x20) || byte == UInt8(ascii: "_") }
    let rest = bytes[(position + 1)...]
    guard rest.first.map(isLetter) == true else { return }
    let name = marked(rest.prefix { isLetter($0) || (0x30...0x39).contains($0) })
    let meant =
      Variables.names.contains(name)
      ? "write ${\(name)}" : "only ${NAME} is, of \(Variables.names.joined(separator: ", "))"
    throw failure(
      "'$\(shortened(name))' isn't replaced here", position, position + 1 + name.utf8.count,
      fix: meant + #"; for the text itself: "\$\#(shortened(name))" in quotes"#)
  }
}
