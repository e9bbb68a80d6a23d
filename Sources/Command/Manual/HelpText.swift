internal import Kernel
internal import Pipeline

/// The texts of `--help`, made from the tables.
enum HelpText {
  static func overview(_ tool: CommandLineTool) -> String {
    var lines = [
      "littlectr runs a command in a Linux container, rootless and without a daemon,",
      "and lets you take the container apart: stages.conf lists its isolation, a line each.",
      "", "usage: littlectr COMMAND …", "",
    ]
    for command in CommandLineTool.subcommands {
      lines.append("  \(padded(command.name, 12)) \(command.summary)")
    }
    lines += [
      "", "  littlectr run bash               a shell in a container",
      "  littlectr explain                what that does, step by step",
      "  littlectr run --without uts bash the same without its own host name",
      "  littlectr help COMMAND           all about a command, a stage, or stages.conf",
    ]
    return lines.joined(separator: "\n")
  }

  static func page(_ type: any Subcommand.Type, _ catalog: StageCatalog) -> String {
    var text = "usage: littlectr \(type.name) \(type.usage)\n\n\(wrapped(type.help, indent: 0))\n\nOptions\n"
    text += type.optionDescriptions.map { option($0) }.joined()
    text += entry("--help, -h", "this text")
    if type.takesCommand {
      let flags = catalog.types.flatMap { type in
        type.optionDescriptions.filter { $0.flag != nil || $0.letter != nil }.map { (type.name, $0) }
      }
      if !flags.isEmpty { text += "\nOptions that stages bring\n" }
      for (stage, flag) in flags { text += option(flag, "\(flag.help) (\(stage).\(flag.key))") }
    }
    return text
  }

  static func stage(_ type: any IsolationStage.Type, _ catalog: StageCatalog) -> String {
    var text = "\(type.name)\n\n\(wrapped(type.help, indent: 2))\n"
    let options = type.optionDescriptions
    if !options.isEmpty { text += "\nKeys\n" }
    for option in options {
      let initial = option.defaultText.isEmpty ? "" : " (default: \(option.defaultText))"
      text += entry("\(option.key)=\(option.syntax)", option.help + initial)
      if let flag = option.flag { text += wrapped("on the command line: --\(flag)", indent: 6) + "\n" }
    }
    let places = StageOrder(type, catalog).places
    if !places.isEmpty { text += "\nOrder\n" }
    for (place, reason) in places { text += entry(place, reason) }
    if !type.diagnostics.isEmpty { text += "\nErrors and fixes\n" }
    for advice in type.diagnostics {
      text += wrapped("\(advice.errno.map { $0.name + ": " } ?? "")\(advice.why)", indent: 2) + "\n"
      text += wrapped("fix: \(advice.fix)", indent: 6) + "\n"
    }
    return text
  }

  private static func option(_ option: OptionDescription, _ help: String? = nil) -> String {
    let letter = option.aliases.map { ", --\($0)" }.joined() + (option.letter.map { ", -\($0)" } ?? "")
    let value = option.isSwitch ? "" : "=\(option.flagSyntax)"
    return entry("--\(option.flag ?? option.key)\(value)\(letter)", help ?? option.help)
  }

  private static func entry(_ term: String, _ text: String) -> String { "  \(term)\n\(wrapped(text, indent: 6))\n" }
}
