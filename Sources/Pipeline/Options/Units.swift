/// A number of bytes, written with a unit: `64M`.
public struct ByteCount: OptionValue, Hashable {
  /// The number of bytes.
  public var bytes: Int
  /// A number of bytes.
  public init(bytes: Int) { self.bytes = bytes }

  private static let units: [(String, Int)] = [("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30), ("T", 1 << 40)]

  /// `SIZE`.
  public static var syntax: String { "SIZE" }
  /// A whole number, with K, M, G or T for powers of 1024.
  public static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> ByteCount {
    let unit = units.first { text.hasSuffix($0.0) }
    guard let bytes = scaled(text, suffix: unit?.0 ?? "", by: unit?.1 ?? 1) else {
      throw ValueError(expected: "a size such as 512K, 64M or 1G")
    }
    return ByteCount(bytes: bytes)
  }
  /// The shortest way to write it.
  public var optionText: String {
    guard bytes > 0, let unit = Self.units.last(where: { bytes % $0.1 == 0 }) else { return String(bytes) }
    return "\(bytes / unit.1)\(unit.0)"
  }
}

extension Duration: OptionValue {
  private static let units: [(String, Int)] = [
    ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
  ]

  /// `TIME`.
  public static var syntax: String { "TIME" }
  /// A whole number with its unit: ms, s, m, h or d. Without a unit only 0.
  public static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> Duration {
    if text == "0" { return .zero }
    guard let unit = units.first(where: { text.hasSuffix($0.0) }),
      let milliseconds = scaled(text, suffix: unit.0, by: unit.1)
    else { throw ValueError(expected: "a time such as 500ms, 30s, 5m, 2h or 1d") }
    return .milliseconds(milliseconds)
  }
  /// The shortest way to write it.
  public var optionText: String {
    let milliseconds = Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    guard milliseconds != 0, let unit = Self.units.last(where: { milliseconds % $0.1 == 0 }) else { return "0" }
    return "\(milliseconds / unit.1)\(unit.0)"
  }
}

/// A number of digits before a suffix, times a factor; nil if it is anything else, or too large.
private func scaled(_ text: String, suffix: String, by factor: Int) -> Int? {
  let digits = text.dropLast(suffix.count)
  guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = Int(digits) else {
    return nil
  }
  let (product, overflow) = number.multipliedReportingOverflow(by: factor)
  return overflow ? nil : product
}
