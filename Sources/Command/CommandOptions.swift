internal import Pipeline

/// The options of all subcommands. One type holds them all, so that reading them is compiled once, and quick.
struct CommandOptions: Sendable {
  var conf: FilePath?
  var with: [String] = []
  var without: [String] = []
  var set: [String] = []
  var settings: [StageSetting] = []

  var trace = false
  var fault: FaultOption?
  var json = false

  /// The keys that say which container is meant.
  static let containerKeys = ["conf", "set", "with", "without"]

  static let table: [StageOption] = [
    StageOption("conf", \Self.conf, "use this file instead of the first stages.conf that is found"),
    StageOption("set", \Self.set, "set an option of a stage", syntax: "STAGE.KEY=VALUE"),
    StageOption(
      "with", \Self.with, "add a stage, or switch one on that is off: what its line says holds too, and lists grow",
      syntax: "'STAGE key=value …'"),
    StageOption("without", \Self.without, "switch a stage off", syntax: "STAGE"),
    StageOption("trace", \Self.trace, "print each step to standard error, with its time in microseconds"),
    StageOption(
      "fault", \Self.fault,
      "make a step fail with ERRNO, or have littlectr killed after it, to see what happens; a step is named by its call, or by the number that explain gives it"
    ),
    StageOption("json", \Self.json, "print it as JSON, for programs"),
  ]

  /// Reads the file and applies the command line to it: first what is added, then what is left out, then what is set.
  func configuration(_ tool: CommandLineTool, _ host: Host) throws(Failure) -> Configuration {
    let file = try Configuration.find(named: conf, default: tool.defaultConfiguration, host: host)
    var configuration = try Configuration(file, catalog: tool.catalog, host: host)
    try change(&configuration)
    return configuration
  }

  /// Applies the command line to a file's lines.
  func change(_ configuration: inout Configuration) throws(Failure) {
    for line in with { try configuration.add(line, from: "--with '\(line)'") }
    for stage in without { try configuration.remove(stage, from: "--without \(stage)") }
    for text in set {
      let setting = try Self.setting(text)
      try configuration.set(setting.stage, setting.key, to: setting.value, from: setting.text)
    }
    for setting in settings {
      try configuration.apply(setting.stage, setting.key, to: setting.value, from: setting.text)
    }
  }

  /// The container that a command is to run in, before any stage has shaped it.
  func container(_ command: [[UInt8]], _ configuration: Configuration, _ host: Host) -> Container {
    var container = Container(command: command, host: host)
    let data: @Sendable () -> FilePath? = {
      let data = host.absolutePath(in: "XDG_DATA_HOME")
      return data ?? host.variable("HOME").map { FilePath(bytes: $0).appending(".local/share") }
    }
    container.runDirectory = {
      (host.isRoot ? nil : data())?.appending("littlectr/run") ?? "/var/lib/littlectr/run"
    }
    container.imageDirectories = {
      let home = data()
      // Beside a file that somebody trusted, never in a directory that littlectr merely happens to be called in.
      return (configuration.isBuiltIn ? [] : [configuration.directory.appending("images")])
        + (home.map { [$0.appending("littlectr/images")] } ?? [])
        + ["/var/lib/littlectr/images"]
    }
    return container
  }

  private static func setting(_ text: String) throws(Failure) -> StageSetting {
    let sides = text.fields("=", most: 2)
    let names = sides[0].fields(".", most: 2)
    guard names.count == 2, !names[0].isEmpty, !names[1].isEmpty else {
      throw Failure("--set \(text)", why: "it names no stage and key", fix: "write --set STAGE.KEY=VALUE")
    }
    return StageSetting(
      stage: names[0], key: names[1], value: sides.count > 1 ? sides[1] : nil, text: "--set \(text)")
  }
}
