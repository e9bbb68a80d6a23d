internal import Kernel
internal import SystemPackage

extension Runner {
  /// Waits for the end of a process, and forwards signals to it until then.
  ///
  /// A signal that the terminal sends goes to the whole foreground group. Where the command is in it, it isn't sent twice.
  /// A container with a terminal of its own is waited for by `relay`.
  ///
  /// - Parameter isInit: whether the caller is process 1, which collects orphans as well and never stops itself.
  func supervise(_ process: Int32, isInit: Bool) throws(Errno) -> ExitStatus {
    while true {
      let received = try Syscall.waitForSignal(.watched)
      if received.signal == .child {
        while let ended = try Syscall.wait(for: isInit ? -1 : process, waiting: false) {
          if ended.child == process { return ended.status }
        }
        // Nobody would say so again.
        if received.endedChild == process { throw .protocolError }
        continue
      }
      if received.signal == .urgent {
        if !isInit, starterHasEnded { try? Syscall.kill(process, Signal.kill.number) }
        continue
      }
      if received.isFromProcess || !plan.container.isInCallersGroup {
        try? Syscall.kill(process, received.signal.number)
      }
      if received.signal == .terminalStop, !isInit {
        // The shell sees littlectr stopped, and wakes it with SIGCONT, which is forwarded in its turn.
        try? Syscall.kill(Syscall.processID, Signal.stop.number)
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
