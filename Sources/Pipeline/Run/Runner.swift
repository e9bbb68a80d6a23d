internal import Kernel
internal import SystemPackage

/// Performs a plan: makes the container, waits for the command's end, and takes everything back.
public struct Runner: Sendable {
  let plan: Plan
  /// A step that is made to fail.
  public var fault: Fault?
  /// Whether every step is printed to standard error with the time that it took.
  public var isTracing = false

  /// A runner for a plan. A plan is run once.
  public init(_ plan: Plan) { self.plan = plan }

  /// A step that failed, with what was found where it did.
  struct StepFailure: Error {
    let step: Int
    let errno: Errno
    var detail: [UInt8] = []
  }

  /// Runs the container to its end.
  ///
  /// - Returns: the command's status; 128 and N when signal N ended it.
  /// - Throws: what couldn't be set up. By then everything has been taken back.
  public func run() throws(Failure) -> Int32 {
    let signals = plan.container.inheritedSignals
    try call("rt_sigprocmask(SIG_BLOCK, …)") { () throws(Errno) in
      signals.mask = try Syscall.block(.all)
      // Who started littlectr may ignore the end of children; then wait(2) would never tell the command's status.
      try Syscall.resetAction(of: .child)
    }
    var done: [Plan.Item] = []
    do throws(Failure) {
      try setUp(&done)
      let status = try waitForEnd()
      // 0 would say that all went well.
      return undo(done) || status != 0 ? status : 125
    } catch {
      // All is as it was before, so that another plan can be tried. A signal that waits mustn't come between.
      undo(done)
      plan.channel.close()
      for side in plan.container.pseudoTerminal.map({ [$0.parentPtmx, $0.parentTerminal] }) ?? []
      where side.descriptor.rawValue >= 0 {
        try? Syscall.close(side.descriptor)
        side.empty()
      }
      // A signal has ended a program that was waited for.
      if let asked = signals.asked { return 128 + asked.number }
      try? Syscall.setBlocked(signals.mask)
      throw error
    }
  }

  /// Performs the parent's steps.
  private func setUp(_ done: inout [Plan.Item]) throws(Failure) {
    do throws(StepFailure) {
      for index in plan.items.indices where !plan.items[index].phase.runsInChild {
        try perform(index)
        if plan.child.processID == 0 { runChild() }
        if plan.items[index].step.hasUndoing { done.append(plan.items[index]) }
        if fault == .killing(step: index) { dieNow() }
        if plan.container.inheritedSignals.asked != nil { throw StepFailure(step: index, errno: .interrupted) }
      }
    } catch {
      endChild()
      var hearing = Hearing()
      if plan.child.processID > 0 { hear(&hearing) }
      // A child that has failed already is gone, and with it what the parent's step was to write to.
      if case .failed(let first)? = hearing.report { throw explain(first) }
      throw explain(error)
    }
  }

  /// Waits until the container has ended, and finds out whether the command was ever started.
  private func waitForEnd() throws(Failure) -> Int32 {
    var hearing = Hearing()
    if case .killing(let step) = fault, plan.items.indices.contains(step) { hearing.report = dieWhenReached() }
    let status = try call("wait4(\(plan.child), …)") { () throws(Errno) in
      if let pty = plan.container.pseudoTerminal {
        closeChildEnd()
        return try relay(pty, &hearing)
      }
      return try supervise(&hearing)
    }
    hear(&hearing)
    switch hearing.report {
    case .failed(let failure)?: throw explain(failure)
    case .ended(let signal)?: return 128 + signal.number
    case .started?: return status.code
    case nil: if !plan.container.hasReaper { return status.code }
    }
    throw Failure(
      "the container ended before the command was started",
      (status.isTrap ? RunnerAdvice.trapped : RunnerAdvice.endedEarly).filled(["end": status.text]))
  }

  /// Performs one step, or fails as the fault wants it.
  func perform(_ index: Int) throws(StepFailure) {
    let step = plan.items[index].step
    let start = isTracing ? ProcessContext.nanoseconds : 0
    do throws(Errno) {
      if case .failing(index, let errno) = fault { throw errno }
      try step.perform()
      if isTracing { trace(index, start, nil) }
    } catch {
      if isTracing { trace(index, start, error) }
      throw StepFailure(step: index, errno: error, detail: step.inspect(error))
    }
  }

