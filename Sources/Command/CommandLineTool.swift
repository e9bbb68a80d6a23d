internal import Kernel
public import Pipeline

/// The program `littlectr`: its subcommands over a set of stages. Another package makes its own with stages added:
///
///     CommandLineTool(stages: builtin + [MyStage.self]).main()
public struct CommandLineTool: Sendable {
  /// The version that `--version` prints.
  public static let version = Version.text

  /// The stages that a configuration may name.
  public let catalog: StageCatalog
  /// The configuration that is used where no file is found.
  public let defaultConfiguration: [UInt8]

  static let subcommands: [any Subcommand.Type] = [
    RunCommand.self, ExplainCommand.self, StagesCommand.self, HelpCommand.self, CompletionCommand.self,
    ManualCommand.self,
  ]

  /// A tool that knows these stages, and uses this text where no stages.conf is found; littlectr's own without one.
  public init(stages: [any IsolationStage.Type], defaultConfiguration: [UInt8]? = nil) {
    catalog = StageCatalog(stages)
    self.defaultConfiguration = defaultConfiguration ?? PackageResources.stages_conf
  }

  /// Does what the arguments of the process ask for, and ends the process.
  public func main() -> Never {
    do throws(Failure) {
      if Credentials.isPrivilegedExecutable {
        throw Failure(
          "littlectr has more privileges than you",
          why: "it is set-user-ID, or has file capabilities; it needs neither",
          fix: "chmod u-s, or setcap -r, on the program")
      }
      Syscall.exit(try run(ProcessContext.arguments))
    } catch {
      Console.error.write(Console.error.render(error))
      Syscall.exit(error.status)
    }
  }

  /// Does what the arguments ask for.
  ///
  /// - Returns: the exit status.
  func run(_ arguments: [[UInt8]]) throws(Failure) -> Int32 {
    guard let first = arguments.first else {
      Console.error.write(HelpText.overview(self))
      return 125
    }
    let word = shown(first)
    // The way to exec doesn't need the list of all subcommands.
    if word == RunCommand.name { return try dispatch(RunCommand.self, Array(arguments.dropFirst())) }
    switch word {
    case "--version":
      Console.output.write("littlectr \(Self.version)")
      return 0
    case "--help", "-h":
      Console.output.write(HelpText.overview(self))
      return 0
    default:
      guard let type = Self.subcommands.first(where: { $0.name == word }) else {
        let names = Self.subcommands.map { $0.name }
        throw Failure(
          word.begins(with: "-")
            ? "unknown option '\(word)'" : "unknown command '\(word)'" + didYouMean(word, among: names),
          fix: "littlectr help lists them; to run a command in a container: littlectr run \(word)")
      }
      return try dispatch(type, Array(arguments.dropFirst()))
    }
  }

  private func dispatch(_ type: any Subcommand.Type, _ arguments: [[UInt8]]) throws(Failure) -> Int32 {
    var parser = ArgumentParser(type, catalog: catalog)
    try parser.read(arguments)
    if parser.wantsHelp {
      Console.output.write(HelpText.page(type, catalog))
      return 0
    }
    return try type.run(self, parser.options, parser.operands)
  }
}
