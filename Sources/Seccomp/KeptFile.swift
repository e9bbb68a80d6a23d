internal import Kernel
internal import Text

/// The file in which a compiled filter is kept: a word that says what it is, flags, three lengths and a sum, then the key, the
/// names that libseccomp doesn't know, and the instructions. Numbers are as the machine has them, whose name is in the key.
package enum KeptFile {
  /// The largest file, in bytes; the key of a profile holds its text.
  static let largest = 1 << 20
  private static let beginning = Array("littlectr filter".utf8)
  private static let headerSize = 56

  package static func bytes(_ filter: CompiledFilter, for key: FilterKey) -> [UInt8] {
    let unknown = Array(filter.unknown.joined(separator: " ").utf8)
    let (code, flags) = (filter.code.instructions, UInt64(filter.flags.rawValue))
    let rest = unknown + Kernel.bytes(of: code)
    let numbers = [UInt64(key.text.count), UInt64(unknown.count), UInt64(code.count), flags, sum(rest[...], flags)]
    return beginning + Kernel.bytes(of: numbers) + key.text + rest
  }

  /// The filter of a file; nil if the file isn't whole, is another key's, or holds what no filter can be.
  static func filter(_ bytes: [UInt8], for key: FilterKey) -> CompiledFilter? {
    guard bytes.count <= largest, bytes.count >= headerSize, bytes[..<16] == beginning[...] else { return nil }
    let numbers = words(of: bytes[16..<headerSize])
    guard numbers[0] == UInt64(key.text.count), numbers[1] < UInt64(largest), numbers[2] <= UInt64(FilterCode.largest)
    else { return nil }
    let start = headerSize + key.text.count
    let codeStart = start + Int(numbers[1])
    guard bytes.count == codeStart + 8 * Int(numbers[2]),
      words(of: bytes[headerSize..<start]) == words(of: key.text[...]),
      let flags = UInt32(exactly: numbers[3]), numbers[4] == sum(bytes[start...], numbers[3])
    else { return nil }
    let code = FilterCode(words(of: bytes[codeStart...]))
    let unknown = String(validating: bytes[start..<codeStart], as: UTF8.self)?.words() ?? []
    return code.isSound ? CompiledFilter(code, flags: FilterFlags(rawValue: flags), unknown: unknown) : nil
  }

  /// A checksum of the names and the instructions; a damaged file fails it.
  static func sum(_ rest: ArraySlice<UInt8>, _ flags: UInt64) -> UInt64 { FilterCache.hash(rest) ^ flags }
}
