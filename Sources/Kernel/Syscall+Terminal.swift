internal import CKernel
internal import Glibc
public import SystemPackage

/// How a terminal treats what is typed and printed: termios(3).
public struct TerminalModes: Sendable {
  var modes = ck_modes()

  /// The same, but every byte passes as it is: cfmakeraw(3).
  ///
  /// - Parameter sparingOutput: whether what is printed is treated as before, since others print to the terminal too.
  public func raw(sparingOutput: Bool) -> TerminalModes {
    var copy = self
    unsafe ck_make_raw(&copy.modes, sparingOutput ? 1 : 0)
    return copy
  }

  /// The same, but what is typed can be read at once and isn't printed; keys still send signals.
  public var quiet: TerminalModes {
    var copy = self
    unsafe ck_make_quiet(&copy.modes)
    return copy
  }

  /// Whether what passes is treated in the same way.
  public func isLike(_ other: TerminalModes) -> Bool {
    var (own, others) = (modes, other.modes)
    return unsafe ck_are_alike(&own, &others) != 0
  }

  /// What they mean for what passes.
  public var manners: TerminalManners {
    var (copy, found) = (modes, ck_manners())
    unsafe ck_describe_modes(&copy, &found)
    return TerminalManners(found)
  }
}

/// What a terminal does with what is typed and printed, as far as it is looked at: termios(3).
public struct TerminalManners: Sendable {
  /// The character that means the end of what is typed, Ctrl-D mostly: VEOF.
  public let endOfFile: UInt8
  /// Whether Ctrl-C and the like send signals: ISIG.
  public let heedsSignals: Bool
  /// Whether what is unread stays when they do: NOFLSH.
  public let keepsInput: Bool
  /// Whether an end of a line is printed with a carriage return before it: ONLCR.
  public let returnsCarriage: Bool
  /// Whether what is typed comes as whole lines: ICANON.
  public let readsLines: Bool
  /// Whether what is typed is printed: ECHO.
  public let echoes: Bool
  /// Whether that is printed as ^X which is no character: ECHOCTL.
  public let echoesControls: Bool
  private let signals: [(key: UInt8, signal: Signal)]
  private let literal: UInt8

  init(_ found: ck_manners) {
    (endOfFile, literal) = (found.end_of_file, found.literal)
    (heedsSignals, keepsInput) = (found.heeds_signals != 0, found.keeps_input != 0)
    (returnsCarriage, readsLines) = (found.returns_carriage != 0, found.reads_lines != 0)
    (echoes, echoesControls) = (found.echoes != 0, found.echoes_controls != 0)
    signals = [
      (found.signals.0, Signal(number: SIGINT)), (found.signals.1, Signal(number: SIGQUIT)),
      (found.signals.2, .terminalStop),
    ]
  }

  /// The signal that a key sends, after another one: VINTR, VQUIT, VSUSP, but not what VLNEXT has taken as it is.
  public func signal(of key: UInt8, after last: UInt8) -> Signal? {
    guard heedsSignals, key != 0, literal == 0 || last != literal else { return nil }
    for (own, signal) in signals where own == key { return signal }
    return nil
  }
}

/// The size of a terminal: ioctl_tty(2), struct winsize.
public struct TerminalSize: Sendable, Equatable {
  /// Lines.
  public var rows: UInt16
  /// Characters in a line.
  public var columns: UInt16
  /// In pixels; 0 where nobody has said.
  public var width: UInt16
  /// In pixels; 0 where nobody has said.
  public var height: UInt16

  /// A size in characters.
  public init(rows: UInt16, columns: UInt16) { (self.rows, self.columns, width, height) = (rows, columns, 0, 0) }

  init(_ size: ck_size) { (rows, columns, width, height) = (size.rows, size.columns, size.width, size.height) }
}

extension Syscall {
  /// Lets the other side of a new pseudo-terminal be opened: ioctl_tty(2), TIOCSPTLCK.
  public static func unlockTerminal(_ ptmx: FileDescriptor) throws(Errno) {
    try answer(ck_unlock_terminal(ptmx.rawValue))
  }

