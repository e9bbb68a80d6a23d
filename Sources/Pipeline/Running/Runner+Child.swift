internal import Kernel
internal import SystemPackage

extension Runner {
  /// What the child does, from clone to exec. It never returns: into the parent's code it must not.
  func runChild() -> Never {
    var done: [(entry: Int?, step: Step)] = []
    var leftOut: Int?
    for index in plan.items.indices where plan.items[index].phase.isChilds {
      let item = plan.items[index]
      if let leftOut, item.entry == leftOut { continue }
      do throws(StepFailure) {
        try perform(index)
        done.append((item.entry, item.step))
        if fault == .killing(step: index) { letParentDie(index) }
      } catch {
        if let entry = item.entry, plan.entries[entry].mode == .tried {
          // Only this stage's own steps are taken back; those of the stages around it stand.
          undo(done.filter { $0.entry == entry }.map(\.step))
          done.removeAll { $0.entry == entry }
          leftOut = entry
          say(Runner.note(explain(error)))
          continue
        }
        undo(done.map(\.step))
        let report = Report.failed(step: error.step, errno: error.errno.rawValue, detail: error.detail)
        try? Syscall.send(report.bytes, to: plan.channel.childEnd.descriptor)
        Syscall.exit(125)
      }
    }
    // Only process 1 comes here: a child without a reaper has become the command.
    beInit()
  }

  /// The one line that is said of a stage which `try` allows to fail.
  public static func note(_ failure: Failure) -> String {
    let place = [failure.stage, failure.location.map { "(\($0))" }].compactMap(\.self).joined(separator: " ")
    let reason = [failure.what, failure.errno?.name].compactMap(\.self).joined(separator: ": ")
    return "littlectr: went on without \(place): \(reason)"
  }

  /// Process 1 of the container: forwards signals, collects orphans, and ends with the command's status.
  private func beInit() -> Never {
    // Nothing stays open here that would keep something alive: all but standard input, output and error.
    try? Syscall.closeAll(from: 3)
    let status = try? supervise(plan.command.processID, asInit: true)
    Syscall.exit(status?.code ?? 125)
  }

  private func letParentDie(_ index: Int) {
    try? Syscall.send(Report.reached(step: index).bytes, to: plan.channel.childEnd.descriptor)
    _ = try? Syscall.receive(from: plan.channel.childEnd.descriptor, limit: 1)
  }

  func dieNow() { try? Syscall.kill(Syscall.processID, Signal.kill.number) }

  /// For a fault in the child: waits until the child has come there, or has failed before.
  func dieWhenReached() {
    try? Syscall.close(plan.channel.childEnd.descriptor)
    let message = try? Syscall.receive(from: plan.channel.parentEnd.descriptor, limit: Channel.messageLimit)
    // Nothing comes from a child that has become the command: the last step closes its end.
    if case .reached = message.flatMap(Report.init) { dieNow() } else if message == [] { dieNow() }
  }
}
