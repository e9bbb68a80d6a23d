internal import Kernel
internal import SystemPackage

/// What the parent has heard of the child.
struct Hearing {
  /// What became of the set-up; nil while nothing is known.
  var report: Runner.Outcome?
  /// The signals that have stopped the command, and were not heeded yet.
  var stops: [Signal] = []
  /// Whether nothing will be said any more: the child has closed its end, as one does that becomes the command.
  var isOver = false
  /// Who has sent what was passed on to stop the command, which will be seen to stop unless it heeds that in another way.
  var passedOn: StopSender?
  /// Whether the command is to go on, once all was passed on to it that came before.
  var goesOn = false

  /// Who stops a job.
  enum StopSender {
    /// The terminal, which sends it to all of the job.
    case terminal
    /// A process, which sends it to littlectr.
    case process
  }

  /// Whether the command hasn't been started, as far as was heard.
  var isSettingUp: Bool { report == nil && !isOver }
}

extension Runner {
  /// Takes what the child has said by now. A terminal that it has given is kept.
  func hear(_ hearing: inout Hearing) {
    while !hearing.isOver, let message = message(waiting: false) {
      guard !message.isEmpty else {
        hearing.isOver = true
        return
      }
      guard let report = Report(message) else { continue }
      if case .stopped(let signal) = report { hearing.stops.append(signal) }
      hearing.report = hearing.report ?? outcome(report)
    }
  }

  /// Closes the parent's copy of the child's end: a child without a reaper tells by its own, closed, that it is the command.
  func closeChildEnd() { if !plan.container.hasReaper { plan.channel.closeChildEnd() } }

  /// Takes what the child has said, also within the next moment where the command isn't known to have been started: it may
  /// run already, and the reaper tells of it only once it gets a processor.
  func hearOfStart(_ hearing: inout Hearing) {
    // Closed only now that it is asked: a start without a terminal needs no call for it.
    closeChildEnd()
    hear(&hearing)
    guard hearing.isSettingUp else { return }
    var files = PollSet()
    files.add(plan.channel.parentEnd.descriptor, reading: true)
    if (try? files.wait(milliseconds: 250)) == true { hear(&hearing) }
  }

  /// Whether a signal asks a container to end that isn't set up yet. Then it is ended.
  func endSetUp(_ signal: Signal, _ hearing: inout Hearing) -> Bool {
    guard signal.isRequestToEnd, hearing.isSettingUp, !Syscall.isIgnored(signal) else { return false }
    hearOfStart(&hearing)
    guard hearing.isSettingUp else { return false }
    hearing.report = .ended(signal)
    let child = plan.child.processID
    // With what it has started: a program of a hook, perhaps without a pid namespace.
    if plan.container.childLeads != .nothing { try? Syscall.kill(-child, Signal.kill.number) }
    try? Syscall.kill(child, Signal.kill.number)
    return true
  }

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
