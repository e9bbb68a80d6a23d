internal import Pipeline

extension Completion {
  /// The script for fish.
  static func fish(_ completion: Completion) -> String {
    func quote(_ text: String) -> String {
      "'" + text.replacingAll("\\", with: "\\\\").replacingAll("'", with: "\\'") + "'"
    }
    let running = completion.commands.filter(\.takesCommand)
    let valued = Set(running.flatMap { withValue($0.flags) }).sorted()
    var lines = [
      """
      # fish completion for littlectr
      # The words of the command that is run; fails where it isn't typed yet.
      function __littlectr_command
        set -l words (commandline -opc)
        set -e words[1]
        contains -- "$words[1]" \(running.map(\.name).joined(separator: " ")); or return 1
        set -e words[1]
        while set -q words[1]
          switch $words[1]
            case --
              set -e words[1]
              break
            case \(valued.joined(separator: " "))
              set -e words[1]
              set -q words[1]; and set -e words[1]
            case '-*'
              set -e words[1]
            case '*'
              break
          end
        end
        set -q words[1]; or return 1
        string escape -- $words
      end
      complete -c littlectr -f
      complete -c littlectr -n '__littlectr_command >/dev/null' -a '(complete -C (string join " " -- (__littlectr_command))" "(commandline -ct))'
      """
    ]
    for command in completion.commands {
      lines.append(
        "complete -c littlectr -n __fish_use_subcommand -a \(command.name) -d \(quote(command.summary))")
      let before = command.takesCommand ? "; and not __littlectr_command >/dev/null" : ""
      let condition = "-n '__fish_seen_subcommand_from \(command.name)\(before)'"
      for flag in command.flags {
        let names = flag.names.map { $0.begins(with: "--") ? "-l \($0.dropFirst(2))" : "-s \($0.dropFirst())" }
        let list = flag.list.map { " (littlectr completion \($0) 2>/dev/null)" } ?? ""
        let words = flag.words.joined(separator: " ") + list
        let value =
          flag.isSwitch ? "" : (flag.isFile ? " -r -F" : " -x") + (words.isEmpty ? "" : " -a \(quote(words))")
        lines.append(
          "complete -c littlectr \(condition) \(names.joined(separator: " "))\(value) -d \(quote(flag.help))")
      }
      if !command.operands.isEmpty {
        lines.append("complete -c littlectr \(condition) -a \(quote(command.operands.joined(separator: " ")))")
      }
      if command.takesCommand {
        lines.append(
          "complete -c littlectr -n '__fish_seen_subcommand_from \(command.name)\(before); and string match -qr \"^[^-]\" -- (commandline -ct)' -a '(complete -C (commandline -ct))'"
        )
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
