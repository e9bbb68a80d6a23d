import Testing

@testable import Command
@testable import Pipeline
@testable import Stages

/// What a user is told when the container can't get a terminal of its own.
struct TerminalDiagnosisTests {
  private func told(_ text: String, _ beginning: String, _ errno: Errno, limit: Int? = nil) throws -> String {
    var machine = try #require(FakeHost.named("user at a terminal"))
    if let limit { machine.set(sysctl: "kernel.pty.max", limit) }
    let host = machine.host
    let file = ConfigurationFile(name: "stages.conf", bytes: Array(text.utf8))
    let configuration = try Configuration(file, catalog: StageCatalog(builtin), host: host)
    let plan = try Plan(
      configuration.entries, CommandOptions().container([Array("sh".utf8)], configuration, host))
    let index = try #require(plan.items.firstIndex { $0.step.text.hasPrefix(beginning) })
    let failure = Runner(plan).explain(Runner.StepFailure(step: index, errno: errno))
    #expect(failure.stage == "terminal")
    return "\(failure.why ?? "-"); \(failure.fix ?? "-")"
  }

  @Test func aHostsDeviceThatIsntThereIsNamed() throws {
    #expect(
      try told("userns\nterminal", "openat(AT_FDCWD, \"/dev/ptmx\"", .noSuchFileOrDirectory)
        == "there is no /dev/ptmx, which makes new terminals; write 'dev' on a line above terminal, or pty=no")
    #expect(
      try told("userns\nterminal", "openat(AT_FDCWD, \"/dev/ptmx\"", .permissionDenied)
        == "the host's /dev/ptmx can't be opened by you; write 'dev' on a line above terminal, or pty=no")
  }

  @Test func theLimitOfTerminalsIsNamed() throws {
    let stages = "userns\nmount\nchroot\ndev\nterminal"
    for (limit, text) in [(16, "16"), (nil, "low")] {
      #expect(
        try told(stages, "openat2(<root>, \"dev/pts/ptmx\"", .noSpace, limit: limit)
          == """
          all of the machine's pseudo-terminals are in use: sysctl kernel.pty.max is \(text); end what uses them, or as \
          root: sysctl -w kernel.pty.max=4096; or write pty=no
          """)
    }
  }
}
