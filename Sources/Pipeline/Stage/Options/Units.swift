/// A number of bytes, written with a unit: `64M`.
public struct ByteCount: OptionValue, Hashable {
  /// The number of bytes.
  public var bytes: Int
  /// A number of bytes.
  public init(bytes: Int) { self.bytes = bytes }

  private static let units: [(String, Int)] = [("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30), ("T", 1 << 40)]

  /// `SIZE`.
  public static var syntax: String { "SIZE" }
  /// A whole number, with K, M, G or T for powers of 1024. KB and KiB mean the same as K, and so do small letters.
  public static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> ByteCount {
    let digits = text.utf8.prefix { $0 >= 0x30 && $0 <= 0x39 }
    guard let factor = factor(Array(text.utf8.dropFirst(digits.count))),
      let bytes = scaled(text, suffixLength: text.utf8.count - digits.count, by: factor)
    else { throw ValueError(expected: "a size such as 512K, 64M or 1G") }
    return ByteCount(bytes: bytes)
  }

  /// What a unit stands for; nil for what is none.
  private static func factor(_ unit: [UInt8]) -> Int? {
    // Only bit 0x20 tells small letters from capitals.
    let letters = unit.map { (0x61...0x7a).contains($0) ? $0 & 0xdf : $0 }
    if letters.isEmpty || letters == Array("B".utf8) { return 1 }
    let rest = Array(letters.dropFirst())
    guard rest.isEmpty || rest == Array("B".utf8) || rest == Array("IB".utf8) else { return nil }
    for (name, factor) in units where name.utf8.first == letters[0] { return factor }
    return nil
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
    guard let unit = units.first(where: { text.utf8.reversed().starts(with: $0.0.utf8.reversed()) }),
      let milliseconds = scaled(text, suffixLength: unit.0.utf8.count, by: unit.1)
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
private func scaled(_ text: String, suffixLength: Int, by factor: Int) -> Int? {
  let digits = text.utf8.dropLast(suffixLength)
  guard !digits.isEmpty, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = Int(Substring(digits)) else {
    return nil
  }
  let (product, overflow) = number.multipliedReportingOverflow(by: factor)
  return overflow ? nil : product
}
