/// The file in which a compiled filter is kept: a word that says what it is, flags, three lengths and a sum, then the key, the
/// names that libseccomp doesn't know, and the instructions.
enum KeptFile {
  /// The largest file, in bytes; the key of a profile holds its text.
  static let largest = 1 << 20
  private static let beginning = Array("littlectr filter".utf8)
  private static let headerSize = 56

  static func bytes(_ filter: CompiledFilter, for key: FilterKey) -> [UInt8] {
    let unknown = Array(filter.unknown.joined(separator: " ").utf8)
    var rest = unknown
    for instruction in filter.code.instructions { append(instruction, to: &rest) }
    var bytes = beginning
    for number in [key.text.count, unknown.count, filter.code.instructions.count] { append(UInt64(number), to: &bytes) }
    append(UInt64(filter.flags.rawValue), to: &bytes)
    append(FilterCache.hash(rest) ^ UInt64(filter.flags.rawValue), to: &bytes)
    return bytes + key.text + rest
  }

  /// The filter of a file; nil if the file isn't whole, is another key's, or holds what no filter can be.
  static func filter(_ bytes: [UInt8], for key: FilterKey) -> CompiledFilter? {
    guard bytes.count <= largest, bytes.count >= headerSize, bytes[..<16] == beginning[...] else { return nil }
    let numbers = [16, 24, 32, 40, 48].map { number(bytes, at: $0) }
    guard numbers[0] == UInt64(key.text.count), numbers[1] < UInt64(largest), numbers[2] <= UInt64(FilterCode.largest)
    else { return nil }
    let (start, unknownCount) = (headerSize + key.text.count, Int(numbers[1]))
    guard bytes.count == start + unknownCount + 8 * Int(numbers[2]), bytes[headerSize..<start] == key.text[...],
      let flags = UInt32(exactly: numbers[3]), numbers[4] == FilterCache.hash(Array(bytes[start...])) ^ numbers[3]
    else { return nil }
    let code = (0..<Int(numbers[2])).map { number(bytes, at: start + unknownCount + 8 * $0) }
    let unknown = String(decoding: bytes[start..<start + unknownCount], as: UTF8.self).split(separator: " ")
    let filter = CompiledFilter(
      FilterCode(code), flags: FilterFlags(rawValue: flags), unknown: unknown.map(String.init))
    return filter.code.isSound ? filter : nil
  }

  private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
    for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * place))) }
  }

  private static func number(_ bytes: [UInt8], at index: Int) -> UInt64 {
    var number: UInt64 = 0
    for place in 0..<8 { number |= UInt64(bytes[index + place]) << UInt64(8 * place) }
    return number
  }
}
