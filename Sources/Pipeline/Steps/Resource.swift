/// What a process may be limited in: the RLIMIT numbers of prlimit(2).
public enum Resource: Int32, Sendable, CaseIterable {
  /// Processor time, in seconds.
  case cpu = 0
  /// The size of a file, in bytes.
  case fsize
  /// The size of data in memory, in bytes.
  case data
  /// The size of the stack, in bytes.
  case stack
  /// The size of a core dump, in bytes.
  case core
  /// Memory that isn't swapped, in bytes; Linux ignores it.
  case rss
  /// The number of the user's processes and threads.
  case nproc
  /// The number that a descriptor stays below.
  case nofile
  /// Memory that is locked, in bytes.
  case memlock
  /// The address space, in bytes.
  case `as`
  /// The number of locks on files; Linux ignores it.
  case locks
  /// The number of signals that wait.
  case sigpending
  /// The size of POSIX message queues, in bytes.
  case msgqueue
  /// How far the nice value may be lowered: to 20 minus this.
  case nice
  /// The highest priority in real time.
  case rtprio
  /// Processor time in real time without a pause, in microseconds.
  case rttime

  /// The word for it in a configuration.
  public var word: String {
    switch self {
    case .cpu: "cpu"
    case .fsize: "fsize"
    case .data: "data"
    case .stack: "stack"
    case .core: "core"
    case .rss: "rss"
    case .nproc: "nproc"
    case .nofile: "nofile"
    case .memlock: "memlock"
    case .as: "as"
    case .locks: "locks"
    case .sigpending: "sigpending"
    case .msgqueue: "msgqueue"
    case .nice: "nice"
    case .rtprio: "rtprio"
    case .rttime: "rttime"
    }
  }

  /// The name of its line in /proc/self/limits.
  public var title: String {
    switch self {
    case .cpu: "Max cpu time"
    case .fsize: "Max file size"
    case .data: "Max data size"
    case .stack: "Max stack size"
    case .core: "Max core file size"
    case .rss: "Max resident set"
    case .nproc: "Max processes"
    case .nofile: "Max open files"
    case .memlock: "Max locked memory"
    case .as: "Max address space"
    case .locks: "Max file locks"
    case .sigpending: "Max pending signals"
    case .msgqueue: "Max msgqueue size"
    case .nice: "Max nice priority"
    case .rtprio: "Max realtime priority"
    case .rttime: "Max realtime timeout"
    }
  }
}
