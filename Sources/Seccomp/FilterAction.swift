/// What the kernel does with a system call: the SECCOMP_RET_… of seccomp(2).
public struct FilterAction: Sendable, Equatable {
  /// The kernel's number.
  public let rawValue: UInt32
  /// An action by the kernel's number.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// It is made.
  public static let allow = FilterAction(rawValue: 0x7fff_0000)
  /// It is made, and put down in the audit log.
  public static let log = FilterAction(rawValue: 0x7ffc_0000)
  /// The process gets SIGSYS.
  public static let trap = FilterAction(rawValue: 0x0003_0000)
  /// The thread ends, as if by SIGSYS.
  public static let killThread = FilterAction(rawValue: 0)
  /// The process ends, as if by SIGSYS.
  public static let killProcess = FilterAction(rawValue: 0x8000_0000)
  /// The call isn't made, and answers that errno.
  public static func errno(_ number: Int32) -> FilterAction {
    FilterAction(rawValue: 0x0005_0000 | UInt32(truncatingIfNeeded: number) & 0xffff)
  }
  /// Who traces the process is told; where nobody does, the call answers ENOSYS.
  public static func trace(_ message: Int32) -> FilterAction {
    FilterAction(rawValue: 0x7ff0_0000 | UInt32(truncatingIfNeeded: message) & 0xffff)
  }
  /// The program with that index of the same source decides. No filter that holds it goes to the kernel.
  public static func program(_ index: Int) -> FilterAction { trace(Int32(index)) }

  /// The errno that the call answers; nil if it is another action.
  public var errno: Int32? { rawValue >> 16 == 5 ? Int32(rawValue & 0xffff) : nil }
  /// Whether the call is made.
  public var isLetThrough: Bool { self == .allow || self == .log }
}
