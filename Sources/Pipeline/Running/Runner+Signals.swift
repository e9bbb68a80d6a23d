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
      for signal in hearing.stops {
        // Somebody may have continued littlectr since.
        if !Syscall.take(.continue) { Job.stop(by: signal) }
        job.send(.continue)
      }
      hearing.stops = []
      let received = try Syscall.waitForSignal(.all)
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
      case .continue:
        // What it has said of a stop before is over.
        hear(&hearing)
        hearing.stops = []
        job.send(signal)
      case _ where signal.stopsJob && received.isFromProcess:
        job.send(signal)
        // The shell sees littlectr stopped, and wakes it with SIGCONT, which is forwarded in its turn.
        try Syscall.kill(Syscall.processID, Signal.stop.number)
      case _ where signal.stopsJob:
        if !isInCallersGroup { job.send(signal, toGroup: true) }
        Job.stop(by: signal, all: false)
        hear(&hearing)
        hearing.stops = []
        job.send(.continue)
      default:
        if received.isFromProcess { job.send(signal) } else if !isInCallersGroup { job.send(signal, toGroup: true) }
      }
    }
  }

  /// Whether the process has ended without which the container shall not go on. The kernel sends the signal also when only
  /// the thread has ended that started littlectr, and anybody may.
  var starterHasEnded: Bool {
    guard let starter = plan.container.starter else { return false }
    // A parent outside of the pid namespace is 0, before its end and perhaps after it.
    return starter == 0 || Syscall.parentID != starter
  }
}
