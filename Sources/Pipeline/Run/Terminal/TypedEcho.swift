internal import Kernel

/// What the container's terminal is going to print of what was typed ahead, which the caller's has printed already.
struct TypedEcho {
  private var expected: [UInt8] = []
  private var seen = 0

  /// Expects what is typed to be printed, as far as it will be.
  mutating func expect(_ typed: [UInt8], _ manners: TerminalManners) {
    guard manners.echoes else { return }
    for byte in typed {
      switch byte {
      case 0x0a: expected += manners.returnsCarriage ? [0x0d, byte] : [byte]
      case 0..<0x20 where byte != 0x09 && manners.echoesControls: expected += [UInt8(ascii: "^"), byte ^ 0x40]
      case 0x7f where manners.echoesControls: expected += [UInt8(ascii: "^"), UInt8(ascii: "?")]
      default: expected.append(byte)
      }
    }
  }

  /// What is left of what is printed. As soon as something else comes, nothing is expected any more.
  mutating func strip(_ printed: [UInt8]) -> [UInt8] {
    guard !expected.isEmpty else { return printed }
    var index = 0
    while index < printed.count, seen < expected.count, printed[index] == expected[seen] {
      index += 1
      seen += 1
    }
    if index < printed.count || seen == expected.count { (expected, seen) = ([], 0) }
    return Array(printed[index...])
  }
}
