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
  /// A file can be read that one is to be told of: fcntl(2), F_SETOWN.
  public static let readable = Signal(number: SIGIO)
  /// A program in the terminal's background wanted to read it.
  public static let backgroundRead = Signal(number: SIGTTIN)
  /// A program in the terminal's background wanted to print to it, or to change its modes.
  public static let backgroundWrite = Signal(number: SIGTTOU)

  /// Whether the terminal stops a job with it.
  public var stopsJob: Bool { [SIGTSTP, SIGTTIN, SIGTTOU].contains(number) }
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
  /// What littlectr takes itself, to pass it on: all that a process can take. A program's own mistakes end it all the same.
  public static let all = SignalSet(bits: ~(bit(SIGKILL) | bit(SIGSTOP)))
  /// The end of a child, and what asks littlectr to end.
  public static let endings = SignalSet(bits: [SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT].reduce(0) { $0 | bit($1) })

  private static func bit(_ number: Int32) -> UInt64 { 1 << UInt64(number - 1) }

  /// The set without a signal.
  public func without(_ signal: Signal) -> SignalSet { SignalSet(bits: bits & ~Self.bit(signal.number)) }

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
  /// Whether it was sent by `queue`.
  public let isQueued: Bool
  /// The process that sent it, if one did.
  public let sender: Int32

  fileprivate init(_ found: ck_signal) {
    (signal, isFromProcess, sender) = (Signal(number: found.number), found.code <= 0, found.pid)
    // CLD_EXITED, CLD_KILLED and CLD_DUMPED.
    endedChild = signal == .child && (1...3).contains(found.code) ? found.pid : nil
    // SI_QUEUE.
    isQueued = found.code == -1
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

  /// Whether who started the program has it ignore a signal, as nohup does, and shells for what runs in the background:
  /// sigaction(2). A signal that is blocked comes all the same.
  public static func isIgnored(_ signal: Signal) -> Bool { ck_is_ignored(signal.number) != 0 }

  /// Waits for one of the signals, which must be blocked, and takes it: sigwaitinfo(2).
  public static func waitForSignal(_ signals: SignalSet) throws(Errno) -> ReceivedSignal {
    var found = ck_signal()
    while true {
      let result = unsafe ck_take_signal(signals.bits, &found, 1)
      if result == -Int(EINTR) { continue }
      try answer(result)
      if result == 0 { throw .protocolError }
      return ReceivedSignal(found)
    }
  }

  /// Takes one of the signals, which must be blocked, if one has come already; nil when none has: sigtimedwait(2).
  public static func takeSignal(_ signals: SignalSet) -> ReceivedSignal? {
    var found = ck_signal()
    return unsafe ck_take_signal(signals.bits, &found, 0) > 0 ? ReceivedSignal(found) : nil
  }

  /// Takes a signal, which must be blocked, if it has come already; false when it hasn't: sigtimedwait(2).
  public static func take(_ signal: Signal) -> Bool {
    takeSignal(SignalSet(bits: 1 << UInt64(signal.number - 1))) != nil
  }

  /// Sends a signal so that it can be told from one of kill(2): sigqueue(3).
  public static func queue(_ signal: Signal, to process: Int32) throws(Errno) {
    try answer(ck_queue_signal(process, signal.number))
  }

  /// Has SIGIO sent to the caller when a file can be read: fcntl(2), F_SETOWN, and ioctl(2), FIOASYNC.
  public static func notify(of file: FileDescriptor) throws(Errno) { try answer(ck_notify(file.rawValue)) }

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
