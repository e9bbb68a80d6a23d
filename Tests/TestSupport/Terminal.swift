import Glibc

/// A pseudo-terminal, at whose keyboard a test sits: pty(7).
package final class Terminal {
  /// The path of the side that programs use.
  package let path: String
  private var keyboard: Int32
  private var seen: [UInt8] = []

  package init() throws {
    keyboard = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
    guard keyboard >= 0 else { throw Trouble("open /dev/ptmx: errno \(errno)") }
    var (number, unlocked): (Int32, Int32) = (0, 0)
    // TIOCSPTLCK and TIOCGPTN of ioctl_tty(2).
    guard ioctl(keyboard, 0x4004_5431, &unlocked) == 0, ioctl(keyboard, 0x8004_5430, &number) == 0 else {
      throw Trouble("the terminal can't be unlocked: errno \(errno)")
    }
    path = "/dev/pts/\(number)"
    try resize(rows: 24, columns: 80)
  }

  deinit { hangUp() }

  /// Takes the terminal away from those who sit at it.
  package func hangUp() {
    if keyboard >= 0 { close(keyboard) }
    keyboard = -1
  }

  /// A descriptor of the side that programs use, which isn't to be the test's own terminal.
  package func opened() throws -> Int32 {
    let side = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard side >= 0 else { throw Trouble("open \(path): errno \(errno)") }
    return side
  }

  /// Makes it a user's, as a login does.
  package func give(to identity: Identity) throws {
    let ids = try identity.existing()
    guard chown(path, ids.user, gid_t.max) == 0 else { throw Trouble("chown \(path): errno \(errno)") }
  }

  /// What has been printed so far, as it came.
  package var bytes: [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(keyboard, &buffer, buffer.count)
      if count <= 0 { break }
      seen += buffer[..<count]
    }
    return seen
  }

  /// What has been printed so far, with "\n" at the ends of lines.
  package var output: String { String(decoding: bytes.filter { $0 != 0x0d }, as: UTF8.self) }

  /// How it treats what is typed and printed, in the words of stty -g.
  package var modes: String {
    var modes = termios()
    guard tcgetattr(keyboard, &modes) == 0 else { return "errno \(errno)" }
    let characters = withUnsafeBytes(of: modes.c_cc) { $0.map { String($0, radix: 16) } }
    return ([modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag].map { String($0, radix: 16) } + characters)
      .joined(separator: ":")
  }

  /// Whether every byte passes as it is.
  package var isRaw: Bool {
    var modes = termios()
    return tcgetattr(keyboard, &modes) == 0 && modes.c_lflag & tcflag_t(ICANON | ECHO | ISIG) == 0
  }

  /// Types more than the terminal takes at once, and takes what is printed meanwhile.
  package func paste(_ text: [UInt8]) throws {
    var rest = text[...]
    try eventually("the terminal takes \(rest.count) more bytes") {
      let count = rest.withUnsafeBytes { write(keyboard, $0.baseAddress, $0.count) }
      rest = rest.dropFirst(max(count, 0))
      _ = bytes
      return rest.isEmpty
    }
  }

  package func type(_ text: String) throws {
    let bytes = Array(text.utf8)
    guard write(keyboard, bytes, bytes.count) == bytes.count else { throw Trouble("typing: errno \(errno)") }
  }

  package func waitFor(_ text: String) throws {
    try eventually("“\(text)” on the terminal: “\(output)”") { output.contains(text) }
  }

  /// Changes the size, which the programs in the foreground are told by SIGWINCH.
  package func resize(rows: UInt16, columns: UInt16) throws {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    guard ioctl(keyboard, UInt(TIOCSWINSZ), &size) == 0 else { throw Trouble("TIOCSWINSZ: errno \(errno)") }
  }
}
