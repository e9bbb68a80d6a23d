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
        let dispensable = plan.dispensable(after: error)
        if dispensable.isEmpty { throw error }
        for entry in dispensable {
          var failure = error
          (failure.stage, failure.location) = (entry.name, entry.location)
          say(Runner.note(failure))
        }
        entries.removeAll { entry in dispensable.contains { $0.name == entry.name && $0.location == entry.location } }
        fault = nil
      }
    }
  }
}

/// The value of `--fault`: a step, by its number or its call's name, and what is to happen there.
struct FaultOption: OptionValue {
  static let syntax = "STEP=ERRNO|STEP=KILL"
  /// The number that explain gives the step, or its call's name.
  let step: String
  /// Nil for KILL.
  let errno: Errno?

  var optionText: String { "\(step)=\(errno?.name ?? "KILL")" }

  /// What is to happen in a plan.
  func fault(in plan: Plan) throws(Failure) -> Fault {
    let isThere: (Plan.Item) -> Bool = { item in
      item.step.text.lines.contains { $0.begins(with: step + "(") }
    }
    let index = Int(step).map { $0 - 1 } ?? plan.items.firstIndex(where: isThere)
    guard let index, plan.items.indices.contains(index) else {
      throw Failure(
        "--fault \(optionText)", why: "this container has \(plan.items.count) steps, and that is none of them",
        fix: "littlectr explain, with the same options, numbers them")
    }
    return errno.map { .failing(step: index, $0) } ?? .killing(step: index)
  }

  static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> FaultOption {
    let parts = text.fields("=")
    guard parts.count == 2, !parts[0].isEmpty, Int(parts[0]).map({ $0 > 0 }) ?? !parts[0].begins(with: "-") else {
      throw ValueError(expected: "a step and an errno, as in 3=EPERM or sethostname=EPERM, or 3=KILL")
    }
    if parts[1] == "KILL" { return FaultOption(step: parts[0], errno: nil) }
    guard let errno = (1..<134).map({ Errno(rawValue: $0) }).first(where: { $0.name == parts[1] }) else {
      throw ValueError(expected: "the name of an errno, as errno(3) lists them, or KILL after the '='")
    }
    return FaultOption(step: parts[0], errno: errno)
  }
}
