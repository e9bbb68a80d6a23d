internal import Kernel

/// Keeps in mind what a terminal was asked by what was printed to it, and what it has answered: for where the cursor is,
/// its kind, its colours. The answers come as if they were typed. See ECMA-48 and xterm's ctlseqs.
struct TerminalQuestions {
  private var printed = EscapeReader()
  private var typed = EscapeReader()
  private var open = 0
  private var firstAsked: UInt64 = 0
  private var lastAsked: UInt64 = 0
  /// How often answers were waited for in vain.
  private var failures = 0

  /// How long an answer may take, in nanoseconds, and for how many times that more questions prolong the wait.
  private static let limit: UInt64 = 1_000_000_000
  private static let times: UInt64 = 3

  /// Whether an answer is still to come.
  var isOpen: Bool { open > 0 && patience > 0 }

  /// For how long it is still waited for, in milliseconds.
  var patience: Int32 {
    let now = ProcessContext.nanoseconds
    let end = min(lastAsked + Self.limit, firstAsked + Self.times * Self.limit)
    // Somebody may set the clock.
    guard open > 0, now < end, now >= lastAsked else { return 0 }
    return Int32((end - now) / 1_000_000) + 1
  }

  /// Whether the terminal is known to answer, as far as it was waited for: who asks on and on shall not take the keys away.
  var areWorthwhile: Bool { failures < 2 }

  /// Gives up waiting for what hasn't been answered yet.
  mutating func close() {
    if open > 0 { failures += 1 }
    open = 0
  }

  /// Looks for questions in what is printed; whether there are some.
  mutating func look(at bytes: [UInt8]) -> Bool {
    if !printed.isInside, !bytes.contains(EscapeReader.escape) { return false }
    var found = 0
    for byte in bytes { if let sequence = printed.read(byte), sequence.isQuestion { found += 1 } }
    guard found > 0 else { return false }
    let isMore = patience > 0
    open = (isMore ? open : 0) + found
    lastAsked = ProcessContext.nanoseconds
    if !isMore { firstAsked = lastAsked }
    return true
  }

  /// Looks for answers in what is typed.
  mutating func answer(_ bytes: [UInt8]) {
    guard open > 0 else { return }
    for byte in bytes { if let sequence = typed.read(byte), sequence.isAnswer { open = max(0, open - 1) } }
  }
}

/// A control sequence of a terminal's.
struct EscapeSequence: Equatable {
  /// What begins it, behind ESC.
  let kind: UInt8
  /// What is between its beginning and its end, as far as it is looked at.
  var body: [UInt8] = []
  /// What ends it.
  var final: UInt8 = 0

  /// Its first number, of which only the beginning is kept.
  private var number: Int? {
    let digits = body.prefix { $0 != UInt8(ascii: ";") }
    guard !digits.isEmpty, digits.count < 4, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  /// Whether a terminal answers it.
  var isQuestion: Bool {
    switch (kind, final) {
    // DECID; OSC with a question mark for a colour or the like; DECRQSS and XTGETTCAP.
    case (UInt8(ascii: "Z"), _): true
    case (UInt8(ascii: "]"), _): asksInString
    case (UInt8(ascii: "P"), _): body.starts(with: "$q".utf8) || body.starts(with: "+q".utf8)
    // DSR, DA, DECRQM, XTVERSION, DECREQTPARM, what kitty asks for, sizes of windows, XTSMGRAPHICS.
    case (UInt8(ascii: "["), UInt8(ascii: "n")): body.contains { "156789".utf8.contains($0) }
    case (UInt8(ascii: "["), UInt8(ascii: "c")): true
    case (UInt8(ascii: "["), UInt8(ascii: "p")): body.last == UInt8(ascii: "$")
    case (UInt8(ascii: "["), UInt8(ascii: "q")): body.first == UInt8(ascii: ">")
    case (UInt8(ascii: "["), UInt8(ascii: "x")): body.isEmpty || body == [0x30] || body == [0x31]
    case (UInt8(ascii: "["), UInt8(ascii: "u")): body == [UInt8(ascii: "?")]
    case (UInt8(ascii: "["), UInt8(ascii: "t")):
      number.map { [11, 13, 14, 15, 16, 18, 19, 20, 21].contains($0) } ?? false
    case (UInt8(ascii: "["), UInt8(ascii: "S")): body.first == UInt8(ascii: "?")
    default: false
    }
  }

  /// Whether a field of it, or the value of one, is a question mark.
  private var asksInString: Bool {
    let mark = UInt8(ascii: "?")
    return body.split(separator: UInt8(ascii: ";")).contains {
      $0 == [mark] || $0.suffix(2) == [UInt8(ascii: "="), mark]
    }
  }

  /// Whether a terminal may send it to answer.
  var isAnswer: Bool {
    switch kind {
    case UInt8(ascii: "]"), UInt8(ascii: "P"): true
    case UInt8(ascii: "["): "Rncytuqx".utf8.contains(final) || final == UInt8(ascii: "S") && body.first == 0x3f
    default: false
    }
  }
}

/// Finds control sequences in a stream of bytes.
struct EscapeReader {
  static let escape: UInt8 = 0x1b
  private enum Place { case text, afterEscape, inSequence, inString, endOfString }
  private var place = Place.text
  private var sequence = EscapeSequence(kind: 0)

  /// Whether a sequence has begun that hasn't ended.
  var isInside: Bool { place != .text }

  /// Reads a byte; the sequence that it ends, if it does.
  mutating func read(_ byte: UInt8) -> EscapeSequence? {
    switch place {
    case .text: if byte == Self.escape { place = .afterEscape }
    case .afterEscape:
      sequence = EscapeSequence(kind: byte)
      switch byte {
      case UInt8(ascii: "["): place = .inSequence
      case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"), UInt8(ascii: "X"):
        place = .inString
      case Self.escape: break
      default: return finished(byte)
      }
    case .inSequence:
      switch byte {
      case Self.escape: place = .afterEscape
      case 0x40...0x7e: return finished(byte)
      case 0x18, 0x1a: place = .text
      default: keep(byte)
      }
    case .inString:
      switch byte {
      case 0x07: return finished(byte)
      case Self.escape: place = .endOfString
      case 0x18, 0x1a: place = .text
      default: keep(byte)
      }
    case .endOfString:
      if byte == UInt8(ascii: "\\") { return finished(byte) }
      place = .afterEscape
      return read(byte)
    }
    return nil
  }

  private mutating func keep(_ byte: UInt8) { if sequence.body.count < 64 { sequence.body.append(byte) } }

  private mutating func finished(_ byte: UInt8) -> EscapeSequence {
    place = .text
    sequence.final = byte
    return sequence
  }
}
