internal import Pipeline

/// How much memory a file system may take.
struct MemorySize: OptionValue, Hashable {
  let count: ByteCount

  var bytes: Int { count.bytes }

  init(bytes: Int) { count = ByteCount(bytes: bytes) }

  /// The smallest page of memory: with less there would be room for nothing, and 0 would mean no limit.
  private static let least = 4096

  static let syntax = ByteCount.syntax
  static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> MemorySize {
    let count = try ByteCount.parse(text, context)
    if count.bytes < least {
      let isBare = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
      throw ValueError(
        expected: isBare && count.bytes > 0
          ? "a size of 4K or more, and without a unit it is bytes: write \(count.bytes)M" : "a size of 4K or more")
    }
    return MemorySize(bytes: count.bytes)
  }
  var optionText: String { count.optionText }
}
