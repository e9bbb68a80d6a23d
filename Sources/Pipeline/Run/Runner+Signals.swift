internal import Kernel
internal import SystemPackage

extension Runner {
  /// Waits for the end of the child, forwards signals to it until then, and stops with the command.
  ///
  /// A signal that the terminal sends goes to the whole foreground group. Where the command is in it, it isn't sent twice.
  /// A container with a terminal of its own is waited for by `relay`.
  func supervise(_ hearing: inout Hearing) throws(Errno) -> ExitStatus {
    let job = Job(plan)
    let isInCallersGroup = plan.container.isInCallersGroup
    if plan.container.tellsOfStops {
      // There is a terminal: its shell wants to know that the command has stopped.
      try Syscall.notify(of: job.socket)
      hear(&hearing)
    }
    while true {
      if let signal = hearing.stops.last {
        stop(by: signal, &hearing)
        goOn(&hearing)
      }
      guard let received = hearing.goesOn ? Syscall.takeSignal(.all) : try Syscall.waitForSignal(.all) else {
        hearing.goesOn = false
        job.send(.continue)
        continue
      }
      let signal = received.signal
      switch signal {
      case .child:
        switch try Syscall.change(of: job.child)?.change {
        case .ended(let status)?: return status
        case .stopped(let signal)?: hearing.stops.append(signal)
        // Nobody would say so again.
        case nil where received.endedChild == job.child: throw .protocolError
        case nil: break
        }
      case .readable where !received.isFromProcess: hear(&hearing)
      case .urgent where starterHasEnded: job.end()
      case _ where endSetUp(signal, &hearing): break
      case .continue: goOn(&hearing)
      case _ where signal.stopsJob && hearing.goesOn: stopNow(received, &hearing)
      default:
        if received.isFromProcess { job.send(signal) } else if !isInCallersGroup { job.send(signal, toGroup: true) }
        if signal.stopsJob, !awaitsStop(received, &hearing) { stopNow(received, &hearing) }
      }
    }
  }

  /// Whether the command will be seen to stop by what was passed on to it. Then littlectr stops once it has: the command may
  /// have to leave the terminal as it was first, and may go on all the same.
  func awaitsStop(_ received: ReceivedSignal, _ hearing: inout Hearing) -> Bool {
    guard plan.container.showsStops else { return false }
    if hearing.isSettingUp { hearOfStart(&hearing) }
    if hearing.isSettingUp { return false }
    hearing.passedOn = received.isFromProcess ? .process : .terminal
    return true
  }

  /// Stops littlectr, as the command has been, unless somebody has continued it since.
  ///
  /// - Returns: whether it has been stopped.
  @discardableResult
  func stop(by signal: Signal, _ hearing: inout Hearing) -> Bool {
    if Syscall.take(.continue) { return true }
    switch hearing.passedOn {
    case .process?: return Job.stop(by: .stop)
    case .terminal?: return Job.stop(by: signal, all: false)
    // Of the terminal's own, the command may be heard first.
    case nil: return Job.stop(by: signal, all: !Syscall.take(.terminalStop))
    }
  }

  /// Stops littlectr by a signal, since nobody tells whether the command does, or since it hasn't gone on yet.
  func stopNow(_ received: ReceivedSignal, _ hearing: inout Hearing) {
    Job.stop(by: received.isFromProcess ? .stop : received.signal, all: false)
    goOn(&hearing)
  }

  /// Has the command go on after a stop. What came while littlectr was stopped is passed on before: a request to end that
  /// came later than that would find another command.
  func goOn(_ hearing: inout Hearing) {
    // What was said of a stop before that is over.
    hear(&hearing)
    (hearing.stops, hearing.passedOn, hearing.goesOn) = ([], nil, true)
  }

  /// Whether the process has ended without which the container shall not go on. The kernel sends the signal also when only
  /// the thread has ended that started littlectr, and anybody may.
  var starterHasEnded: Bool {
    guard let starter = plan.container.starter else { return false }
    // A parent outside of the pid namespace is 0, before its end and perhaps after it.
    return starter == 0 || Syscall.parentID != starter
  }
}
