import Glibc

/// A pseudo-terminal, at whose keyboard a test sits: pty(7).
final class Terminal {
  /// The path of the side that programs use.
  let path: String
  private let keyboard: Int32
  private var seen: [UInt8] = []

  init() throws {
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

  deinit { close(keyboard) }

  /// What has been printed so far, with "\n" at the ends of lines.
  var output: String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(keyboard, &buffer, buffer.count)
      if count <= 0 { break }
      seen += buffer[..<count]
    }
    return String(decoding: seen.filter { $0 != 0x0d }, as: UTF8.self)
  }

  func type(_ text: String) throws {
    let bytes = Array(text.utf8)
    guard write(keyboard, bytes, bytes.count) == bytes.count else { throw Trouble("typing: errno \(errno)") }
  }

  func waitFor(_ text: String) throws {
    try eventually("“\(text)” on the terminal: “\(output)”") { output.contains(text) }
  }

  /// Changes the size, which the programs in the foreground are told by SIGWINCH.
  func resize(rows: UInt16, columns: UInt16) throws {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    guard ioctl(keyboard, UInt(TIOCSWINSZ), &size) == 0 else { throw Trouble("TIOCSWINSZ: errno \(errno)") }
  }
}
