/// One instruction of a filter: `struct sock_filter`, in the 64 bits that it takes.
struct FilterInstruction: Equatable {
  let bits: UInt64
  var code: UInt16 { UInt16(truncatingIfNeeded: bits) }
  var ifTrue: Int { Int(bits >> 16 & 0xff) }
  var ifFalse: Int { Int(bits >> 24 & 0xff) }
  var operand: UInt32 { UInt32(truncatingIfNeeded: bits >> 32) }

  init(bits: UInt64) { self.bits = bits }
  init(_ code: UInt16, _ operand: UInt32, ifTrue: Int = 0, ifFalse: Int = 0) {
    bits = UInt64(code) | UInt64(ifTrue) << 16 | UInt64(ifFalse) << 24 | UInt64(operand) << 32
  }

  /// The kernel's numbers of what filters are made of: <linux/bpf_common.h>.
  static let load: UInt16 = 0x20
  static let and: UInt16 = 0x54
  static let jump: UInt16 = 0x05
  static let jumpIfEqual: UInt16 = 0x15
  static let jumpIfMore: UInt16 = 0x25
  static let jumpIfAtLeast: UInt16 = 0x35
  static let jumpIfAnyBit: UInt16 = 0x45
  static let answer: UInt16 = 0x06

  /// Where `struct seccomp_data` has the call's number, and the architecture; the arguments begin at 16.
  static let numberOffset: UInt32 = 0
  static let architectureOffset: UInt32 = 4

  var isConditional: Bool { [Self.jumpIfEqual, Self.jumpIfMore, Self.jumpIfAtLeast, Self.jumpIfAnyBit].contains(code) }

  /// Whether the jump is taken.
  func holds(_ value: UInt32) -> Bool {
    switch code {
    case Self.jumpIfEqual: value == operand
    case Self.jumpIfMore: value > operand
    case Self.jumpIfAtLeast: value >= operand
    default: value & operand != 0
    }
  }
}

/// A compiled filter: seccomp(2).
public struct FilterCode: Sendable, Equatable {
  /// The kernel's instructions, each in the 64 bits that it takes.
  public let instructions: [UInt64]

  /// A filter of those instructions.
  public init(_ instructions: [UInt64]) { self.instructions = instructions }

  subscript(index: Int) -> FilterInstruction { FilterInstruction(bits: instructions[index]) }

  /// The most instructions that the kernel takes, BPF_MAXINSNS, but for those of a mark.
  public static let largest = 4096 - FilterMark.length

  /// Whether the kernel could take it, and every way through it ends: no jump leads out, and no instruction is another
  /// than those that such filters are made of.
  public var isSound: Bool {
    let count = instructions.count
    guard count > 0, count <= Self.largest, self[count - 1].code == FilterInstruction.answer else { return false }
    for index in 0..<count {
      let instruction = self[index]
      let rest = count - index - 1
      switch instruction.code {
      case FilterInstruction.load:
        if instruction.operand > 60 || instruction.operand % 4 != 0 { return false }
      case FilterInstruction.and, FilterInstruction.answer: break
      case FilterInstruction.jump:
        if instruction.operand >= rest { return false }
      case FilterInstruction.jumpIfEqual, FilterInstruction.jumpIfMore, FilterInstruction.jumpIfAtLeast,
        FilterInstruction.jumpIfAnyBit:
        if max(instruction.ifTrue, instruction.ifFalse) >= rest { return false }
      default: return false
      }
    }
    return true
  }

  /// What the filter says to a call, as the kernel would find it.
  ///
  /// - Parameters:
  ///   - number: the call's number, for x32 with bit 30.
  ///   - architecture: the kernel's number of it.
  ///   - arguments: up to six; the others are 0.
  public func answer(to number: UInt32, on architecture: UInt32, _ arguments: [UInt64] = []) -> FilterAction {
    var (index, value) = (0, UInt32(0))
    while instructions.indices.contains(index) {
      let instruction = self[index]
      index += 1
      switch instruction.code {
      case FilterInstruction.load:
        value = Self.word(instruction.operand, number, architecture, arguments)
      case FilterInstruction.and: value &= instruction.operand
      case FilterInstruction.jump: index += Int(instruction.operand)
      case FilterInstruction.answer: return FilterAction(rawValue: instruction.operand)
      default: index += instruction.holds(value) ? instruction.ifTrue : instruction.ifFalse
      }
    }
    return .killProcess
  }

  /// Whether there are arguments with which a call is let through.
  public func mayLetThrough(_ number: UInt32, on architecture: UInt32) -> Bool {
    // Each instruction is looked at once for a word that is known, and once for one that isn't: jumps only lead on.
    var seen = [Bool](repeating: false, count: instructions.count)
    var (places, words) = ([0], [UInt32?.some(0)])
    while var index = places.popLast() {
      var word = words.removeLast()
      following: while instructions.indices.contains(index) {
        if word == nil {
          if seen[index] { break }
          seen[index] = true
        }
        let instruction = self[index]
        index += 1
        switch instruction.code {
        case FilterInstruction.load:
          switch instruction.operand {
          case FilterInstruction.numberOffset: word = number
          case FilterInstruction.architectureOffset: word = architecture
          default: word = nil
          }
        case FilterInstruction.and: word = word.map { $0 & instruction.operand }
        case FilterInstruction.jump: index += Int(instruction.operand)
        case FilterInstruction.answer:
          if FilterAction(rawValue: instruction.operand).isLetThrough { return true }
          break following
        default:
          if let word {
            index += instruction.holds(word) ? instruction.ifTrue : instruction.ifFalse
          } else {
            places.append(index + instruction.ifFalse)
            words.append(nil)
            index += instruction.ifTrue
          }
        }
      }
    }
    return false
  }

  private static func word(
    _ offset: UInt32, _ number: UInt32, _ architecture: UInt32, _ arguments: [UInt64]
  ) -> UInt32 {
    if offset == FilterInstruction.numberOffset { return number }
    if offset == FilterInstruction.architectureOffset { return architecture }
    let argument = Int(offset) / 8 - 2
    guard arguments.indices.contains(argument) else { return 0 }
    return UInt32(truncatingIfNeeded: arguments[argument] >> (offset % 8 == 0 ? 0 : 32))
  }
}