  /// Opens the other side of a pseudo-terminal, without a path: ioctl_tty(2), TIOCGPTPEER.
  public static func openPeer(_ ptmx: FileDescriptor, reading: Bool) throws(Errno) -> FileDescriptor {
    try descriptor(ck_open_peer(ptmx.rawValue, (reading ? O_RDWR : O_WRONLY) | O_NOCTTY | O_CLOEXEC))
  }

  /// Makes a terminal the controlling one of the caller's session, which the caller leads: ioctl_tty(2), TIOCSCTTY.
  public static func control(_ terminal: FileDescriptor) throws(Errno) {
    try answer(ck_control_terminal(terminal.rawValue))
  }

  /// The process group in a terminal's foreground: ioctl_tty(2), TIOCGPGRP.
  public static func foreground(of terminal: FileDescriptor) throws(Errno) -> Int32 {
    Int32(truncatingIfNeeded: try answer(ck_foreground(terminal.rawValue)))
  }

  /// Puts a process group into the foreground of the caller's terminal: ioctl_tty(2), TIOCSPGRP.
  public static func setForeground(of terminal: FileDescriptor, to group: Int32) throws(Errno) {
    try answer(ck_set_foreground(terminal.rawValue, group))
  }

  /// Whether the caller may read a terminal and change its modes. One that isn't its session's has no foreground.
  public static func isInForeground(of terminal: FileDescriptor) -> Bool {
    let (group, own) = (ck_foreground(terminal.rawValue), ck_process_group())
    return group < 0 ? group != -Int(EIO) : group == own
  }

  /// Discards what was typed at a terminal and isn't read yet: ioctl_tty(2), TCFLSH.
  public static func flushInput(of terminal: FileDescriptor) throws(Errno) {
    try answer(ck_flush_input(terminal.rawValue))
  }

  /// Sends SIGINT, SIGQUIT or SIGTSTP to the foreground of a pseudo-terminal, as a key would: ioctl_tty(2), TIOCSIG.
  public static func signalForeground(of ptmx: FileDescriptor, _ signal: Signal) throws(Errno) {
    try answer(ck_signal_foreground(ptmx.rawValue, signal.number))
  }

  /// How many bytes can be read at once; of a terminal that heeds lines, those of whole lines: ioctl_tty(2), FIONREAD.
  public static func readableCount(of file: FileDescriptor) -> Int { max(0, ck_readable(file.rawValue)) }

  /// Reads how a terminal treats what passes: ioctl_tty(2), TCGETS.
  public static func modes(of terminal: FileDescriptor) throws(Errno) -> TerminalModes {
    var found = TerminalModes()
    try answer(unsafe ck_modes(terminal.rawValue, &found.modes))
    return found
  }

  /// Sets how a terminal treats what passes: ioctl_tty(2), TCSETS. A caller in the background is stopped by SIGTTOU.
  public static func setModes(_ modes: TerminalModes, of terminal: FileDescriptor) throws(Errno) {
    var (copy, result) = (modes.modes, 0)
    repeat { result = unsafe ck_set_modes(terminal.rawValue, &copy) } while result == -Int(EINTR)
    try answer(result)
  }

  /// A file that can be read once a terminal's modes may have been changed by somebody, and, where the other side is
  /// watched too, once something may have been read of it: epoll(7), EPOLLET.
  public static func watch(_ terminal: FileDescriptor, _ ptmx: FileDescriptor?) throws(Errno) -> FileDescriptor {
    try descriptor(ck_watch_terminal(terminal.rawValue, ptmx?.rawValue ?? -1))
  }

  /// Takes what such a file has said.
  public static func takeChange(of watch: FileDescriptor) throws(Errno) { try answer(ck_take_change(watch.rawValue)) }

  /// Reads a terminal's size: ioctl_tty(2), TIOCGWINSZ.
  public static func size(of terminal: FileDescriptor) throws(Errno) -> TerminalSize {
    var size = ck_size()
    try answer(unsafe ck_size(terminal.rawValue, &size))
    return TerminalSize(size)
  }

  /// Sets a terminal's size, which its foreground is told by SIGWINCH: ioctl_tty(2), TIOCSWINSZ.
  public static func setSize(_ size: TerminalSize, of terminal: FileDescriptor) throws(Errno) {
    var size = ck_size(rows: size.rows, columns: size.columns, width: size.width, height: size.height)
    try answer(unsafe ck_set_size(terminal.rawValue, &size))
  }
}
