internal import Kernel
internal import SystemPackage

/// A question to which one container's filter has an answer of its own, and no other filter, and not the kernel: unshare(2)
/// with flags that there aren't, and a number that is new each time.
public struct FilterMark: Sendable {
  private let number: UInt32
  private let architecture: FilterArchitecture
  /// How many instructions it takes.
  static let length = 9
  private static let answer = Errno.notUnique
  /// Bits of no flag: with them the kernel only answers EINVAL.
  private static let flags: UInt32 = 0x6c

  /// A new one; nil for a machine that isn't known.
  public init?(machine: String) {
    guard let own = FilterArchitecture.run(by: machine).first, own.unshare != nil else { return nil }
    architecture = own
    // A clock's lower half, mixed: an outer littlectr's has another.
    number = UInt32(truncatingIfNeeded: (ProcessContext.nanoseconds &* 0x9e37_79b9_7f4a_7c15) >> 16)
  }

  /// The call as strace prints it.
  package var text: String { "unshare(<mark>) = -1 \(Self.answer.name)" }

  /// Asks.
  package var isAnswered: Bool {
    do throws(Errno) { try Syscall.unshare(UInt64(number) << 32 | UInt64(Self.flags)) } catch {
      return error == Self.answer
    }
    return false
  }

  /// A filter that answers it, and else says what it said before.
  public func put(on code: FilterCode) -> FilterCode {
    typealias One = FilterInstruction
    let rest = Self.length
    let instructions = [
      One(One.load, One.architectureOffset), One(One.jumpIfEqual, architecture.audit, ifFalse: rest - 2),
      One(One.load, One.numberOffset), One(One.jumpIfEqual, architecture.unshare ?? 0, ifFalse: rest - 4),
      One(One.load, 16), One(One.jumpIfEqual, Self.flags, ifFalse: rest - 6),
      One(One.load, 20), One(One.jumpIfEqual, number, ifFalse: rest - 8),
      One(One.answer, FilterAction.errno(Self.answer.rawValue).rawValue),
    ]
    return FilterCode(instructions.map(\.bits) + code.instructions)
  }
}

extension Errno {
  /// ENOTUNIQ.
  fileprivate static let notUnique = Errno(rawValue: 76)
}
