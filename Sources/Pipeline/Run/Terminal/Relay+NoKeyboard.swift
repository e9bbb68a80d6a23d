internal import Kernel
internal import SystemPackage

/// A terminal without a keyboard: who opens it by its name nevertheless, as pagers do, isn't left to wait for keys.
extension Relay {
  /// Whether nobody can type, and the command may wait for it.
  var refusesKeys: Bool { hasStarted && !pty.hasKeyboard && ptmx != nil }

  /// Begins to see to it that who reads finds an end.
  mutating func beginRefusing() {
    guard let ptmx else { return }
    changes = try? Syscall.watch(pty.parentTerminal.descriptor, ptmx)
    putEnd()
  }

  /// Looks, once something was read, printed, or changed.
  mutating func refuse() {
    if let changes, files.isReady(changes) {
      try? Syscall.takeChange(of: changes)
      if !putEnd(), lookAgain == nil { lookOften() }
    }
    guard lookAgain != nil, lookPatience <= 0 else { return }
    lookAgain = nil
    if endReaders() { return }
    looksLeft -= 1
    if looksLeft > 0 {
      lookAgain = ProcessContext.nanoseconds + lookPause
      lookPause *= 2
    } else {
      isUrged = false
    }
  }

  /// A key shall end the command. Who waits for another to end by may take it for something else.
  mutating func urge() {
    guard refusesKeys else { return }
    isUrged = true
    lookOften()
  }

  /// Looks now, and a few times more.
  private mutating func lookOften() { (looksLeft, lookPause, lookAgain) = (6, Self.firstPause / 4, 0) }

  /// Makes programs that read lines find the end at once; false where none are read.
  @discardableResult
  private mutating func putEnd() -> Bool {
    guard let ptmx, let manners = (try? Syscall.modes(of: ptmx))?.manners, manners.readsLines else { return false }
    if typed.isEmpty, manners.endOfFile != 0, !isReadable(pty.parentTerminal.descriptor) {
      typed.put([manners.endOfFile])
    }
    return true
  }

  /// Hangs the terminal up if somebody waits for keys, and unless a key has asked for the end, for nothing else; whether it
  /// was so.
  private mutating func endReaders() -> Bool {
    guard TerminalReaders(pty.parentTerminal.descriptor, job.child)?.areThere(onlyTheirs: !isUrged) == true else {
      return false
    }
    drain(isHurried: true, heedsSignals: false)
    cut()
    return true
  }
}
