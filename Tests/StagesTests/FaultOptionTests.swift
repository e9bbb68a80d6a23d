import Testing

@testable import Command
@testable import Pipeline

struct FaultOptionTests {
  private func parse(_ text: String) -> FaultOption? { try? FaultOption.parse(text, ValueContext(directory: ".")) }

  @Test func stepsAreCountedFromOne() {
    #expect(parse("1=EPERM")?.fault == .failing(step: 0, .notPermitted))
    #expect(parse("12=ENOSPC")?.fault == .failing(step: 11, .noSpace))
    #expect(parse("3=KILL")?.fault == .killing(step: 2))
  }

  @Test(arguments: ["1=EPERM", "9=KILL", "100=EACCES"]) func itIsWrittenAgain(text: String) {
    #expect(parse(text)?.optionText == text)
  }

  @Test(arguments: [
    "", "1", "1=", "=EPERM", "0=EPERM", "-1=EPERM", "x=EPERM", "1=EWHAT", "1=eperm", "1=EPERM=2", "1=1",
  ])
  func anythingElseIsRefused(text: String) { #expect(parse(text) == nil) }
}
