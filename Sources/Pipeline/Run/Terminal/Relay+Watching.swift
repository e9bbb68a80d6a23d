internal import Kernel
internal import SystemPackage

/// A command that hasn't asked for keys yet: it asks by changing its terminal's modes, or by waiting for what is typed.
extension Relay {
  /// Whether what is typed waits for a command that hasn't asked for it.
  var isWatching: Bool {
    job.hasReaper && pty.outer?.hasKeyboard == true && !isAsked && !isBehind && !isListening
  }

  /// Begins to watch a command that has been started, in the foreground or in the background.
  mutating func beginWatch() {
    guard let ptmx else { return }
    changes = try? Syscall.watch(pty.parentTerminal.descriptor, nil)
    if firstModes == nil { firstModes = try? Syscall.modes(of: ptmx) }
    if pty.outer?.isInForeground == true, pty.startsInFront { return heedModes() }
    isBehind = true
    if pty.outer?.isInForeground != true { Request.background.send(to: job.socket) }
  }

  /// Takes a change of its terminal's modes for the command's wish for keys: who makes one before it reads has asked.
  mutating func heedModes() {
    guard let ptmx, let firstModes, let now = try? Syscall.modes(of: ptmx), !now.isLike(firstModes) else { return }
    ask()
  }

  /// Looks whether the command asks.
  mutating func watch() {
    if let changes, files.isReady(changes) {
      try? Syscall.takeChange(of: changes)
      heedModes()
    }
    if isWatching { lookForReaders() }
  }

  /// Looks, where something has been typed, whether somebody waits for it who isn't stopped for it; and lets no more of it
  /// wait than that the key of a signal still gets through.
  private mutating func lookForReaders() {
    guard let input, lookAgain != nil || files.isReady(input), lookPatience <= 0 else { return }
    lookAgain = nil
    guard isReadable(input) else { return lookPause = Self.firstPause }
    if pty.outer?.isGone == true { return cut() }
    if pty.outer?.isInForeground == true,
      Syscall.readableCount(of: input) > 1024
        || TerminalReaders(pty.parentTerminal.descriptor, job.child)?.areThere() == true
    {
      ask()
      return
    }
    lookAgain = ProcessContext.nanoseconds + lookPause
    lookPause = min(lookPause * 2, 400_000_000)
  }

  static let firstPause: UInt64 = 100_000_000

  /// How many milliseconds to wait before it is looked again.
  var lookPatience: Int32 {
    let now = ProcessContext.nanoseconds
    // Somebody may set the clock.
    guard let lookAgain, now < lookAgain, lookAgain - now < 2_000_000_000 else { return 0 }
    return Int32((lookAgain - now) / 1_000_000) + 1
  }
}
