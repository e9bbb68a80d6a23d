internal import Pipeline

/// `littlectr help`.
enum HelpCommand: Subcommand {
  static let name = "help"
  static let usage = "[COMMAND|STAGE|stages.conf]"
  static let help = """
    Tells about a command, a stage, or the file stages.conf.
    Without a name it lists the commands.
    """

  static func run(
    _ tool: CommandLineTool, _ options: CommandOptions, _ operands: [[UInt8]]
  ) throws(Failure) -> Int32 {
    guard let name = try words(operands, atMost: 1).first else {
      Console.output.write(HelpText.overview(tool))
      return 0
    }
    if let type = CommandLineTool.subcommands.first(where: { $0.name == name }) {
      Console.output.write(HelpText.page(type, tool.catalog))
    } else if let type = tool.catalog[name: name] {
      Console.output.write(HelpText.stage(type, tool.catalog))
    } else if name == "stages.conf" {
      Console.output.write(
        Grammar.sections.map { "\($0.title)\n\n\(wrapped($0.text, indent: 2))\n" }.joined(separator: "\n"))
    } else {
      let (hint, fix) = tool.catalog.answer(
        to: name, among: CommandLineTool.subcommands.map { $0.name } + ["stages.conf"])
      throw Failure(
        "nothing is called '\(name)'" + hint,
        fix: tool.catalog[name: name] == nil && hint.contains("'stages.conf'") ? "littlectr help" : fix)
    }
    return 0
  }
}
