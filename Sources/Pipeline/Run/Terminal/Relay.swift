internal import Kernel
internal import SystemPackage

/// Passes bytes between the container's terminal and what littlectr has as standard input and output, and takes signals
/// meanwhile. No call waits but poll(2), whatever either side does or doesn't read.
///
/// What is typed is read only once the command has asked for it, and while littlectr is in the foreground.
struct Relay {
  let pty: PseudoTerminal
  let job: Job
  private let signals: FileDescriptor
  /// Where what is typed comes from; nil when it has ended, or when there is no keyboard.
  var input: FileDescriptor?
  /// What tells that the modes of the container's terminal may have been changed, and what they were before.
  var changes: FileDescriptor?
  var firstModes: TerminalModes?
  /// Where the caller's terminal answers.
  let answers: FileDescriptor?
  /// Whether keys are read only to take answers out.
  var isListening = false
  /// When to look again whether somebody waits for what is typed; nil while nothing is.
  var lookAgain: UInt64?
  var lookPause = Relay.firstPause
  /// How often it is still looked whether somebody waits where nothing can be typed.
  var looksLeft = 0
  /// Whether that was asked for by a key.
  var isUrged = false
  /// What of the typed was printed already.
  var echo = TypedEcho()
  private let output: FileDescriptor
  /// How much may be written at once without having to wait.
  private let outputLimit: Int
  private let reopened: [FileDescriptor]
  /// Whether what is printed goes to the caller's terminal.
  let showsOnOuter: Bool
  var typed = PendingBytes()
  var lastTyped: UInt8 = 0x0a
  private var printed = PendingBytes()
  private var lines = LineEnds()
  var files = PollSet()
  /// Whether the command has been started.
  var hasStarted = false
  /// Whether the command has asked for keys.
  var isAsked = false
  /// Whether it has ever done so.
  var hasAsked = false
  /// Whether the container was put into the background, so that the command has to ask once more.
  var isBehind = false
  /// What the caller's terminal was asked by what was printed.
  var questions = TerminalQuestions()
  /// Whether nobody sees any more what is printed: the caller's terminal is gone, or who read standard output.
  private(set) var isCut = false

  init(_ pty: PseudoTerminal, _ job: Job) throws(Errno) {
    (self.pty, self.job) = (pty, job)
    signals = try Syscall.openSignals(.all)
    firstModes = pty.outer?.firstModes
    // A terminal's open file is shared with the shell, so it can't be told not to wait. One opened anew can.
    func open(_ number: Int32, _ flags: OpenFlags) -> FileDescriptor? {
      guard ProcessContext.isTerminal(FileDescriptor(rawValue: number)) else { return nil }
      return try? Syscall.open(FilePath("/proc/self/fd/\(number)"), [flags, .notControlling, .nonBlocking])
    }
    let keyboard = pty.outer.flatMap { open($0.descriptor, .read) }
    let screen = open(pty.output, .write)
    reopened = [keyboard, screen].compactMap(\.self)
    answers = keyboard ?? pty.outer?.file
    input = !pty.hasKeyboard ? nil : pty.outer?.hasKeyboard == true ? answers : .standardInput
    showsOnOuter = pty.outer != nil && ProcessContext.isTerminal(FileDescriptor(rawValue: pty.output))
    output = screen ?? FileDescriptor(rawValue: pty.output)
    // A terminal that may not be opened anew takes at least some, a pipe that can be written at least 4096 bytes.
    outputLimit = screen != nil ? .max : ProcessContext.isTerminal(output) ? 512 : 4096
  }

  /// Ends: the caller's terminal is as it was before.
  func close() {
    pty.outer?.release()
    for file in reopened + [signals] + [changes].compactMap(\.self) { try? Syscall.close(file) }
    closeTerminal()
  }

  private func closeTerminal() {
    for side in [pty.parentPtmx, pty.parentTerminal] where side.descriptor.rawValue >= 0 {
      try? Syscall.close(side.descriptor)
      side.empty()
    }
  }

  /// The container's terminal, once the child has given it.
  var ptmx: FileDescriptor? {
    pty.parentPtmx.descriptor.rawValue >= 0 && !isCut ? pty.parentPtmx.descriptor : nil
  }

  /// Waits until something can be passed, a signal has come, or a socket can be read.
  mutating func wait(socket: FileDescriptor?) throws(Errno) {
    files.removeAll()
    files.add(signals, reading: true)
    if let socket { files.add(socket, reading: true) }
    if let ptmx {
      addKeyboard(ptmx)
      if refusesKeys, let changes { files.add(changes, reading: true) }
      files.add(ptmx, reading: printed.isEmpty, writing: !typed.isEmpty)
      if !printed.isEmpty { files.add(output, writing: true) }
    }
    _ = try files.wait(milliseconds: patience)
  }

  /// Whether that file was found ready by the last wait.
  func isReady(_ file: FileDescriptor) -> Bool { files.isReady(file) }

  /// The next signal; nil when there is none.
  func takeSignal() -> ReceivedSignal? { Syscall.readSignal(signals) }

  /// Passes on what there is.
  mutating func pass() {
    guard let ptmx else { return }
    attend()
    // What was there to be read may have been taken since; a terminal that couldn't be opened anew would wait for more.
    if let input, isReading, files.isReady(input), isReadable(input) { type(from: input, at: ptmx) }
    if !typed.isEmpty { try? typed.write(to: ptmx) }
    if printed.isEmpty, files.isReady(ptmx), take(from: ptmx) > 0, isWatching, pty.startsInFront {
      // Who turns the echo off and then asks for a password has done so before the question is seen.
      heedModes()
    }
    show()
  }

  /// Takes what the container prints; how much. What asks the caller's terminal something has its keys read, since it answers
  /// as if it were typed.
  private mutating func take(from ptmx: FileDescriptor) -> Int {
    guard let read = try? Syscall.readOnce(ptmx, limit: 16 << 10), !read.isEmpty else {
      // An end of a line isn't cut in two, since nothing more comes.
      printed.put(lines.rest())
      return 0
    }
    let bytes = echo.strip(read)
    if showsOnOuter, let outer = pty.outer {
      if questions.look(at: bytes), outer.taken == nil { listen() }
      printed.put(outer.returnsCarriage ? lines.shorten(bytes) : lines.rest() + bytes)
    } else {
      printed.put(bytes)
    }
    return read.count
  }

  mutating func show() {
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

  /// Prints what is left when the container has ended, which others that still have its terminal can't make endless, and
  /// takes what the caller's terminal answers to it.
  ///
  /// - Parameter isHurried: whether it is to stop when nothing could be printed for a second.
  mutating func finish(isHurried: Bool) {
    drain(isHurried: isHurried, heedsSignals: true)
    swallowAnswers(signals)
  }

  /// Prints what there is, at most as much as a terminal holds.
  mutating func drain(isHurried: Bool, heedsSignals: Bool) {
    var rest = 256 << 10
    while let ptmx {
      if printed.isEmpty {
        let count = rest > 0 ? take(from: ptmx) : 0
        guard count > 0 || !printed.isEmpty else { return }
        rest -= count
      }
      files.removeAll()
      files.add(output, writing: true)
      if heedsSignals { files.add(signals, reading: true) }
      guard let isReady = try? files.wait(milliseconds: isHurried ? 1000 : nil), isReady else { return }
      if heedsSignals { while let received = takeSignal() { if received.signal.isRequestToEnd { return } } }
      if files.isReady(output) { show() }
    }
  }
}
