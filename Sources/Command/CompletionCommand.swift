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
    """

  static func run(
    _ tool: CommandLineTool, _ options: CommandOptions, _ operands: [[UInt8]]
  ) throws(Failure) -> Int32 {
    let shells = ["bash": Completion.bash, "zsh": Completion.zsh, "fish": Completion.fish]
    let word = try words(operands, atMost: 1).first
    guard let word, let script = shells[word] else {
      throw Failure(
        word.map { "no completion for '\($0)'" } ?? "which shell?", fix: "littlectr completion \(Self.usage)")
    }
    Console.output.write(script(Completion(tool)))
    return 0
  }
}