  /// Takes back what was done, last first. What can't be taken back is said, and the rest still is.
  ///
  /// - Returns: whether all was taken back.
  @discardableResult
  func undo(_ done: [Plan.Item]) -> Bool {
    var isClean = true
    for item in done.reversed() {
      for step in item.step.undoing.reversed() {
        do throws(Errno) { try step.perform() } catch {
          isClean = false
          var failure = explain(step, of: item, error, step.inspect(error))
          failure.what = "at the end: " + failure.what
          say(failure.text)
        }
      }
    }
    return isClean
  }

  /// What became of the container's set-up.
  enum Outcome {
    case failed(StepFailure)
    case started
    /// A signal has ended it.
    case ended(Signal)
  }

  func outcome(_ report: Report) -> Outcome? {
    switch report {
    case .started: return .started
    case .failed(let step, let errno, let detail) where plan.items.indices.contains(step):
      return .failed(StepFailure(step: step, errno: Errno(rawValue: errno), detail: detail))
    default: return nil
    }
  }

  /// Ends a child that waits for a parent which can't go on.
  private func endChild() {
    guard plan.child.processID > 0 else { return }
    try? Syscall.kill(plan.child.processID, Signal.kill.number)
    _ = try? Syscall.wait(for: plan.child.processID, waiting: true)
  }

  private func call<Value>(_ text: @autoclosure () -> String, _ body: () throws(Errno) -> Value) throws(Failure)
    -> Value
  {
    do throws(Errno) { return try body() } catch {
      endChild()
      var failure = Failure(text())
      failure.errno = error
      if error == .protocolError {
        (failure.why, failure.fix) = (PlatformAdvice.notApplied.why, PlatformAdvice.notApplied.fix)
      }
      throw failure
    }
  }

  /// Finds the cause of a step's failure.
  func explain(_ failed: StepFailure) -> Failure {
    let item = plan.items[failed.step]
    var failure = explain(item.step, of: item, failed.errno, failed.detail)
    failure.phase = item.phase
    if let seal = plan.seal(before: failed.step),
      [.notPermitted, .permissionDenied, .noFunction].contains(failed.errno)
    {
      let sealed = GeneralAdvice.sealed.filled([
        "seal": seal.name, "place": seal.location.description, "below": failure.location?.description ?? "",
      ])
      failure.why = failure.why.map { "\($0); or \(sealed.why)" } ?? sealed.why
      failure.fix = failure.fix.map { "\($0); or \(sealed.fix)" } ?? sealed.fix
    }
    failure.isMade = fault == .failing(step: failed.step, failed.errno)
    if failed.step == plan.items.indices.last {
      failure.status = Executable.status(failed.errno, detail: failed.detail)
    }
    return failure
  }

  private func explain(_ step: Step, of item: Plan.Item, _ errno: Errno, _ detail: [UInt8]) -> Failure {
    var evidence = Evidence(host: plan.container.host, container: plan.container, detail: detail)
    evidence.location = item.entry.map { plan.entries[$0].location }
    var failure = Failure(step.headline.lines.joined(separator: "; "))
    (failure.errno, failure.dependsOnImage) = (errno, step.dependsOnImage(errno))
    if item.phase == .clone { failure.lacking = CloneAdvice.lacking(detail) }
    if let index = item.entry {
      (failure.stage, failure.location) = (plan.entries[index].name, plan.entries[index].location)
    }
    let own = step.advice(on: errno, evidence)
    // AppArmor takes from the child what its user namespace gives: a stage's own word on EPERM is wrong then.
    let appArmor = item.phase.runsInChild && errno == .notPermitted ? PlatformAdvice.appArmor(evidence) : nil
    if let advice = appArmor ?? own ?? PlatformAdvice.cause(of: errno, evidence)
      ?? GeneralAdvice.cause(of: errno, of: step.headline, evidence)
    {
      failure.why = advice.why.isEmpty ? nil : advice.why
      failure.fix = advice.fix
    }
    return failure
  }

  /// Prints a line to standard error.
  func say(_ text: String) {
    try? Syscall.write(Array((text + "\n").utf8), to: .standardError)
  }
}
