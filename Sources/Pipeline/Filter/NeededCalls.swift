/// The calls that littlectr itself makes once a container's filter is installed: its process 1 asks the kernel whether the
/// filter is there, starts the command, tells the parent, forwards signals and collects orphans. A filter that refuses one of
/// them would break the container, so it is refused while planning. TraceTests hold the list against what strace sees.
public enum NeededCalls {
  /// The calls, with those arguments that filters look at.
  public static let all: [(name: String, arguments: [UInt64])] = [
    // Reading back, and what the stages below may read back.
    ("prctl", [21]), ("openat", []), ("read", []), ("write", []), ("close", []), ("newfstatat", []), ("readlinkat", []),
    ("getdents64", []), ("getppid", []),
    // The command's own process, up to execve: CLONE_VM|CLONE_VFORK|SIGCHLD, TIOCSCTTY.
    ("clone", [0x4111]), ("setpgid", []), ("setsid", []), ("ioctl", [0, 0x540e]), ("dup3", []), ("fchdir", []),
    ("rt_sigprocmask", []), ("execve", []), ("exit_group", []),
    // What tells the parent.
    ("sendto", []), ("recvfrom", []), ("faccessat2", []),
    // Process 1 while the command runs.
    ("close_range", []), ("rt_sigtimedwait", []), ("wait4", []), ("kill", []), ("getpid", []),
    // Memory, which Swift's runtime may want at any time.
    ("brk", []), ("mmap", []), ("munmap", []), ("mremap", []), ("madvise", []), ("mprotect", []), ("futex", []),
  ]

  /// The first of them that a filter refuses; nil if it lets all through.
  public static func refused(by code: FilterCode, of source: FilterSource) -> String? {
    guard let own = source.architectures.first else { return nil }
    for call in all {
      for found in source.numbers(of: call.name) where found.architecture == own.audit {
        // x32 has the architecture's number too, and comes after it.
        if !code.answer(to: found.number, on: found.architecture, call.arguments).isLetThrough { return call.name }
        break
      }
    }
    return nil
  }
}
