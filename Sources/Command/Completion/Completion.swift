internal import Pipeline

/// What shells complete: the subcommands with their options, and the stages with their keys.
struct Completion {
  struct Flag {
    let names: [String]
    let help: String
    let isSwitch: Bool
    var words: [String] = []
    /// Whether the value may be a file or directory.
    var isFile = false
    /// The word after `completion` by which littlectr itself lists values; nil if it doesn't.
    var list: String?
  }

  struct Command {
    let name: String
    let summary: String
    let flags: [Flag]
    let operands: [String]
    let takesCommand: Bool
  }

  let commands: [Command]
  let stages: [String]

  init(_ tool: CommandLineTool) {
    let stages = tool.catalog.names
    self.stages = stages
    /// Every key of every stage, as `--set` takes it.
    let keys = tool.catalog.types.flatMap { type in type.optionDescriptions.map { "\(type.name).\($0.key)=" } }
    func flag(_ option: OptionDescription) -> Flag {
      let dashed = [option.flag ?? option.key] + option.aliases
      var flag = Flag(
        names: dashed.map { "--" + $0 } + (option.letter.map { ["-" + String($0)] } ?? []), help: option.help,
        isSwitch: option.isSwitch, words: option.words,
        isFile: [FilePath.syntax, ConfigurationName.syntax].contains(option.syntax))
      switch option.flag ?? option.key {
      case "set": flag.words = keys
      case "with", "without": flag.words = stages
      case "fault": flag.words = Self.faults
      case "conf": flag.list = CompletionCommand.Lists.confs.rawValue
      case "image": flag.list = CompletionCommand.Lists.images.rawValue
      case "root": (flag.words, flag.isFile) = (["host"], true)
      case "bind": flag.isFile = true
      default: break
      }
      return flag
    }
    let stageFlags = tool.catalog.types.flatMap { $0.optionDescriptions.filter { $0.flag != nil } }.map(flag)
    func command(_ type: any Subcommand.Type) -> Command {
      let operands: [String: [String]] = [
        StagesCommand.name: stages, CompletionCommand.name: ["bash", "zsh", "fish"],
        ManualCommand.name: ["littlectr", "stages.conf"],
        HelpCommand.name: CommandLineTool.subcommands.map { $0.name } + stages + ["stages.conf"],
      ]
      let help = Flag(names: ["--help", "-h"], help: "show help", isSwitch: true)
      return Command(
        name: type.name, summary: type.summary,
        flags: type.optionDescriptions.map(flag) + (type.takesCommand ? stageFlags : []) + [help],
        operands: operands[type.name] ?? [], takesCommand: type.takesCommand)
    }
    commands = CommandLineTool.subcommands.map { command($0) }
  }

  /// What --fault is mostly used for: the calls that an outer container or a security module refuses.
  private static let faults = [
    "clone3", "sethostname", "mount", "open_tree", "move_mount", "mount_setattr", "fsopen", "fsconfig", "fsmount",
    "pivot_root", "umount2", "setgroups", "prctl", "seccomp", "execve",
  ].flatMap { ["\($0)=EPERM", "\($0)=KILL"] }

  /// The options that a value follows.
  static func withValue(_ flags: [Flag]) -> [String] { flags.filter { !$0.isSwitch }.flatMap(\.names) }
}
