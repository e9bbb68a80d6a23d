import Foundation
import Synchronization
import Testing

@testable import Pipeline

/// What is done is taken back, last first, whatever comes.
struct UndoTests {
  /// A list of what happened.
  final class Diary: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func write(_ line: String) { lines.withLock { $0.append(line) } }

    /// A step that is written down, and so is its undoing; either may fail.
    func step(_ name: String, fails: Errno? = nil, undoFails: Errno? = nil) -> Step {
      Step(name) { () throws(Errno) in
        if let fails { throw fails }
        self.write(name)
      }.undo(
        Step("undo \(name)") { () throws(Errno) in
          self.write("undo \(name)")
          if let undoFails { throw undoFails }
        })
    }
  }

  /// A stage that does what a test wants before the child exists.
  struct Doing: IsolationStage {
    static let name = "doing"
    static let help = "Does what a test wants."
    var steps: [Step] = []
    init() {}
    init(_ steps: [Step]) { self.steps = steps }
    func beforeClone(_ container: Container) -> [Step] { steps }
  }

  private func plan(_ steps: [Step]) throws -> Plan {
    let container = Container(command: [Array("/bin/true".utf8)], host: FakeHost().host)
    return try Plan([Entry(.on, Doing(steps), at: Location(file: "test", line: 1))], container)
  }

  private func item(_ step: Step) -> Plan.Item { Plan.Item(phase: .beforeClone, entry: nil, step: step) }

  /// Runs a plan that fails before there is a child. A thread of its own, because signals are blocked in it.
  private func run(_ plan: Plan, fault: Fault? = nil) -> Failure? {
    let done = DispatchSemaphore(value: 0)
    let result = Mutex<Failure?>(nil)
    let runner = {
      var runner = Runner(plan)
      runner.fault = fault
      return runner
    }()
    withExtendedLifetime(result) {
      Thread.detachNewThread {
        let failure = refusal { () throws(Failure) in try runner.run() }
        result.withLock { $0 = failure }
        done.signal()
      }
      done.wait()
    }
    return result.withLock { $0 }
  }

  @Test func stepsAreTakenBackLastFirst() throws {
    let diary = Diary()
    let steps = ["a", "b", "c"].map { diary.step($0) }
    #expect(Runner(try plan([])).undo(steps.map(item)))
    #expect(diary.all == ["undo c", "undo b", "undo a"])
  }

  @Test func severalUndoingsOfAStepAreTakenBackLastFirst() throws {
    let diary = Diary()
    let step = diary.step("a").undo(diary.step("x")).undo(diary.step("y"))
    #expect(Runner(try plan([])).undo([item(step)]))
    #expect(diary.all == ["y", "x", "undo a"])
  }

  @Test func oneThatCanNotBeTakenBackDoesNotStopTheRest() throws {
    let diary = Diary()
    let steps = [diary.step("a"), diary.step("b", undoFails: .ioError), diary.step("c")]
    #expect(try !Runner(plan([])).undo(steps.map(item)))
    #expect(diary.all == ["undo c", "undo b", "undo a"])
  }

  @Test func aStepThatFailsIsNotTakenBackAndThoseBeforeItAre() throws {
    let diary = Diary()
    let steps = [diary.step("a"), diary.step("b"), diary.step("c", fails: .noSpace), diary.step("d")]
    let failure = run(try plan(steps))
    #expect(diary.all == ["a", "b", "undo b", "undo a"])
    #expect(failure?.text.hasPrefix("littlectr: doing (test:1): c: ENOSPC\n  why  the file system has no room") == true)
    #expect(failure?.phase == .beforeClone)
  }

  @Test func aFaultIsAFailure() throws {
    let diary = Diary()
    let plan = try plan([diary.step("a"), diary.step("b")])
    let failure = run(plan, fault: .failing(step: 1, .busy))
    #expect(diary.all == ["a", "undo a"], "the step isn't performed")
    #expect(failure?.errno == .resourceBusy)
    #expect(failure?.what == "b")
  }

  @Test func aChildThatCanNotBeMadeTakesAllBack() throws {
    let diary = Diary()
    let plan = try plan([diary.step("a"), diary.step("b")])
    let clone = try #require(plan.index("clone3"))
    let failure = run(plan, fault: .failing(step: clone, .noMemory))
    #expect(diary.all == ["a", "b", "undo b", "undo a"])
    #expect(failure?.phase == .clone)
    #expect(failure?.what.hasPrefix("clone3(") == true)
  }

  @Test func faultsAreToldApart() {
    #expect(Fault.failing(step: 1, .busy) == .failing(step: 1, .busy))
    #expect(Fault.failing(step: 1, .busy) != .failing(step: 2, .busy))
    #expect(Fault.killing(step: 1) != .failing(step: 1, .busy))
  }
}

extension Errno {
  fileprivate static var busy: Errno { .resourceBusy }
}
