internal import Kernel
internal import Pipeline

/// `littlectr completion`.
enum CompletionCommand: Subcommand {
  static let name = "completion"
  static let usage = "bash|zsh|fish"
  static let help = """
    Prints the completion script of a shell.
    For bash: littlectr completion bash > ~/.local/share/bash-completion/completions/littlectr
    For zsh: littlectr completion zsh > a directory of $fpath/_littlectr
    For fish: littlectr completion fish > ~/.config/fish/completions/littlectr.fish
    The scripts ask for the images and conf files that there are: littlectr completion images, littlectr completion confs.
    """

  /// What the scripts ask for when they complete.
  enum Lists: String {
    case images, confs

    /// The names, sorted.
    func names(_ tool: CommandLineTool) -> [String] {
      let host = Host.current
      switch self {
      case .images:
        guard let configuration = try? CommandOptions().configuration(tool, host) else { return [] }
        let directories = CommandOptions().container([], configuration, host).imageDirectories()
        return Self.entries(of: directories) { host.status(of: $0)?.isDirectory == true }
      case .confs:
        let directories = ConfigurationSearch(host).directories.map(\.path)
        return Self.entries(of: directories) { $0.text.ends(with: ".conf") }
      }
    }

    private static func entries(of directories: [FilePath], where isOne: (FilePath) -> Bool) -> [String] {
      var names: Set<String> = []
      for path in directories {
        guard let directory = try? Syscall.open(path.isEmpty ? "." : path, [.read, .directory]) else { continue }
        defer { try? Syscall.close(directory) }
        for name in (try? Syscall.entries(of: directory)) ?? [] where isOne(path.pushing(name)) {
          // What a shell would take apart is left to the user.
          if !name.text.unicodeScalars.contains(where: { " \t\n'\"\\$`".unicodeScalars.contains($0) }) {
            names.insert(name.text)
          }
        }
      }
      return names.sorted()
    }
  }

  static func run(
    _ tool: CommandLineTool, _ options: CommandOptions, _ operands: [[UInt8]]
  ) throws(Failure) -> Int32 {
    let shells = ["bash": Completion.bash, "zsh": Completion.zsh, "fish": Completion.fish]
    let word = try words(operands, atMost: 1).first
    if let list = word.flatMap(Lists.init(rawValue:)) {
      for name in list.names(tool) { Console.output.write(name) }
      return 0
    }
    guard let word, let script = shells[word] else {
      throw Failure(
        word.map { "no completion for '\($0)'" } ?? "no shell given", fix: "littlectr completion \(Self.usage)")
    }
    Console.output.write(script(Completion(tool)))
    return 0
  }
}
