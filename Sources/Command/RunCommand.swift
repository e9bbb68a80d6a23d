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
    up; 126 when the command is there but can't be executed; 127 when it isn't there.
    """
  static let keys = CommandOptions.containerKeys + ["trace", "fault"]

  static func run(
    _ tool: CommandLineTool, _ options: CommandOptions, _ operands: [[UInt8]]
  ) throws(Failure) -> Int32 {
    guard !operands.isEmpty else {
      throw Failure("which command?", why: "none is given", fix: "littlectr run bash")
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
    while true {
      let plan = try Plan(entries, options.container(operands, configuration, host))
      for warning in plan.container.warnings { say("littlectr: warning: \(warning)") }
      for failure in plan.leftOut { say(Runner.note(failure)) }
      var runner = Runner(plan)
      runner.isTracing = options.trace
      if let fault {
        guard plan.items.indices.contains(fault.step) else {
          throw Failure("--fault \(fault.optionText)", why: "this container has \(plan.items.count) steps")
        }
        runner.fault = fault.fault
      }
      do throws(Failure) { return try runner.run() } catch {
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

/// The value of `--fault`: the number of a step, and what is to happen there.
struct FaultOption: OptionValue {
  static let syntax = "N=ERRNO|N=KILL"
  /// The step's index.
  let step: Int
  /// Nil for KILL.
  let errno: Errno?

  var fault: Fault { errno.map { .failing(step: step, $0) } ?? .killing(step: step) }
  var optionText: String { "\(step + 1)=\(errno?.name ?? "KILL")" }

  static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> FaultOption {
    let parts = text.split(separator: "=")
    guard parts.count == 2, let number = Int(parts[0]), number > 0, let errno = errno(named: String(parts[1])) else {
      throw ValueError(expected: "a step's number and an errno, as in 3=EPERM, or 3=KILL")
    }
    return FaultOption(step: number - 1, errno: errno)
  }

  private static func errno(named name: String) -> Errno?? {
    if name == "KILL" { return .some(nil) }
    return (1..<134).map { Errno(rawValue: $0) }.first { $0.name == name }.map { .some($0) }
  }
}
