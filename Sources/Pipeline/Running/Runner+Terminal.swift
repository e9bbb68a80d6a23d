internal import Kernel
internal import SystemPackage

extension Runner {
  /// Waits for the end of the child, relays its terminal until then, and forwards signals to it.
  ///
  /// - Parameter report: what the child has said of its set-up, if that was read on the way.
  func relay(_ pty: PseudoTerminal, _ report: inout Outcome?) throws(Errno) -> ExitStatus {
    var relay = try Relay(pty)
    defer { relay.close() }
    let (child, socket) = (plan.child.processID, plan.channel.parentEnd.descriptor)
    var (isSilent, isAskedToEnd) = (report != nil, false)
    var fatal: Signal?
    relay.resize()
    while true {
      try relay.wait(socket: isSilent ? nil : socket)
      if !isSilent, relay.isReady(socket) {
        // The terminal comes first. After it, or instead of it, comes what is read at the end.
        report = heard(waiting: false)
        isSilent = true
        relay.resize()
        if relay.isCut { relay.cut() }
      }
      relay.pass()
      while let received = relay.takeSignal() {
        let signal = received.signal
        switch signal {
        case .child:
          guard let ended = try Syscall.wait(for: child, waiting: false) else {
            // Nobody would say so again.
            if received.endedChild == child { throw .protocolError }
            continue
          }
          relay.finish(isHurried: isAskedToEnd)
          return fatal.map { .signaled($0.number) } ?? ended.status
        case .urgent where starterHasEnded:
          isAskedToEnd = true
          try? Syscall.kill(child, Signal.kill.number)
        case .urgent: break
        case .windowChange: relay.resize()
        case .terminalStop:
          try? pty.outer?.restore()
          try? Syscall.kill(Syscall.processID, Signal.stop.number)
          take(pty, relay)
        case .continue:
          take(pty, relay)
          try? Syscall.kill(child, signal.number)
        case .hangup where !received.isFromProcess: relay.cut()
        case .brokenPipe: break
        case _ where !SignalSet.watched.contains(signal):
          // It would have ended littlectr at once, and left the terminal as it is.
          fatal = signal
          try? Syscall.kill(child, Signal.kill.number)
        default:
          isAskedToEnd = isAskedToEnd || signal.isRequestToEnd
          try? Syscall.kill(child, signal.number)
        }
      }
    }
  }

  /// Takes the caller's terminal again, after a stop: it may have been used, and have another size.
  private func take(_ pty: PseudoTerminal, _ relay: Relay) {
    if let outer = pty.outer, outer.hasKeyboard { try? outer.makeRaw() }
    relay.resize()
  }

  /// What the child has said, if it is about its set-up; nil if nothing. A terminal that it has given is kept.
  func heard(waiting: Bool) -> Outcome? { message(waiting: waiting).flatMap(Report.init).flatMap(outcome) }

  /// The child's next message; nil if there is none. A terminal that it gives is kept, and not a message.
  func message(waiting: Bool) -> [UInt8]? {
    let socket = plan.channel.parentEnd.descriptor
    guard let pty = plan.container.pseudoTerminal else {
      let limit = Channel.messageLimit
      return waiting
        ? try? Syscall.receive(from: socket, limit: limit) : try? Syscall.receiveNow(from: socket, limit: limit)
    }
    while true {
      guard
        let (message, files) = try? Syscall.receiveWithFiles(
          from: socket, limit: Channel.messageLimit, waiting: waiting)
      else { return nil }
      guard message == Report.terminal, let files else { return message }
      pty.parentPtmx.fill(files.0)
      pty.parentTerminal.fill(files.1)
    }
  }
}
