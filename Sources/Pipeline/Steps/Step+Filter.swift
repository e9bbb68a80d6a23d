internal import Kernel
internal import SystemPackage

extension Step {
  /// Has the kernel look at each system call from here on: seccomp(2) with SECCOMP_SET_MODE_FILTER.
  ///
  /// - Parameter flags: SECCOMP_FILTER_FLAG_….
  public static func installFilter(_ code: FilterCode, flags: FilterFlags = []) -> Step {
    Step(
      """
      seccomp(SECCOMP_SET_MODE_FILTER, \(flags.text), {len=\(code.instructions.count), filter=<instructions>})
      """
    ) { () throws(Errno) in try Syscall.installFilter(code.instructions, flags: flags.rawValue) }
  }

  /// Asks the kernel whether it looks at system calls: prctl(2) with PR_GET_SECCOMP. That may be for an outer filter's sake:
  /// so the filter itself is asked for an answer that only it gives, where the machine is known. Fails with
  /// `.protocolError` if it isn't as it should be.
  public static func checkFilter(_ mark: FilterMark?) -> Step {
    Step("prctl(PR_GET_SECCOMP) = 2" + (mark.map { "\n" + $0.text } ?? "")) { () throws(Errno) in
      if try Syscall.filterMode() != 2 { throw .protocolError }
      if let mark, !mark.isAnswered { throw .protocolError }
    }.headline("prctl(PR_GET_SECCOMP)")
  }
}
