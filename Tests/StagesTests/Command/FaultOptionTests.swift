import Testing

@testable import Command
@testable import Pipeline
@testable import Stages

struct FaultOptionTests {
  private func parse(_ text: String) -> FaultOption? { try? FaultOption.parse(text, ValueContext(directory: ".")) }

  /// A plan with one stage that sets the host name.
  private func plan() throws -> Plan {
    let container = Container(command: [Array("true".utf8)], host: FakeHost().host)
    return try Plan([Entry(.on, UTS(), at: Location(file: "stages.conf", line: 1))], container)
  }

  @Test func stepsAreCountedFromOne() throws {
    let plan = try plan()
    #expect(try parse("1=EPERM")?.fault(in: plan) == .failing(step: 0, .notPermitted))
    #expect(try parse("4=ENOSPC")?.fault(in: plan) == .failing(step: 3, .noSpace))
    #expect(try parse("3=KILL")?.fault(in: plan) == .killing(step: 2))
  }

  @Test func aStepIsNamedByItsCallToo() throws {
    let plan = try plan()
    let index = try #require(plan.items.firstIndex { $0.step.text.hasPrefix("sethostname(") })
    #expect(try parse("sethostname=EIO")?.fault(in: plan) == .failing(step: index, .ioError))
    // Any call of a group, and the first of several.
    #expect(try parse("execve=KILL")?.fault(in: plan) == .killing(step: plan.items.count - 1))
  }

  @Test(arguments: ["99", "sethost", "mount"]) func aStepThatIsNotThereIsRefused(step: String) throws {
    let plan = try plan()
    let option = try #require(parse(step + "=EPERM"))
    #expect(throws: Failure.self) { try option.fault(in: plan) }
  }

  @Test(
    "a value of --fault is written as it was read", arguments: ["1=EPERM", "9=KILL", "100=EACCES", "pivot_root=EPERM"])
  func itIsWrittenAgain(text: String) {
    #expect(parse(text)?.optionText == text)
  }

  @Test(
    "a text that is no fault is refused",
    arguments: [
      "", "1", "1=", "=EPERM", "0=EPERM", "-1=EPERM", "1=EWHAT", "1=eperm", "1=EPERM=2", "1=1",
    ])
  func anythingElseIsRefused(text: String) { #expect(parse(text) == nil) }
}
