internal import Kernel
internal import Pipeline

/// `littlectr explain`.
enum ExplainCommand: Subcommand {
  static let name = "explain"
  static let usage = "[OPTION…] [--] [COMMAND [ARGUMENT…]]"
  static let takesCommand = true
  static let help = """
    Shows what run would do, without doing it.
    Every stage in order, the steps by phase as strace would print them, what is off, and what stays shared with the \
    host. It has the same options as run, but for --trace and --fault, which need a run. The command is /bin/sh if none is given.
    """
  static let keys = CommandOptions.containerKeys + ["json"]

  static func run(
    _ tool: CommandLineTool, _ options: CommandOptions, _ operands: [[UInt8]]
  ) throws(Failure) -> Int32 {
    let host = Host.current
    let configuration = try options.configuration(tool, host)
    if let text = ConfigurationSearch(host).neglected(for: configuration.file) {
      Console.error.write("littlectr: note: \(text)")
    }
    let command = operands.isEmpty ? [Array("/bin/sh".utf8)] : operands
    let plan = try Plan(configuration.entries, options.container(command, configuration, host))
    if options.json {
      Console.output.write(Explanation(plan, configuration).json.text())
    } else {
      Console.output.write(ExplanationText(plan, configuration, Console.output.style).text)
    }
    return 0
  }
}
