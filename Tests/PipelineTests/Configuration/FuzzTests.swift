import Testing

@testable import Pipeline

/// Whatever a file holds, reading it gives lines, or a failure that says where.
struct FuzzTests {
  private static let valid = """
    # a comment
    sample text="two \\"words\\"" number=12 # more
      path=${CONF}/images\tsize=64M time=1d
    \toff=no
    off plain
    try needy
    include /gone/${USER}

    broken namespace=no \u{fc}
    """

  private static let pieces = [
    "\"", "\\", "${", "}", "=", "#", " ", "\t", "\n", "\r\n", "off ", "try ", "include ", "sample ", "text=", "item=",
    "${UID}", "\u{feff}", "ü", "👩‍👩‍👧‍👦", "\0", "\u{1b}", "e\u{301}", "99999999999999999999", "K", "-", "plain\n",
  ].map { Array($0.utf8) }

  private func check(_ bytes: [UInt8]) {
    let failure = refusal { () throws(Failure) in try parse(bytes) }
    guard let failure else { return }
    if failure.location == nil || failure.what.isEmpty || failure.text.isEmpty {
      Issue.record("\(bytes) gives \(failure)")
    }
    if let excerpt = failure.excerpt, excerpt.column < 1 || excerpt.length < 1 {
      Issue.record("\(bytes) is marked at \(excerpt)")
    }
  }

  @Test("random bytes as a configuration are read or refused with a place", arguments: 0..<4 as Range<UInt64>)
  func randomBytes(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2000 { check(random.bytes(0..<80)) }
  }

  @Test("random pieces of a configuration are read or refused with a place", arguments: 0..<4 as Range<UInt64>)
  func randomPieces(seed: UInt64) {
    var random = SeededGenerator(seed: seed + 100)
    for _ in 0..<1000 {
      check(
        (0..<Int.random(in: 0..<24, using: &random)).flatMap { _ in Self.pieces.randomElement(using: &random) ?? [] })
    }
  }

  @Test("a configuration with random changes is read or refused with a place", arguments: 0..<4 as Range<UInt64>)
  func mutations(seed: UInt64) {
    var random = SeededGenerator(seed: seed + 200)
    for _ in 0..<500 {
      var bytes = Array(Self.valid.utf8)
      for _ in 0..<Int.random(in: 1..<6, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
        case 1: bytes.insert(contentsOf: Self.pieces.randomElement(using: &random) ?? [], at: place)
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1..<9, using: &random)))
        default:
          bytes.insert(contentsOf: bytes[place...].prefix(20), at: Int.random(in: 0..<bytes.count, using: &random))
        }
        if bytes.isEmpty { bytes = [0x20] }
      }
      check(bytes)
    }
  }

  @Test func randomLinesOfTheCommandLine() throws {
    var random = SeededGenerator(seed: 300)
    for _ in 0..<1000 {
      var configuration = try parse("sample\noff plain")
      let line = String(
        decoding: (0..<8).flatMap { _ in Self.pieces.randomElement(using: &random) ?? [] }, as: UTF8.self)
      let failure = refusal { () throws(Failure) in try configuration.add(line, from: "--with") }
      if let failure, failure.location == nil { Issue.record("\(line) gives \(failure)") }
    }
  }
}
