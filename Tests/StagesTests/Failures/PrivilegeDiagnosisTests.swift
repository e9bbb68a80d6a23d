import Stages
import Testing

@testable import Command
@testable import Pipeline

/// What is told when the kernel refuses a privilege stage.
struct PrivilegeDiagnosisTests {
  private func told(
    _ text: String, _ machine: FakeHost, _ beginning: String, _ errno: Errno, detail: [UInt8] = []
  ) throws -> Failure {
    let host = machine.host
    let file = ConfigurationFile(name: "stages.conf", bytes: Array(text.utf8))
    let configuration = try Configuration(file, catalog: StageCatalog(builtin), host: host)
    let plan = try Plan(configuration.entries, CommandOptions().container([[0x61]], configuration, host))
    let index = try #require(plan.items.firstIndex { $0.step.text.hasPrefix(beginning) })
    return Runner(plan).explain(Runner.StepFailure(step: index, errno: errno, detail: detail))
  }

  @Test(
    arguments: [
      ("1000:   200 200/200 200/200 97/20000", "200/200", "maxkeys=400"),
      ("1000:     5 4/4 3/200 19999/20000", "19999/20000", "maxbytes=40000"), ("nonsense", "all", "maxkeys=1000"),
      ("    0:     9 8/8 3/1000000 40/25000000", "all", "maxkeys=1000"),
    ])
  func whichQuotaIsUsedUpIsTold(users: String, used: String, fix: String) throws {
    var machine = try #require(FakeHost.named("user"))
    machine.files["/proc/key-users"] = users + "\n"
    let failure = try told("userns map=root\nkeyring", machine, "keyctl(", .diskQuotaExceeded)
    #expect(failure.why?.contains("as many keys as you may, \(used): sysctl kernel.keys.max") == true)
    #expect(failure.fix?.hasSuffix("sysctl -w kernel.keys.\(fix)") == true, "\(failure)")
  }

  @Test func rootHasAQuotaOfItsOwn() throws {
    var machine = try #require(FakeHost.named("root"))
    machine.files["/proc/key-users"] = "    0:     9 8/8 3/3 40/25000000\n"
    let failure = try told("keyring", machine, "keyctl(", .diskQuotaExceeded)
    #expect(failure.fix?.hasSuffix("sysctl -w kernel.keys.root_maxkeys=6") == true, "\(failure)")
  }

  @Test func whatDiffersIsTold() throws {
    let machine = try #require(FakeHost.named("user"))
    let differences = Array("groups: expected none, found 4".utf8)
    let failure = try told(
      "userns map=root\nexpect groups=none", machine, "read(<status>", .protocolError, detail: differences)
    #expect(failure.why == "it isn't as expected: groups: expected none, found 4")
    let other = try told("userns map=root\ncapabilities", machine, "capget", .protocolError)
    #expect(other.why?.hasPrefix("the kernel doesn't report what has just been applied") == true)
  }

  /// `try` excuses what the host lacks, not what turns out to be otherwise.
  @Test(arguments: [(Errno.noFunction, true), (.notPermitted, true), (.protocolError, false)])
  func whatIsReadBackOtherwiseIsNotExcused(errno: Errno, isExcused: Bool) throws {
    let machine = try #require(FakeHost.named("user"))
    let file = ConfigurationFile(name: "stages.conf", bytes: Array("userns map=root\ntry nonewprivs".utf8))
    let configuration = try Configuration(file, catalog: StageCatalog(builtin), host: machine.host)
    let plan = try Plan(configuration.entries, CommandOptions().container([[0x61]], configuration, machine.host))
    let index = try #require(plan.items.firstIndex { $0.step.text.hasPrefix("prctl(PR_GET_NO_NEW_PRIVS") })
    let failure = Runner(plan).explain(Runner.StepFailure(step: index, errno: errno))
    #expect(plan.excusable(after: failure).map(\.name) == (isExcused ? ["nonewprivs"] : []))
  }
}
