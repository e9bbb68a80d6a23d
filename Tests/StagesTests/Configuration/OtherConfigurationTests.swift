import Stages
import Testing

@testable import Command
@testable import Pipeline

/// The files beside stages.conf that are for one purpose each.
struct OtherConfigurationTests {
  private static let names = ["hardened.conf", "agent.conf"]

  private func configuration(_ name: String, _ host: Host) throws -> Configuration {
    let file = ConfigurationFile(name: name, bytes: Array(try Repository.text(name).utf8))
    return try Configuration(file, catalog: tool.catalog, host: host)
  }

  @Test(arguments: names, ["root", "root in a user namespace", "user with ranges"])
  func itIsPlannedAsItStands(name: String, machine: String) throws {
    let host = try #require(FakeHost.named(machine)).host
    let configuration = try configuration(name, host)
    let plan = try Plan(configuration.entries, CommandOptions().container([[0x61]], configuration, host))
    #expect(plan.entries.count == configuration.entries.count)
    #expect(plan.container.warnings.isEmpty && plan.leftOut.isEmpty)
  }

  /// What can't be applied stops the container.
  @Test(arguments: names) func everyLineIsRequired(name: String) throws {
    for entry in try configuration(name, FakeHost().host).entries { #expect(entry.mode == .on, "\(entry.location)") }
  }

  /// Each privilege stage that there is, and the lines that take things away, are used.
  @Test func whatProtectsIsUsed() throws {
    let kinds = ["userns", "pid", "ipc", "cgroupns", "mount", "net", "fds", "keyring", "dumpable", "capabilities"]
    for name in Self.names {
      let used = try configuration(name, FakeHost().host).entries.map(\.name)
      for kind in kinds + ["nonewprivs", "terminal", "env", "landlock", "seccomp", "expect"] {
        #expect(used.contains(kind), "\(name): \(kind)")
      }
    }
  }

  @Test(arguments: names) func itIsShortEnoughToBeRead(name: String) throws {
    let lines = try Repository.text(name).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 65 && lines.allSatisfy { $0.count <= 120 })
  }

  /// The places of the files that make installs are those of the manual.
  @Test func theyAreInstalledBesideStagesConf() throws {
    let makefile = try Repository.text("Makefile")
    #expect(Self.names.allSatisfy { makefile.contains($0) })
  }
}
