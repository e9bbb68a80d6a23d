internal import Kernel
internal import Synchronization

/// The permissions that new files don't get, as the caller has it: known once the child has set another.
public final class FileModeMask: Sendable, CustomStringConvertible {
  private let bits = Atomic<UInt32>(0)

  /// One that isn't known yet.
  public init() {}

  fileprivate var value: UInt32 { bits.load(ordering: .relaxed) }
  fileprivate func fill(_ value: UInt32) { bits.store(value, ordering: .relaxed) }

  /// `<umask>`.
  public var description: String { "<umask>" }
}

extension Step {
  /// A mode, as strace prints it.
  public static func octal(_ bits: UInt32) -> String {
    let digits = String(bits, radix: 8)
    return (bits < 0o10 ? "00" : "0") + digits
  }

  /// Sets which permissions new files don't get: umask(2).
  ///
  /// - Parameter old: is filled with what it was before.
  public static func setFileModeMask(_ mask: UInt32, saving old: FileModeMask? = nil) -> Step {
    Step("umask(\(octal(mask)))\(old.map { " = \($0)" } ?? "")") {
      let before = Syscall.setFileModeMask(mask)
      old?.fill(before)
    }
  }

  /// Gives the owner of new files what their mode says, whatever the caller's mask: umask(2).
  ///
  /// - Parameter old: is filled with what it was before.
  public static func keepOwnersBits(saving old: FileModeMask) -> Step {
    Step("umask(077) = \(old)\numask(<umask-of-others>)") {
      let before = Syscall.setFileModeMask(0o077)
      old.fill(before)
      _ = Syscall.setFileModeMask(before & 0o077)
    }
  }

  /// Sets which permissions new files don't get to what they were: umask(2).
  public static func restoreFileModeMask(_ mask: FileModeMask) -> Step {
    Step("umask(\(mask))") { _ = Syscall.setFileModeMask(mask.value) }
  }
}
