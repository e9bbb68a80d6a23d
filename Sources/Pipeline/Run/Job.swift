internal import Kernel
internal import SystemPackage

/// What runs in the container, as the parent sends signals to it, and littlectr as a job of the caller's shell.
struct Job {
  let child: Int32
  let socket: FileDescriptor
  /// Whether the child is there to start the command and to watch it.
  let hasReaper: Bool
  private let leads: Bool

  init(_ plan: Plan) {
    (child, socket) = (plan.child.processID, plan.channel.parentEnd.descriptor)
    (hasReaper, leads) = (plan.container.hasReaper, plan.container.childLeads != .nothing)
  }

  /// Sends a signal to the command, or as a key does, to all of its group.
  func send(_ signal: Signal, toGroup: Bool = false) {
    if toGroup, hasReaper {
      // Its process 1 finds out by how it was sent.
      try? Syscall.queue(signal, to: child)
    } else {
      try? Syscall.kill(toGroup && leads ? -child : child, signal.number)
    }
  }

  /// Ends the container.
  func end() { try? Syscall.kill(child, Signal.kill.number) }

  /// Stops littlectr itself, until SIGCONT, as the command has been.
  ///
  /// What the terminal stops a job with goes to all of it, which may be a pipe of several programs. The kernel stops nobody
  /// by it whom no shell could continue.
  ///
  /// - Parameter all: whether the whole job isn't stopped yet.
  /// - Returns: whether it has been stopped.
  @discardableResult
  static func stop(by signal: Signal, all: Bool = true) -> Bool {
    if signal.stopsJob {
      // It waits while it is blocked, one with what the terminal may have sent already, and SIGCONT takes it away.
      try? Syscall.kill(all ? 0 : Syscall.processID, signal.number)
      try? Syscall.setBlocked(SignalSet.all.without(signal))
      try? Syscall.setBlocked(.all)
    } else {
      try? Syscall.kill(Syscall.processID, Signal.stop.number)
    }
    return Syscall.take(.continue)
  }
}
