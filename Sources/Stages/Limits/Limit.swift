import Pipeline

/// How much there may be of something: the soft limit, which holds, and the hard one, up to which a program may raise it.
struct Limit: OptionValue, Equatable {
  var soft: UInt64
  var hard: UInt64

  static let syntax = "NUMBER|SOFT:HARD|unlimited"

  static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> Limit {
    try parse(text, expected: "a number such as 1024, two such as 1024:4096, or unlimited") { text in
      text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt64(text) : nil
    }
  }

  /// Reads one number for both limits, or two, of which the second is no less than the first.
  static func parse(
    _ text: String, expected: String, _ number: (String) -> UInt64?
  ) throws(ValueError) -> Limit {
    let parts = text.fields(":").map { part -> UInt64? in
      if part == "unlimited" { return UInt64.max }
      // The largest number would be no limit at all.
      return part.isEmpty ? nil : number(part).flatMap { $0 == .max ? nil : $0 }
    }
    guard parts.count <= 2, let soft = parts[0], let hard = parts[parts.count - 1] else {
      throw ValueError(expected: expected)
    }
    if soft > hard { throw ValueError(expected: "the soft limit before the hard one, which is no less") }
    return Limit(soft: soft, hard: hard)
  }

  var optionText: String { text { String($0) } }

  func text(_ number: (UInt64) -> String) -> String {
    func one(_ limit: UInt64) -> String { limit == .max ? "unlimited" : number(limit) }
    return soft == hard ? one(soft) : one(soft) + ":" + one(hard)
  }
}

/// A limit in bytes, which may be written with units: `64M`.
struct ByteLimit: OptionValue, Equatable {
  var limit: Limit

  static let syntax = "SIZE|SOFT:HARD|unlimited"

  static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> ByteLimit {
    ByteLimit(
      limit: try Limit.parse(text, expected: "a size such as 64M, two such as 64M:1G, or unlimited") { text in
        (try? ByteCount.parse(text, context)).map { UInt64($0.bytes) }
      })
  }

  var optionText: String {
    limit.text { Int(exactly: $0).map { ByteCount(bytes: $0).optionText } ?? String($0) }
  }
}
