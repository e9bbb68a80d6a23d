internal import Kernel
internal import Pipeline

/// `littlectr run`.
enum RunCommand: Subcommand {
  static let name = "run"
  static let usage = "[OPTION…] [--] COMMAND [ARGUMENT…]"
  static let takesCommand = true
  static let help = """
    Runs a command in a container.
    The container is what the lines of stages.conf make it, from top to bottom. Options end at the first word that \
    isn't one: all that follows is the command's.

    Exit status: the command's own; 128 and N when signal N ended it; 125 when littlectr could not set the container \
    up, or not undo all after a command that has ended with 0; 126 when the command is there but can't be executed; 127 when it isn't there.
    """
  static let keys = CommandOptions.containerKeys + ["trace", "fault"]

  static func run(
    _ tool: CommandLineTool, _ options: CommandOptions, _ operands: [[UInt8]]
  ) throws(Failure) -> Int32 {
    guard !operands.isEmpty else {
      throw Failure("no command given", fix: "write one, for example: littlectr run bash")
    }
    let host = Host.current
    let configuration = try options.configuration(tool, host)
    var entries = configuration.entries
    var (fault, said) = (options.fault, [String]())
    func say(_ text: String) {
      if said.contains(text) { return }
      said.append(text)
      Console.error.write(text)
    }
    if let text = ConfigurationSearch(host).neglected(for: configuration.file) { say("littlectr: note: \(text)") }
    while true {
      let plan = try Plan(entries, options.container(operands, configuration, host))
      for warning in plan.container.warnings { say("littlectr: warning: \(shown(warning))") }
      for failure in plan.leftOut { say(Runner.note(failure)) }
      if plan.entries.isEmpty {
        say("littlectr: warning: no stage is used, so the command runs on the host itself, as you")
      }
      var runner = Runner(plan)
      runner.isTracing = options.trace
      runner.fault = try fault?.fault(in: plan)
      // The process ends at once: to take the plan apart first costs more than the wait for the command.
      do throws(Failure) { Syscall.exit(try runner.run()) } catch {
        // What the host can't do for a line with `try` is left out, and all is planned again without it: the stages
        // below must not rely on what isn't there.
        let excusable = plan.excusable(after: error)
        if excusable.isEmpty { throw error }
        for entry in excusable {
          var failure = error
          (failure.stage, failure.location) = (entry.name, entry.location)
          say(Runner.note(failure))
        }
        entries.removeAll { entry in excusable.contains { $0.name == entry.name && $0.location == entry.location } }
        fault = nil
      }
    }
  }
}
