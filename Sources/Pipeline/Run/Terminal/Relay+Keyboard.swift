internal import Kernel
internal import SystemPackage

/// The keyboard: when it is read, and what is done with what is typed.
extension Relay {
  /// Whether what is typed goes into the container's terminal.
  var isReading: Bool { isAsked && (pty.outer?.taken == .keys || pty.outer?.hasKeyboard != true) }

  /// Which files are waited for, to be read for what is typed.
  mutating func addKeyboard(_ ptmx: FileDescriptor) {
    if isListening, let answers { files.add(answers, reading: true) }
    guard let input else { return }
    if isWatching, let changes { files.add(changes, reading: true) }
    if isReading ? typed.count < typedLimit(ptmx) : isWatching && lookAgain == nil { files.add(input, reading: true) }
  }

  /// How long to wait at most before something is looked at again, in milliseconds.
  var patience: Int32? {
    if isListening {
      return refusesKeys && lookAgain != nil ? min(questions.patience, lookPatience) : questions.patience
    }
    if isWatching || refusesKeys, lookAgain != nil { return lookPatience }
    // No signal tells that the shell has put a job which runs into the foreground.
    return isBehind || isAsked && !isReading ? 300 : nil
  }

  /// Looks at what no file tells.
  mutating func attend() {
    if isListening { swallow() }
    if refusesKeys { refuse() }
    if isWatching { watch() }
    if (isBehind || isAsked && !isReading), pty.outer?.isInForeground == true { resume() }
  }

  /// The command asks for keys. False if littlectr is in the background, and can't have them.
  @discardableResult
  mutating func ask() -> Bool {
    (isAsked, hasAsked) = (true, true)
    return begin()
  }

  /// Begins to read keys.
  private mutating func begin() -> Bool {
    guard let outer = pty.outer, outer.hasKeyboard, let ptmx, let input else { return true }
    guard outer.taken != .keys else { return true }
    guard outer.isInForeground else { return false }
    // Whole lines that were typed ahead, and ends, are taken as such.
    let (manners, own) = (try? outer.manners(), try? Syscall.modes(of: ptmx).manners)
    let isOfLines = manners?.readsLines ?? false
    while typed.count < 16 << 10, isReadable(input), let line = try? Syscall.readOnce(input, limit: 4096) {
      typed.put(line)
      // Nobody shall see twice what they have typed.
      if isOfLines, manners?.echoes == true, showsOnOuter, let own { echo.expect(line, own) }
      // What comes without the end of its line was ended by Ctrl-D.
      if isOfLines, line.last != 0x0a, line.count < 4095 { typed.put(end(of: ptmx)) }
      if !isOfLines, line.isEmpty { break }
    }
    lastTyped = typed.last ?? lastTyped
    show()
    return (try? outer.take(for: .keys)) != nil
  }

  func isReadable(_ file: FileDescriptor) -> Bool {
    var one = PollSet()
    one.add(file, reading: true)
    return (try? one.wait(milliseconds: 0)) == true
  }

  private func end(of ptmx: FileDescriptor) -> [UInt8] {
    (try? Syscall.modes(of: ptmx)).map { [$0.manners.endOfFile] } ?? []
  }

  /// Puts the command into the foreground of its terminal.
  func give() { if job.hasReaper, pty.hasKeyboard { Request.foreground.send(to: job.socket) } }

  /// Leaves the caller's terminal as it was, for a stop, with all that was printed before.
  mutating func rest() {
    drain(isHurried: true, heedsSignals: false)
    pty.outer?.release()
    isListening = false
  }

  /// Goes on after a stop, in the foreground or in the background.
  mutating func resume() {
    guard hasStarted else { return }
    if pty.outer?.hasKeyboard != true || pty.outer?.isInForeground == true {
      guard isAsked || isBehind else { return }
      (isBehind, isAsked) = (false, hasAsked)
      if !isAsked || begin() { give() }
      if !isAsked { heedModes() }
    } else if job.hasReaper {
      // Who reads there asks once more.
      (isAsked, isBehind) = (false, true)
      Request.background.send(to: job.socket)
    }
  }

  /// Nothing can be typed any more: who reads finds the end.
  mutating func endInput() {
    guard pty.hasKeyboard, let ptmx else { return }
    input = nil
    typed.put(end(of: ptmx))
    give()
  }

  /// Sends the signal of a key that the caller's terminal has heeded to the container's foreground.
  func press(_ signal: Signal) {
    if let ptmx, pty.hasKeyboard, (try? Syscall.signalForeground(of: ptmx, signal)) != nil { return }
    job.send(signal, toGroup: true)
  }

  /// How many bytes are kept that nobody has read. The key of a signal may stand behind them.
  func typedLimit(_ ptmx: FileDescriptor) -> Int {
    typed.isEmpty ? .max : (try? Syscall.modes(of: ptmx))?.manners.heedsSignals == true ? 16 << 20 : 16 << 10
  }

  mutating func type(from input: FileDescriptor, at ptmx: FileDescriptor) {
    do throws(Errno) {
      let bytes = try Syscall.readOnce(input, limit: 16 << 10)
      if !bytes.isEmpty {
        questions.answer(bytes)
        put(bytes, at: ptmx)
        return
      }
    } catch {
      if error == .wouldBlock || error == .interrupted { return }
      // It has been put into the background meanwhile.
      if pty.outer?.hasKeyboard == true, error == .ioError, (try? Syscall.foreground(of: input)) != nil {
        pty.outer?.release()
        return
      }
    }
    self.input = nil
    // A terminal ends when it is hung up; anything else has an end, which is typed. In the middle of a line that takes two.
    if pty.outer?.hasKeyboard == true { return cut() }
    typed.put(end(of: ptmx))
    if lastTyped != 0x0a { typed.put(end(of: ptmx)) }
  }

  /// Puts what was typed behind what waits. The key of a signal takes what is unread away, as it does at any terminal; here
  /// it must, since it would have to wait behind that.
  private mutating func put(_ bytes: [UInt8], at ptmx: FileDescriptor) {
    guard let manners = (try? Syscall.modes(of: ptmx))?.manners, manners.heedsSignals else {
      typed.put(bytes)
      lastTyped = bytes.last ?? lastTyped
      return
    }
    var (kept, after) = ([UInt8](), 0)
    for (index, byte) in bytes.enumerated() {
      if let signal = manners.signal(of: byte, after: lastTyped) {
        if manners.keepsInput {
          try? Syscall.signalForeground(of: ptmx, signal)
          kept += bytes[after..<index]
        } else {
          kept.append(byte)
        }
        after = index + 1
      }
      lastTyped = byte
    }
    if after > 0, !manners.keepsInput {
      typed.removeAll()
      try? Syscall.flushInput(of: pty.parentTerminal.descriptor)
    }
    typed.put(kept + bytes[after...])
  }
}
