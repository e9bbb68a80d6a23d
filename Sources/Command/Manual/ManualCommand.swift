internal import Pipeline

/// `littlectr manual`.
enum ManualCommand: Subcommand {
  static let name = "manual"
  static let usage = "littlectr|stages.conf"
  static let help = """
    Prints a manual page (roff).
    littlectr is littlectr(1); stages.conf is stages.conf(5). To read one: littlectr manual littlectr | man -l -
    """

  static func run(
    _ tool: CommandLineTool, _ options: CommandOptions, _ operands: [[UInt8]]
  ) throws(Failure) -> Int32 {
    switch try words(operands, atMost: 1).first {
    case "littlectr": Console.output.write(ProgramPage(tool).text)
    case "stages.conf": Console.output.write(FilePage(tool).text)
    case let word:
      throw Failure(word.map { "no page '\($0)'" } ?? "no page given", fix: "littlectr manual \(Self.usage)")
    }
    return 0
  }
}
