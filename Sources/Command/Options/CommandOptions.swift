internal import Pipeline

/// The options of all subcommands. One type holds them all, so that reading them is compiled once, and quick.
struct CommandOptions: Sendable {
  var conf: ConfigurationName?
  var with: [String] = []
  var without: [String] = []
  var set: [String] = []
  var settings: [StageSetting] = []
  var foreign: [ForeignSetting] = []

  var trace = false
  var fault: FaultOption?
  var json = false

  /// The keys that say which container is meant.
  static let containerKeys = ["conf", "set", "with", "without"]

  static let table: [StageOption] = [
    StageOption(
      "conf", \Self.conf, "use this file; a name without '/' is looked for beside the program and where yours are"),
    StageOption(
      "set", \Self.set,
      "set an option of a stage; of a list, the first --set begins a new one; KEY+=VALUE adds to what is there",
      syntax: "STAGE.KEY=VALUE"),
    StageOption(
      "with", \Self.with,
      """
      add a stage, or switch one on that is off: what its line says holds too, but for what is given here; KEY+=VALUE adds \
      to a list. Of a stage that may have several lines, such as bind and tmpfs, it is always one more
      """,
      syntax: "'STAGE key=value …'"),
    StageOption("without", \Self.without, "switch stages off", syntax: "STAGE[,STAGE…]"),
    StageOption("trace", \Self.trace, "print each step to standard error, with its time in microseconds"),
    StageOption(
      "fault", \Self.fault,
      "make a step fail with ERRNO, or have littlectr killed after it, to see what happens; a step is named by its call, or by the number that explain gives it"
    ),
    StageOption("json", \Self.json, "print it as JSON, for programs"),
  ]

  /// Reads the file and applies the command line to it: first what is added, then what is left out, then what is set.
  func configuration(_ tool: CommandLineTool, _ host: Host) throws(Failure) -> Configuration {
    let file = try ConfigurationSearch(host).file(named: conf?.text, default: tool.defaultConfiguration)
    var configuration = try Configuration(file, catalog: tool.catalog, host: host)
    try configuration.checkThatItNamesStages()
    try change(&configuration)
    return configuration
  }

  /// Applies the command line to a file's lines.
  func change(_ configuration: inout Configuration) throws(Failure) {
    for line in with { try configuration.add(line, from: "--with '\(line)'") }
    for list in without {
      for stage in list.fields(",") {
        try configuration.remove(stage, from: "--without \(list)")
      }
    }
    for text in set {
      let setting = try Self.setting(text)
      try configuration.set(setting.stage, setting.key, to: setting.value, from: setting.text)
    }
    for setting in settings {
      try configuration.apply(setting.stage, setting.key, to: setting.value, from: setting.text)
    }
    for setting in foreign { if let refusal = setting.refusal(configuration) { throw refusal } }
  }

  /// The container that a command is to run in, before any stage has shaped it.
  func container(_ command: [[UInt8]], _ configuration: Configuration, _ host: Host) -> Container {
    var container = Container(command: command, host: host)
    container.ways = configuration.ways
    container.catalog = configuration.stages
    let data: @Sendable () -> FilePath? = { host.directory(of: "XDG_DATA_HOME", inHome: ".local/share") }
    container.runDirectory = {
      (host.isRoot ? nil : data())?.appending("littlectr/run") ?? "/var/lib/littlectr/run"
    }
    let file = configuration.file
    container.imageDirectories = {
      // Beside a file that somebody trusted, never in a directory that littlectr merely happens to be called in.
      var directories = file.isBuiltIn ? [] : [file.directory.appending("images")]
      if file.origin != .program, let beside = host.programDirectory { directories.append(beside.appending("images")) }
      if let home = data() { directories.append(home.appending("littlectr/images")) }
      return directories + ["/var/lib/littlectr/images"]
    }
    container.reliesBeside = { Reliances.all(configuration, host) }
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

/// The value of `--conf`: the path of a file, which has a slash, or a configuration's name.
struct ConfigurationName: OptionValue {
  static let syntax = "FILE|NAME"
  let text: String

  var optionText: String { text }

  static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> ConfigurationName {
    guard !text.isEmpty else { throw ValueError(expected: "a file, or a configuration's name") }
    return ConfigurationName(text: text)
  }
}
