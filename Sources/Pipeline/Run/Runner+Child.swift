internal import Kernel
internal import SystemPackage

extension Runner {
  /// What the child does, from clone to exec. It never returns: into the parent's code it must not.
  func runChild() -> Never {
    var done: [Plan.Item] = []
    for index in plan.items.indices where plan.items[index].phase.runsInChild {
      do throws(StepFailure) {
        try perform(index)
        if plan.items[index].step.hasUndoing { done.append(plan.items[index]) }
        if fault == .killing(step: index) { letParentDie(index) }
      } catch {
        undo(done)
        tell(.failed(step: error.step, errno: error.errno.rawValue, detail: error.detail))
        Syscall.exit(125)
      }
    }
    // Only process 1 comes here: a child without a reaper has become the command.
    beInit()
  }

  private func tell(_ report: Report) { try? Syscall.send(report.bytes, to: plan.channel.childEnd.descriptor) }

  /// The one line that is said of a stage which `try` allows to fail.
  public static func note(_ failure: Failure) -> String {
    let place = [failure.stage, failure.location.map { "(\($0))" }].compactMap(\.self).joined(separator: " ")
    let reason = [failure.what, failure.errno?.name, failure.why].compactMap(\.self).joined(separator: ": ")
    return shown("littlectr: went on without \(place): \(reason)")
  }

  /// Process 1 of the container: forwards signals, collects orphans, and ends with the command's status.
  private func beInit() -> Never {
    tell(.started)
    // Nothing stays open here that would keep something alive, or lead real root inside to the caller's terminal: where the
    // command has one of its own, that, and where there is any, the socket. From here on nothing is said, and nothing is
    // opened.
    let container = plan.container
    let pty = container.pseudoTerminal
    let terminal = pty?.hasKeyboard == true ? pty?.terminal.descriptor : nil
    let socket = container.tellsOfStops ? plan.channel.childEnd.descriptor : nil
    try? Syscall.closeAll(but: [terminal, socket].compactMap(\.self))
    // Where a filter has answered for the kernel, that is said by the status alone.
    if socket == nil, container.host.isFiltered, (try? Syscall.close(plan.channel.childEnd.descriptor)) != nil {
      Syscall.exit(125)
    }
    var reaper = Reaper(
      command: plan.command.processID, socket: socket, terminal: terminal,
      isInCallersGroup: container.isInCallersGroup)
    let status = try? reaper.waitForEnd()
    Syscall.exit(status?.code ?? 125)
  }

  private func letParentDie(_ index: Int) {
    tell(.reached(step: index))
    _ = try? Syscall.receive(from: plan.channel.childEnd.descriptor, limit: 1)
  }

  func dieNow() { try? Syscall.kill(Syscall.processID, Signal.kill.number) }

  /// For a fault in the child: waits until the child has come there. What it has said if it failed before.
  func dieWhenReached() -> Outcome? {
    plan.channel.closeChildEnd()
    let message = message(waiting: true)
    let report = message.flatMap(Report.init)
    if case .reached? = report { dieNow() }
    // Nothing comes from a child that has become the command: the last step closes its end.
    if message == [] { dieNow() }
    return report.flatMap(outcome)
  }
}
