public import Pipeline

/// Runs a program of the host's as a step.
public struct Hook: IsolationStage {
  public static let name = "hook"
  public static let synonyms = ["hooks"]
  public static let help = """
    Runs any program of your machine's as a step, for experiments and for what no stage does.
    It gets your environment (without relative directories in PATH and in what the loader reads), standard output and \
    error, /dev/null to read, and variables: LITTLECTR_PHASE, while there is a child LITTLECTR_CHILD, its process id as your \
    machine has it, and in-child LITTLECTR_ROOT, a path to the container's root. When it fails, the container is not \
    started, and whatever was done is undone. Without it a new kind of isolation needs a stage written in Swift.
    """
  public static let options = [
    StageOption(
      "phase", \Self.phase,
      """
      before-clone: before the child exists; child-waits: as you, while the child waits for it, with its namespaces made; \
      in-child: in them, in your machine's /, with the new root at $LITTLECTR_ROOT if there is one; after: once the \
      container has ended, whichever way
      """),
    StageOption("run", \Self.run, "the program: a path, or a name that is looked up in your PATH"),
    StageOption("args", \Self.arguments, "an argument of it; to be given once for each"),
  ]
  public static let isRepeatable = true
  public static let diagnostics = [nothing, unknown, severalWords, failed, missing, notExecutable, noFormat]

  static let nothing = Advice(why: "the line names no program", fix: "write hook phase=child-waits run=./script")
  static let unknown = Advice(
    why: "no directory of your PATH has a program {program}", fix: "install it, or write its path: run=./{program}")
  static let severalWords = Advice(
    .noSuchFileOrDirectory, why: "run= is a program alone, and none is called {program}",
    fix: "write its arguments apart: run={name} {arguments}")
  static let failed = Advice(
    .canceled, why: "{program} {end}; what it has printed says why", fix: "mend it, or write: off hook")
  static let missing = Advice(
    .noSuchFileOrDirectory, why: "there is no {program}, or what its first line names after #! isn't there",
    fix: "write run= with a program that is there")
  static let notExecutable = Advice(
    .permissionDenied, why: "you may not execute {program}", fix: "chmod +x {program}")
  static let noFormat = Advice(
    .execFormatError, why: "{program} is neither a program nor a script that begins with #!",
    fix: "add a first line such as #!/bin/sh")

  enum Phase: String, CaseIterable {
    case beforeClone = "before-clone"
    case childWaits = "child-waits"
    case inChild = "in-child"
    case after
  }

  var phase = Phase.childWaits
  var run: HookProgram?
  var arguments: [String] = []
  public init() {}

  public func shape(_ container: inout Container) throws(Failure) {
    let program = try program(container.host).path
    container.rely(on: program, .program, as: "the program of a hook")
    // An interpreter's script, for instance.
    for argument in arguments where !argument.isEmpty {
      let path = FilePath(argument)
      container.rely(
        on: phase == .inChild ? FilePath("/").pushing(path) : path, .program, as: "what the program of a hook gets")
    }
    guard run?.path == nil else { return }
    // What an earlier directory of PATH lacks could be made there from inside.
    for path in container.host.searched(for: FilePath(run?.optionText ?? "")) {
      if path == program { return }
      container.rely(on: path, .file, as: "where a hook's program is looked for", ifAbsent: .refused)
    }
  }

  public func beforeClone(_ container: Container) throws(Failure) -> [Step] {
    // Whatever the phase: a mistake is told before anything is done.
    let program = try program(container.host)
    switch phase {
    case .beforeClone: return [step(program, .none, container)]
    case .after:
      return [
        explained(.checkExecutable(program.path), program).undo(step(program, .none, container))
          .remark("it runs once the container has ended")
      ]
    default: return []
    }
  }

  public func whileChildWaits(_ container: Container, child: ChildID) throws(Failure) -> [Step] {
    phase == .childWaits ? [step(try program(container.host), .child(child), container)] : []
  }

  public func inChild(_ container: Container) throws(Failure) -> [Step] {
    guard phase == .inChild else { return [] }
    return [
      .restoreFileModeMask(container.callersMask), step(try program(container.host), .itself, container),
      .setFileModeMask(0o022),
    ]
  }

  private func program(_ host: Host) throws(Failure) -> HostProgram {
    guard let run else { throw Failure("nothing is run", Self.nothing) }
    guard let path = run.path ?? host.find(program: run.optionText) else {
      let advice = Self.told(run.optionText) ?? Self.unknown.filled(["program": run.optionText])
      var failure = Failure("run=\(run.optionText)", advice)
      failure.hostLacks = true
      throw failure
    }
    return HostProgram(path, arguments)
  }

  private func step(_ program: HostProgram, _ told: Step.ToldProcess, _ container: Container) -> Step {
    let phase = EnvironmentVariable("LITTLECTR_PHASE", phase.rawValue)
    let root = self.phase == .inChild ? container.root : nil
    return explained(.run(program, [phase], told, root: root, container), program)
      .advice(.canceled) { evidence in
        let end = evidence.detail.isEmpty ? "has failed" : shown(evidence.detail)
        return Self.failed.filled(["program": program.path.text, "end": end])
      }
  }

  /// A program and its arguments in one word, as a shell would read them.
  private static func told(_ text: String) -> Advice? {
    let words = text.words()
    guard words.count > 1 else { return nil }
    return severalWords.filled([
      "program": "'\(text)'", "name": words[0],
      "arguments": words.dropFirst().map { "args=" + $0 }.joined(separator: " "),
    ])
  }

  private func explained(_ step: Step, _ program: HostProgram) -> Step {
    let text = run?.optionText ?? ""
    return step.advice(.noSuchFileOrDirectory) { _ in Self.told(text) }.advice(
      anyOf: [Self.missing, Self.notExecutable, Self.noFormat], filled: ["program": program.path.text])
  }
}
