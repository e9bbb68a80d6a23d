/// Random numbers that are the same in each run: SplitMix64.
public struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  /// Begins a sequence of its own for each seed.
  public init(seed: UInt64) { state = seed }

  /// The next number.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// Some bytes of any value.
  public mutating func bytes(_ count: Range<Int>) -> [UInt8] {
    let count = Int.random(in: count, using: &self)
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &self) }
  }
}
