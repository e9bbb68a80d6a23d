internal import CKernel
internal import Glibc
public import SystemPackage

/// A signal: signal(7).
public struct Signal: Sendable, Hashable {
  /// The number on this architecture.
  public let number: Int32
  /// A signal by its number.
  public init(number: Int32) { self.number = number }

  /// A child has ended or stopped.
  public static let child = Signal(number: SIGCHLD)
  /// The terminal is gone.
  public static let hangup = Signal(number: SIGHUP)
  /// Nobody reads what was written.
  public static let brokenPipe = Signal(number: SIGPIPE)
  /// The terminal has another size.
  public static let windowChange = Signal(number: SIGWINCH)
  /// Go on after a stop.
  public static let `continue` = Signal(number: SIGCONT)
  /// Stop, and can't be refused.
  public static let stop = Signal(number: SIGSTOP)
  /// The terminal's stop key.
  public static let terminalStop = Signal(number: SIGTSTP)
  /// End, and can't be refused.
  public static let kill = Signal(number: SIGKILL)
  /// Ignored unless somebody waits for it: littlectr is told by it of its parent's end.
  public static let urgent = Signal(number: SIGURG)
  /// The signals that a container's command gets when littlectr gets them.
  public static let forwarded = [SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH, SIGTSTP, SIGCONT]
    .map(Signal.init(number:))

  /// Whether it asks a process to end.
  public var isRequestToEnd: Bool { [SIGTERM, SIGINT, SIGHUP, SIGQUIT].contains(number) }

  /// The symbolic name, `SIGTERM` for instance.
  public var name: String {
    guard let name = unsafe ck_signal_name(number) else { return "signal \(number)" }
    return unsafe "SIG" + String(cString: name)
  }
}

/// A set of signals, as the kernel has it: bit N-1 is signal N.
public struct SignalSet: Sendable {
  /// The kernel's bits.
  public var bits: UInt64
  /// An empty set, or one from the kernel's bits.
  public init(bits: UInt64 = 0) { self.bits = bits }
  /// What littlectr waits for while a command runs: the forwarded signals, the end of the child, and that of the parent.
  public static let watched = SignalSet(
    bits: (Signal.forwarded + [.child, .urgent]).reduce(0) { $0 | 1 << UInt64($1.number - 1) })
  /// What littlectr takes itself while its terminal is raw: all but what can't be taken, what a program's own mistakes
  /// raise, and what stops a job that isn't in the foreground.
  public static let relayed = SignalSet(
    bits: [SIGKILL, SIGSTOP, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS, SIGTTIN, SIGTTOU]
      .reduce(UInt64.max) { $0 & ~(1 << UInt64($1 - 1)) })

  /// Whether a signal is in it.
  public func contains(_ signal: Signal) -> Bool { bits & 1 << UInt64(signal.number - 1) != 0 }
}

/// A signal that has come.
public struct ReceivedSignal: Sendable {
  /// Which one.
  public let signal: Signal
  /// Whether a process sent it with kill(2) or the like. The terminal's own, which the kernel sends to every process
  /// of the foreground group, are not.
  public let isFromProcess: Bool
  /// The child that it says has ended; nil if it is about something else.
  public let endedChild: Int32?

  fileprivate init(_ found: ck_signal) {
    (signal, isFromProcess) = (Signal(number: found.number), found.code <= 0)
    // CLD_EXITED, CLD_KILLED and CLD_DUMPED.
    endedChild = signal == .child && (1...3).contains(found.code) ? found.pid : nil
  }
}

extension Syscall {
  /// Blocks signals, so that they wait to be taken, and returns what was blocked before: sigprocmask(2).
  public static func block(_ signals: SignalSet) throws(Errno) -> SignalSet {
    // SIGKILL is never blocked: where nothing has been filled in, an outer filter has answered for the kernel.
    var previous = UInt64.max
    try answer(unsafe ck_block_signals(signals.bits, &previous))
    if previous == .max { throw .protocolError }
    return SignalSet(bits: previous)
  }

  /// Blocks exactly these signals: sigprocmask(2).
  public static func setBlocked(_ signals: SignalSet) throws(Errno) { try answer(ck_set_signal_mask(signals.bits)) }

  /// Undoes an inherited "ignore" for a signal: sigaction(2).
  public static func resetAction(of signal: Signal) throws(Errno) { try answer(ck_default_signal(signal.number)) }

  /// Waits for one of the signals, which must be blocked, and takes it: sigwaitinfo(2).
  public static func waitForSignal(_ signals: SignalSet) throws(Errno) -> ReceivedSignal {
    var found = ck_signal()
    while true {
      let result = unsafe ck_wait_signal(signals.bits, &found)
      if result == -Int(EINTR) { continue }
      try answer(result)
      if result == 0 { throw .protocolError }
      return ReceivedSignal(found)
    }
  }

  /// Makes a descriptor that can be read when one of the signals, which must be blocked, has come: signalfd(2).
  public static func openSignals(_ signals: SignalSet) throws(Errno) -> FileDescriptor {
    try descriptor(ck_signalfd(signals.bits))
  }

  /// Takes a signal from such a descriptor; nil when none has come.
  public static func readSignal(_ file: FileDescriptor) -> ReceivedSignal? {
    var found = ck_signal()
    guard unsafe ck_read_signal(file.rawValue, &found) > 0 else { return nil }
    return ReceivedSignal(found)
  }
}
