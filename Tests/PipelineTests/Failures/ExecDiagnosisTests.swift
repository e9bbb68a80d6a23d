import Testing

@testable import Kernel
@testable import Pipeline

/// What is told when the command can't be executed, and the status that says so.
struct ExecDiagnosisTests {
  private func failure(_ errno: Errno, _ finding: Executable.Finding, _ command: [String]) throws -> Failure {
    let plan = try plan("", FakeHost(), command)
    let failure = Runner(plan).explain(
      Runner.StepFailure(step: plan.items.count - 1, errno: errno, detail: finding.bytes))
    #expect(!failure.text.contains(/\{\w+\}/))
    return failure
  }

  @Test("a command that isn't there is told")
  func itIsNotThere() throws {
    let failure = try failure(.noSuchFileOrDirectory, .nothing, ["lss", "-l"])
    #expect(failure.status == 127)
    #expect(
      failure.text == """
        littlectr: execve("lss", ["lss", "-l"], …): ENOENT
          why  your machine has it in none of /usr/local/sbin, /usr/local/bin, /usr/sbin, /usr/bin, /sbin, /bin
          fix  install it, or write its whole path; there is no image, and the container's PATH is not yours
        """)
    #expect(try self.failure(.noSuchFileOrDirectory, .nothing, ["/bin/lss"]).status == 127)
    #expect(try self.failure(.notDirectory, .nothing, ["/etc/passwd/x"]).status == 127)
  }

  @Test("a command whose interpreter isn't there is told")
  func itsInterpreterIsNotThere() throws {
    let finding = Executable.Finding.interpreterMissing(path: "/bin/x", kind: "interpreter", interpreter: "/bin/y")
    let failure = try failure(.noSuchFileOrDirectory, finding, ["x"])
    #expect(failure.status == 126)
    #expect(failure.why == "/bin/x is there, but the interpreter that it names isn't: /bin/y")
    #expect(failure.fix == "install /bin/y in the image")
  }

  @Test("a command without execute permission is told")
  func itIsNotExecutable() throws {
    let failure = try failure(.permissionDenied, .notExecutable(path: "/bin/x", mode: "644"), ["x"])
    #expect(failure.status == 126)
    #expect(failure.why == "/bin/x has mode 644, or lies on a mount with noexec")
  }

  @Test("a command that is a directory is told")
  func itIsADirectory() throws {
    let failure = try failure(.permissionDenied, .directory(path: "/etc"), ["/etc"])
    #expect(failure.status == 126)
    #expect(failure.why == "/etc is a directory")
  }

  @Test("a command for another processor is told")
  func itIsForAnotherMachine() throws {
    let failure = try failure(.execFormatError, .foreign(path: "/bin/x", machine: 22), ["x"])
    #expect(failure.status == 126)
    #expect(failure.why == "/bin/x is a program for s390x, and this machine is \(ProcessContext.system.machine)")
    #expect(failure.fix?.contains("register qemu-user for s390x") == true)
  }

  @Test("a command of no known format is told")
  func itHasNoFormat() throws {
    let failure = try failure(.execFormatError, .noFormat(path: "/bin/x"), ["x"])
    #expect(failure.status == 126)
    #expect(failure.fix == "add a first line such as #!/bin/sh, or run: sh /bin/x")
  }

  @Test("a command that can't be executed for another reason gives 126")
  func anythingElseIsOneHundredAndTwentySix() throws {
    #expect(try failure(.noMemory, .nothing, ["x"]).status == 126)
    #expect(try failure(.argListTooLong, .nothing, ["x"]).status == 126)
  }

  @Test("a step before execve that fails gives 125")
  func aStepBeforeIsOneHundredAndTwentyFive() throws {
    let plan = try plan("plain")
    #expect(plan.failure("plain inChild", .noSuchFileOrDirectory)?.status == 125)
    #expect(plan.failure("clone3", .noMemory)?.status == 125)
  }
}
