/// Takes the carriage returns out that the container's terminal puts before the ends of lines, where the caller's
/// terminal puts some there itself.
struct LineEnds {
  /// Whether a carriage return was seen last, which may belong to the end of a line.
  private var isOpen = false

  /// What was kept back.
  mutating func rest() -> [UInt8] {
    defer { isOpen = false }
    return isOpen ? [0x0d] : []
  }

  /// Bytes with "\n" instead of "\r\n". A carriage return at their end is kept back.
  mutating func shorten(_ bytes: [UInt8]) -> [UInt8] {
    if !isOpen, !bytes.contains(0x0d) { return bytes }
    var short: [UInt8] = []
    short.reserveCapacity(bytes.count + 1)
    for byte in bytes {
      if isOpen, byte != 0x0a { short.append(0x0d) }
      isOpen = byte == 0x0d
      if !isOpen { short.append(byte) }
    }
    return short
  }
}
