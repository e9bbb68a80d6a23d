internal import Kernel
internal import SystemPackage

/// What the caller's terminal answers to what the container has printed: it comes as if it were typed.
extension Relay {
  /// Has answers of the caller's terminal read, which would else come to its shell.
  mutating func listen() {
    guard let outer = pty.outer, answers != nil, outer.isInForeground else { return }
    if pty.hasKeyboard, outer.hasKeyboard {
      // Who asks wants to read the answer.
      ask()
    } else if questions.areWorthwhile, (try? outer.take(for: .answers)) != nil {
      isListening = true
    }
  }

  /// Reads answers, of which the command knows nothing. Once all have come, or long after, the terminal is left alone.
  mutating func swallow() {
    while let answers, questions.isOpen, isReadable(answers), let bytes = try? Syscall.readOnce(answers, limit: 4096) {
      if bytes.isEmpty { break }
      questions.answer(bytes)
    }
    if questions.isOpen { return }
    questions.close()
    pty.outer?.release()
    isListening = false
  }

  /// At the end: waits for the answers that are still to come. Keys send signals again meanwhile.
  mutating func swallowAnswers(_ signals: FileDescriptor) {
    guard questions.isOpen, let outer = pty.outer, outer.taken != nil, outer.isInForeground, let answers,
      (try? outer.take(for: .answers)) != nil
    else { return }
    while questions.isOpen {
      files.removeAll()
      files.add(answers, reading: true)
      files.add(signals, reading: true)
      guard (try? files.wait(milliseconds: questions.patience)) == true else { continue }
      while let received = takeSignal() { if received.signal.isRequestToEnd { return } }
      if files.isReady(answers) {
        guard let bytes = try? Syscall.readOnce(answers, limit: 4096), !bytes.isEmpty else { return }
        questions.answer(bytes)
      }
    }
  }
}
