internal import Pipeline

extension Completion {
  /// The script for zsh.
  static func zsh(_ completion: Completion) -> String {
    func quote(_ text: String) -> String { text.replacingAll("'", with: "'\\''") }
    func values(_ flag: Flag) -> String {
      var actions = flag.words.isEmpty ? [] : ["compadd -- \(flag.words.joined(separator: " "))"]
      if let list = flag.list { actions.append("compadd -- $($program completion \(list) 2>/dev/null)") }
      if flag.isFile { actions.append("_files") }
      if flag.list == nil, !flag.isFile { return "(\(flag.words.joined(separator: " ")))" }
      return actions.count == 1 && flag.isFile ? "_files" : "{\(actions.joined(separator: "; "))}"
    }
    func spec(_ flag: Flag) -> [String] {
      let help = quote(
        flag.help.replacingAll("[", with: "\\[").replacingAll("]", with: "\\]").replacingAll(":", with: "\\:"))
      return flag.names.map { name in
        let equals = name.begins(with: "--") ? "=" : ""
        return flag.isSwitch ? "'\(name)[\(help)]'" : "'*\(name)\(equals)[\(help)]:value:\(values(flag))'"
      }
    }
    var cases = ""
    for command in completion.commands {
      // The first operand is a command, and all that follows is completed as that one has it.
      let rest =
        command.takesCommand
        ? ["'(-)1:command:_command_names -e'", "'*::arguments:_normal'"]
        : ["'1:word:(\(command.operands.joined(separator: " ")))'"]
      let specs = (command.flags.flatMap(spec) + rest).joined(separator: " \\\n        ")
      cases += "    \(command.name)) _arguments -S -A '-*' \\\n        \(specs) ;;\n"
    }
    let list = completion.commands.map { "'\($0.name):\(quote($0.summary))'" }.joined(separator: " ")
    return """
      #compdef littlectr
      _littlectr() {
        local -a subcommands
        local program=$words[1]
        subcommands=(\(list))
        if ((CURRENT == 2)); then
          _describe command subcommands
          return
        fi
        shift words
        ((CURRENT--))
        case $words[1] in
      \(cases)  esac
      }
      # Read as a function of $fpath, or sourced.
      if [[ $funcstack[1] == _littlectr ]]; then _littlectr "$@"; else compdef _littlectr littlectr; fi

      """
  }
}
