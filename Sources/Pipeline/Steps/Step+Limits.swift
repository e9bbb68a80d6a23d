internal import Kernel
internal import SystemPackage

extension Step {
  /// Limits what the process, and what it starts, may use of a resource; the largest number is no limit: prlimit(2).
  public static func limit(_ resource: Resource, soft: UInt64, hard: UInt64) -> Step {
    Step(
      """
      prlimit64(0, RLIMIT_\(resource.word.uppercased()), {rlim_cur=\(number(soft)), rlim_max=\(number(hard))}, NULL)
      """
    ) { () throws(Errno) in try Syscall.limit(resource.rawValue, soft: soft, hard: hard) }
  }

  /// Reads the limits of a resource back; fails with `.protocolError` when they are others: prlimit(2).
  public static func checkLimit(_ resource: Resource, soft: UInt64, hard: UInt64) -> Step {
    Step(
      """
      prlimit64(0, RLIMIT_\(resource.word.uppercased()), NULL, {rlim_cur=\(number(soft)), rlim_max=\(number(hard))})
      """
    ) { () throws(Errno) in
      let found = try Syscall.limit(resource.rawValue)
      if found.soft != soft || found.hard != hard { throw .protocolError }
    }
  }

  private static func number(_ limit: UInt64) -> String {
    if limit == .max { return "RLIM64_INFINITY" }
    return limit > 1024 && limit % 1024 == 0 ? "\(limit / 1024)*1024" : String(limit)
  }

  /// Lets others go first, or with a negative number goes before them: setpriority(2).
  public static func setNice(_ level: Int32) -> Step {
    Step("setpriority(PRIO_PROCESS, 0, \(level))") { () throws(Errno) in try Syscall.setNice(level) }
  }

  /// Binds the process, and what it starts, to processors, by their numbers: sched_setaffinity(2).
  public static func bind(toProcessors processors: [Int]) -> Step {
    @Sendable func set() -> String { "[\(processors.map(String.init).joined(separator: " "))]" }
    return Step(
      """
      sched_setaffinity(0, \(Syscall.affinityMask(processors).count * 8), \(set()))
      sched_getaffinity(0, 1024, \(set()))
      """
    ) { () throws(Errno) in try Syscall.bind(to: processors) }
  }
}
