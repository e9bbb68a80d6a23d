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

  /// The character that means the end of what is typed, Ctrl-D mostly: VEOF.
  public var endOfFile: UInt8 {
    var copy = modes
    return UInt8(truncatingIfNeeded: unsafe ck_end_of_file(&copy))
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
  public static func openPeer(_ ptmx: FileDescriptor) throws(Errno) -> FileDescriptor {
    try descriptor(ck_open_peer(ptmx.rawValue, O_RDWR | O_NOCTTY | O_CLOEXEC))
  }

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
