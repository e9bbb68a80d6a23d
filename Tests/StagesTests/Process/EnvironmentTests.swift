import Stages
import Testing

@testable import Command
@testable import Pipeline

/// What the command's environment is planned to be.
struct EnvironmentTests {
  private func environment(_ text: String, _ machine: String = "user with variables") throws -> [String: String] {
    let host = try #require(FakeHost.named(machine)).host
    let file = ConfigurationFile(name: "stages.conf", bytes: Array(text.utf8))
    let configuration = try Configuration(file, catalog: tool.catalog, host: host)
    let plan = try Plan(configuration.entries, CommandOptions().container([[0x61]], configuration, host))
    let variables = plan.container.environment
    #expect(Set(variables.map(\.name)).count == variables.count, "each once")
    return Dictionary(variables.map { ($0.name, String(decoding: $0.bytes, as: UTF8.self)) }) { $1 }
  }

  private static let usual = "PATH HOME LANG"

  @Test(
    "the planned environment holds exactly the variables that the lines ask for",
    arguments: [
      ("", usual), ("env", usual), ("env A=1", usual + " A"), ("env A=1 unset=A", usual),
      ("env unset=HOME", "PATH LANG"),
      ("env pass=SECRET", usual + " SECRET"), ("env SECRET", usual + " SECRET"),
      ("env pass=LC_*", usual + " LC_ALL LC_TIME"), ("env pass=LC_* unset=LC_ALL", usual + " LC_TIME"),
    ] as [(String, String)])
  func itHoldsTheseNames(_ text: String, _ names: String) throws {
    #expect(Set(try environment(text).keys) == Set(names.split(separator: " ").map(String.init)), "\(text)")
  }

  @Test func whatStandsFurtherRightWins() throws {
    #expect(try environment("env SECRET=mine pass=SECRET")["SECRET"] == "hunter2")
    #expect(try environment("env pass=SECRET SECRET=mine")["SECRET"] == "mine")
    #expect(try environment("env unset=A A=1")["A"] == "1")
    #expect(try environment("env A=1 A=2=3")["A"] == "2=3")
    #expect(try environment("env A=")["A"] == "")
  }

  @Test func theUsersHomeIsTheUsersUnlessEnvSaysOtherwise() throws {
    let base = "userns\nmount\nchroot\nuser name=ada\nworkdir path=srv\n"
    let seen = try environment(base, "user with accounts")
    #expect(seen["HOME"] == "/home/ada" && seen["USER"] == "ada" && seen["LOGNAME"] == "ada" && seen["PWD"] == "/srv")
    let other = try environment(base + "env HOME=/srv unset=USER", "user with accounts")
    #expect(other["HOME"] == "/srv" && other["USER"] == nil && other["LOGNAME"] == "ada")
    #expect(try environment("userns\nmount\nchroot\nuser uid=7", "user with accounts")["HOME"] == "/")
    #expect(try environment("userns map=full\nmount\nchroot\nuser uid=0", "user with accounts")["HOME"] == "/root")
  }

  /// What is handed down is a secret as often as not.
  @Test func aValueThatIsHandedDownIsShownNowhere() throws {
    let planned = try Golden("env-pass.plan").planned()
    #expect(planned.contains("SECRET") && !planned.contains("hunter2"))
  }
}
