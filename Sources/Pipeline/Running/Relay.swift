internal import Kernel
internal import SystemPackage

/// Passes bytes between the container's terminal and what littlectr has as standard input and output, and takes signals
/// meanwhile. No call waits but poll(2), whatever either side does or doesn't read.
struct Relay {
  let pty: PseudoTerminal
  private let signals: FileDescriptor
  /// Where what is typed comes from; nil when it has ended.
  private var input: FileDescriptor?
  private let output: FileDescriptor
  /// How much may be written at once without having to wait.
  private let outputLimit: Int
  private let reopened: [FileDescriptor]
  private var typed = PendingBytes(capacity: 16 << 10)
  private var lastTyped: UInt8 = 0x0a
  private var printed = PendingBytes(capacity: 16 << 10)
  private var files = PollSet()
  /// Whether nobody sees any more what is printed: the caller's terminal is gone, or who read standard output.
  private(set) var isCut = false

  init(_ pty: PseudoTerminal) throws(Errno) {
    self.pty = pty
    signals = try Syscall.openSignals(.relayed)
    // A terminal's open file is shared with the shell, so it can't be told not to wait. One opened anew can.
    func open(_ number: Int32, _ flags: OpenFlags) -> FileDescriptor? {
      guard ProcessContext.isTerminal(FileDescriptor(rawValue: number)) else { return nil }
      return try? Syscall.open(FilePath("/proc/self/fd/\(number)"), [flags, .notControlling, .nonBlocking])
    }
    let (keyboard, screen) = (pty.replaced.contains(0) ? open(0, .read) : nil, open(pty.output, .write))
    reopened = [keyboard, screen].compactMap(\.self)
    input = pty.replaced.contains(0) ? keyboard ?? .standardInput : nil
    output = screen ?? FileDescriptor(rawValue: pty.output)
    // A terminal that may not be opened anew takes at least some, a pipe that can be written at least 4096 bytes.
    outputLimit = screen != nil ? .max : ProcessContext.isTerminal(output) ? 512 : 4096
  }

  func close() {
    for file in reopened + [signals] { try? Syscall.close(file) }
    closeTerminal()
  }

  private func closeTerminal() {
    for side in [pty.parentPtmx, pty.parentTerminal] where side.descriptor.rawValue >= 0 {
      try? Syscall.close(side.descriptor)
      side.empty()
    }
  }

  /// The container's terminal, once the child has given it.
  private var ptmx: FileDescriptor? {
    pty.parentPtmx.descriptor.rawValue >= 0 && !isCut ? pty.parentPtmx.descriptor : nil
  }

  /// Waits until something can be passed, a signal has come, or a socket can be read.
  mutating func wait(socket: FileDescriptor?) throws(Errno) {
    files.removeAll()
    files.add(signals, reading: true)
    if let socket { files.add(socket, reading: true) }
    if let ptmx {
      if let input, typed.isEmpty { files.add(input, reading: true) }
      files.add(ptmx, reading: printed.isEmpty, writing: !typed.isEmpty)
      if !printed.isEmpty { files.add(output, writing: true) }
    }
    _ = try files.wait()
  }

  /// Whether that file was found ready by the last wait.
  func isReady(_ file: FileDescriptor) -> Bool { files.isReady(file) }

  /// The next signal; nil when there is none.
  func takeSignal() -> ReceivedSignal? { Syscall.readSignal(signals) }

  /// Passes on what there is.
  mutating func pass() {
    guard let ptmx else { return }
    if let input, typed.isEmpty, files.isReady(input) { type(from: input, at: ptmx) }
    if !typed.isEmpty { try? typed.write(to: ptmx) }
    if printed.isEmpty, files.isReady(ptmx) { _ = try? printed.read(from: ptmx) }
    show()
  }

  private mutating func type(from input: FileDescriptor, at ptmx: FileDescriptor) {
    do throws(Errno) {
      if try typed.read(from: input) > 0 {
        lastTyped = typed.last ?? 0
        return
      }
    } catch {
      if error == .wouldBlock || error == .interrupted { return }
    }
    self.input = nil
    // A terminal ends when it is hung up; anything else has an end, which is typed. In the middle of a line that takes two.
    if pty.outer?.hasKeyboard == true { return cut() }
    guard let end = try? Syscall.modes(of: ptmx).endOfFile else { return }
    typed.put(lastTyped == 0x0a ? [end] : [end, end])
  }

  private mutating func show() {
    guard !printed.isEmpty else { return }
    do throws(Errno) { try printed.write(to: output, limit: outputLimit) } catch {
      if error != .wouldBlock && error != .interrupted { cut() }
    }
  }

  /// Hangs the container's terminal up: its session is told by SIGHUP, and reads the end of what is typed.
  mutating func cut() {
    isCut = true
    closeTerminal()
  }

  /// Gives the container's terminal the size of the caller's.
  func resize() {
    guard let ptmx, let outer = pty.outer, let size = try? Syscall.size(of: outer.file) else { return }
    try? Syscall.setSize(size, of: ptmx)
  }

  /// Prints what is left when the container has ended, which others that still have its terminal can't make endless.
  ///
  /// - Parameter isHurried: whether it is to stop when nothing could be printed for a second.
  mutating func finish(isHurried: Bool) {
    // More than a terminal holds.
    var rest = 256 << 10
    while let ptmx {
      if printed.isEmpty {
        guard rest > 0, let count = try? printed.read(from: ptmx), count > 0 else { return }
        rest -= count
      }
      files.removeAll()
      files.add(output, writing: true)
      files.add(signals, reading: true)
      guard let isReady = try? files.wait(milliseconds: isHurried ? 1000 : nil), isReady else { return }
      while let received = takeSignal() { if received.signal.isRequestToEnd { return } }
      if files.isReady(output) { show() }
    }
  }
}
