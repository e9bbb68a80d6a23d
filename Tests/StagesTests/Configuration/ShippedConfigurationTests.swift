import Stages
import Testing

@testable import Command
@testable import Pipeline

struct ShippedConfigurationTests {
  private func text() throws -> String { try Repository.text("stages.conf") }

  @Test func itNamesEveryStageInOrderWithItsDefaults() throws {
    let file = ConfigurationFile(name: "stages.conf", bytes: Array(try text().utf8))
    let configuration = try Configuration(file, catalog: tool.catalog, host: FakeHost().host)
    #expect(configuration.entries.map(\.name) == builtin.map { $0.name }.filter { StagePlace.unlisted[$0] == nil })
    for entry in configuration.entries where entry.mode == .on {
      let defaults = type(of: entry.stage).optionDescriptions.map { "\($0.isOpen ? "" : $0.key)=\($0.defaultText)" }
      #expect(entry.stage.settings.map { "\($0.key)=\($0.value)" } == defaults, "\(entry.name)")
    }
  }

  @Test func itIsPlannedForEveryKindOfUser() throws {
    for name in ["root", "root in a user namespace", "user", "user with ranges"] {
      let host = try #require(FakeHost.named(name)).host
      let file = ConfigurationFile(name: "stages.conf", bytes: Array(try text().utf8))
      let configuration = try Configuration(file, catalog: tool.catalog, host: host)
      let plan = try Plan(configuration.entries, CommandOptions().container([[0x61]], configuration, host))
      #expect(plan.entries.map(\.name) == configuration.entries.filter { $0.mode == .on }.map(\.name))
      #expect(plan.container.warnings.isEmpty && plan.leftOut.isEmpty)
    }
  }

  /// What most people want is on; what needs a choice of theirs is there, off.
  @Test func whatNeedsAChoiceIsOff() throws {
    let off = try text().split(separator: "\n").filter { $0.hasPrefix("off ") }.map { $0.split(separator: " ")[1] }
    #expect(
      off == [
        "net", "time", "hostroot", "bind", "tmpfs", "file", "umask", "rlimit", "scheduling", "hook", "user", "workdir",
        "landlock", "expect",
      ])
    #expect(!(try text()).contains("\ntry "))
  }

  @Test func aboveEachLineStandsWhatOneSeesWithoutIt() throws {
    let lines = try text().split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where !line.hasPrefix("#") && !line.isEmpty {
      let comment = lines[..<index].reversed().prefix { $0.hasPrefix("#") }
      #expect(comment.count >= 2, "\(line)")
      #expect(comment.contains { $0.hasPrefix("# Without it") }, "\(line)")
    }
  }

  @Test func itIsTheOneInsideTheBinary() throws {
    #expect(tool.defaultConfiguration == Array(try text().utf8))
  }
}
