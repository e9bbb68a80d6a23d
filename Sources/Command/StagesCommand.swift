internal import Pipeline

/// `littlectr stages`.
enum StagesCommand: Subcommand {
  static let name = "stages"
  static let usage = "[STAGE]"
  static let help = """
    Lists the stages, or tells all about one.
    With a name: what it is for, what one sees without it, its keys with their defaults, and its errors with their fixes.
    """

  static func run(
    _ tool: CommandLineTool, _ options: CommandOptions, _ operands: [[UInt8]]
  ) throws(Failure) -> Int32 {
    guard let name = try words(operands, atMost: 1).first else {
      for type in tool.catalog.types { Console.output.write("\(padded(type.name, 12)) \(type.summary)") }
      return 0
    }
    guard let type = tool.catalog[name: name] else {
      let (hint, fix) = tool.catalog.answer(to: name)
      throw Failure("unknown stage '\(name)'" + hint, fix: fix)
    }
    Console.output.write(HelpText.stage(type, tool.catalog))
    return 0
  }
}
