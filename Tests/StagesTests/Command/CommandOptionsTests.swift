import Stages
import Testing

@testable import Command
@testable import Pipeline

struct CommandOptionsTests {
  @Test func everySubcommandsKeysAreInTheTable() {
    let table = Set(CommandOptions.table.map(\.key))
    #expect(table.count == CommandOptions.table.count)
    for command in CommandLineTool.subcommands {
      #expect(command.optionDescriptions.map(\.key) == command.keys, "\(command.name)")
    }
    let used = Set(CommandLineTool.subcommands.flatMap { $0.keys })
    #expect(used == table, "an option that no subcommand has")
  }

  @Test func everySubcommandAndOptionIsDescribed() {
    for command in CommandLineTool.subcommands {
      #expect(command.summary.hasSuffix("."))
      #expect(command.help.contains("\n"), "\(command.name) tells how")
      for option in command.optionDescriptions { #expect(!option.help.isEmpty && !option.syntax.isEmpty) }
    }
  }

  /// The configuration that options make of the shipped one.
  private func configuration(_ words: [String]) throws(Failure) -> Configuration {
    var machine = FakeHost.named("user") ?? FakeHost()
    machine.environment["LITTLECTR_CONF"] = nil
    let options = try arguments(RunCommand.self, ["--conf", Repository.path("stages.conf")] + words).options
    return try options.configuration(tool, Host.current)
  }

  private func complaint(_ words: String...) -> String {
    refusal { () throws(Failure) in try configuration(words) }?.text ?? "no error"
  }

  @Test func whatIsLeftOutIsOff() throws {
    let entries = try configuration(["--without", "uts", "--without=proc"]).entries
    #expect(Set(entries.filter { $0.mode == .off }.map(\.name)).isSuperset(of: ["uts", "proc"]))
    #expect(try configuration([]).entries.filter { $0.mode == .on }.map(\.name).contains("uts"))
  }

  @Test func whatIsSetIsSet() throws {
    let entries = try configuration(["--set", "uts.hostname=a=b", "--set=chroot.readonly", "--image", "x"]).entries
    let settings = entries.flatMap { entry in entry.stage.settings.map { "\(entry.name).\($0.key)=\($0.value)" } }
    for text in ["uts.hostname=a=b", "chroot.readonly=yes", "chroot.image=x"] { #expect(settings.contains(text)) }
  }

  @Test func whatIsAddedIsAddedFirst() throws {
    let entries = try configuration(["--without", "uts", "--set", "pid.init=no"]).entries
    #expect(try entries.map(\.name) == configuration([]).entries.map(\.name))
    #expect(complaint("--with", "uts", "--without", "uts").contains("'uts' is there already"))
  }

  @Test(arguments: ["uts", "uts=", "uts.", ".hostname=x", "=x", "", "."])
  func settingsNameAStageAndAKey(text: String) {
    #expect(
      complaint("--set", text) == """
        littlectr: --set \(text)
          why  it names no stage and key
          fix  write --set STAGE.KEY=VALUE
        """)
  }

  @Test func mistakesAreToldWithTheOptionsWords() {
    #expect(
      complaint("--set", "uts.hostnam=x").hasPrefix(
        "littlectr: --set uts.hostnam=x: unknown key 'hostnam' for stage 'uts'; did you mean 'hostname'?"))
    #expect(complaint("--set", "pid.init=maybe").contains("invalid value 'maybe' for 'init': expected yes or no"))
    #expect(complaint("--without", "utz").contains("--without utz: unknown stage 'utz'; did you mean 'uts'?"))
    #expect(complaint("--without", "uts", "--hostname", "x").contains("--hostname=x: 'uts' is left out ("))
  }

  @Test func imagesAreLookedForInFourPlaces() throws {
    var machine = FakeHost()
    let configuration = try Configuration(
      ConfigurationFile(name: "/srv/box.conf", bytes: Array("userns".utf8)), catalog: tool.catalog, host: machine.host)
    func places() -> [FilePath] { CommandOptions().container([], configuration, machine.host).imageDirectories() }
    #expect(places() == ["/srv/images", "/home/ada/.local/share/littlectr/images", "/var/lib/littlectr/images"])
    machine.environment["XDG_DATA_HOME"] = "/data"
    #expect(places()[1] == "/data/littlectr/images")
    machine.environment = ["XDG_DATA_HOME": "relative"]
    #expect(places() == ["/srv/images", "/var/lib/littlectr/images"])
    // An empty or relative home would be looked for in the working directory.
    for home in ["", ".", "home"] {
      machine.environment = ["HOME": home]
      #expect(places() == ["/srv/images", "/var/lib/littlectr/images"], "\(home)")
    }
    machine.program = "/opt/tool/littlectr"
    #expect(places() == ["/srv/images", "/opt/tool/images", "/var/lib/littlectr/images"])
  }
}
