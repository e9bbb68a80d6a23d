internal import Kernel
internal import SystemPackage

extension Runner {
  /// Waits for the end of the child, relays its terminal until then, forwards signals to it, and stops with the command.
  func relay(_ pty: PseudoTerminal, _ hearing: inout Hearing) throws(Errno) -> ExitStatus {
    let job = Job(plan)
    var relay = try Relay(pty, job)
    defer { relay.close() }
    var isAskedToEnd = false
    while true {
      for signal in hearing.stops { heedStop(signal, pty, &relay, job, &hearing) }
      hearing.stops = []
      if !hearing.goesOn { try relay.wait(socket: hearing.isOver ? nil : job.socket) }
      while let received = relay.takeSignal() {
        let signal = received.signal
        switch signal {
        case .child:
          switch try Syscall.change(of: job.child)?.change {
          case .ended(let status)?:
            // The terminal may have come with the last that was said.
            hear(&hearing)
            relay.finish(isHurried: isAskedToEnd)
            return status
          case .stopped(let signal)?: hearing.stops.append(signal)
          // Nobody would say so again.
          case nil where received.endedChild == job.child: throw .protocolError
          case nil: break
          }
        case .urgent where starterHasEnded:
          isAskedToEnd = true
          job.end()
        case _ where endSetUp(signal, &hearing): isAskedToEnd = true
        case .windowChange:
          relay.resize()
          if received.isFromProcess || !pty.hasKeyboard { job.send(signal, toGroup: !received.isFromProcess) }
        case .continue: goOn(&relay, &hearing)
        case _ where signal.stopsJob:
          if !hearing.goesOn {
            if received.isFromProcess { job.send(signal) } else { relay.press(signal) }
            if signal == .terminalStop, awaitsStop(received, &hearing) { break }
          }
          relay.rest()
          stopNow(received, &hearing)
          goOn(&relay, &hearing)
        case .hangup where !received.isFromProcess && !Syscall.isIgnored(signal):
          relay.cut()
          if !pty.hasKeyboard { job.send(signal, toGroup: true) }
        // Who read what is printed is gone; that is found when it is written.
        case .brokenPipe where received.sender == Syscall.processID: break
        default:
          isAskedToEnd = isAskedToEnd || signal.isRequestToEnd
          if received.isFromProcess { job.send(signal) } else { relay.press(signal) }
          if !received.isFromProcess, signal.isRequestToEnd { relay.urge() }
        }
      }
      if hearing.goesOn {
        hearing.goesOn = false
        job.send(.continue)
        continue
      }
      if !hearing.isOver, relay.isReady(job.socket) { hear(&hearing) }
      noticeStart(hearing, &relay)
      relay.pass()
    }
  }

  /// Heeds that the command has been started.
  private func noticeStart(_ hearing: Hearing, _ relay: inout Relay) {
    guard !relay.hasStarted, !hearing.isSettingUp else { return }
    relay.hasStarted = true
    relay.resize()
    if relay.isCut { relay.cut() }
    // What isn't typed needn't be kept for anybody. Without a reaper nobody is there who could see that the command asks.
    if !plan.container.hasReaper || relay.pty.outer?.hasKeyboard != true { relay.ask() } else { relay.beginWatch() }
    if relay.refusesKeys { relay.beginRefusing() }
  }

  /// The command has stopped, perhaps only to get the keyboard.
  private func heedStop(
    _ signal: Signal, _ pty: PseudoTerminal, _ relay: inout Relay, _ job: Job, _ hearing: inout Hearing
  ) {
    if pty.hasKeyboard, signal == .backgroundRead || signal == .backgroundWrite, relay.ask() {
      if relay.input == nil { relay.endInput() } else { relay.give() }
      job.send(.continue)
      return
    }
    relay.rest()
    if !stop(by: signal, &hearing), signal != .terminalStop {
      // In the background for good: no shell is there that could give it the terminal.
      relay.endInput()
    }
    goOn(&relay, &hearing)
  }

  /// Goes on after a stop: the terminal may have been used, and have another size.
  private func goOn(_ relay: inout Relay, _ hearing: inout Hearing) {
    goOn(&hearing)
    relay.resize()
    relay.resume()
  }
}
