internal import SystemPackage

/// The calls that littlectr itself makes once a container's filter is installed: its process 1 asks the kernel whether the
/// filter is there, starts the command, tells the parent, forwards signals and collects orphans. A filter that refuses one of
/// them would break the container, so it is refused while planning. SeccompTests hold the lists against what strace sees.
public enum NeededCalls {
  /// A call, with those arguments that filters look at.
  public typealias Call = (name: String, arguments: [UInt64])

  /// The calls of every container.
  public static let all: [Call] = [
    // Reading back.
    ("prctl", [21]), ("openat", []), ("read", []), ("write", []), ("close", []), ("newfstatat", []), ("readlinkat", []),
    ("getdents64", []), ("getppid", []),
    // The command's own process, up to execve: CLONE_VM|CLONE_VFORK|SIGCHLD, TIOCSCTTY.
    ("clone", [0x4111]), ("setpgid", []), ("setsid", []), ("ioctl", [0, 0x540e]), ("dup3", []), ("fchdir", []),
    ("close_range", []), ("rt_sigprocmask", []), ("execve", []), ("exit_group", []),
    // What tells the parent.
    ("sendto", []), ("recvfrom", []), ("faccessat2", []),
    // Process 1 while the command runs: TIOCGPGRP, TIOCSPGRP.
    ("rt_sigtimedwait", []), ("wait4", []), ("kill", []), ("getpid", []), ("ioctl", [0, 0x540f]),
    ("ioctl", [0, 0x5410]),
    // Memory, which Swift's runtime may want at any time.
    ("brk", []), ("mmap", []), ("munmap", []), ("mremap", []), ("madvise", []), ("mprotect", []), ("futex", []),
  ]

  /// What a witness makes beside these: F_GETFD.
  public static let witness: [Call] = [("fcntl", [0, 1])]
  /// What a witness makes who asks whether Landlock rules: SIGCHLD.
  public static let probe: [Call] = [
    ("clone", [17]), ("landlock_create_ruleset", []), ("landlock_restrict_self", []),
  ]

  /// Whether a filter refuses a call of the machine's, whatever its arguments. One that nobody knows isn't.
  ///
  /// - Parameter machine: the machine's name: uname(2).
  public static func isRefused(_ call: String, by code: FilterCode, of machine: String) -> Bool {
    let source = FilterSource([], FilterArchitecture.run(by: machine))
    guard let own = source.architectures.first,
      let found = source.numbers(of: call).first(where: { $0.architecture == own.audit })
    else { return false }
    return !code.mayLetThrough(found.number, on: found.architecture)
  }

  /// The first of some calls that a filter refuses; nil if it lets all through.
  ///
  /// - Parameter mayLack: whether the answer of a kernel that has no such call will do.
  public static func refused(
    _ calls: [Call] = all, by code: FilterCode, of source: FilterSource, mayLack: Bool = false
  ) -> String? {
    guard let own = source.architectures.first else { return nil }
    for call in calls {
      for found in source.numbers(of: call.name) where found.architecture == own.audit {
        let answer = code.answer(to: found.number, on: found.architecture, call.arguments)
        if !answer.isLetThrough, !mayLack || answer.errno != Errno.noFunction.rawValue { return call.name }
        // x32 has the architecture's number too, and comes after it.
        break
      }
    }
    return nil
  }
}
