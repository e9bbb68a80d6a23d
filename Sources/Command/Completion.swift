internal import Pipeline

/// What shells complete: the subcommands with their options, and the stages with their keys.
struct Completion {
  struct Flag {
    let names: [String]
    let help: String
    let isSwitch: Bool
    let words: [String]
    let isFile: Bool
  }

  struct Command {
    let name: String
    let summary: String
    let flags: [Flag]
    let operands: [String]
    let takesCommand: Bool
  }

  let commands: [Command]
  let stages: [String]

  init(_ tool: CommandLineTool) {
    let stages = tool.catalog.names
    self.stages = stages
    /// Every key of every stage, as `--set` takes it.
    let keys = tool.catalog.types.flatMap { type in type.optionDescriptions.map { "\(type.name).\($0.key)=" } }
    func flag(_ option: OptionDescription) -> Flag {
      let words = ["set": keys, "without": stages, "with": stages][option.key] ?? option.words
      let names = ["--" + (option.flag ?? option.key)] + (option.letter.map { ["-" + String($0)] } ?? [])
      return Flag(
        names: names, help: option.help, isSwitch: option.isSwitch, words: words,
        isFile: [FilePath.syntax, ConfigurationName.syntax].contains(option.syntax))
    }
    let stageFlags = tool.catalog.types.flatMap { $0.optionDescriptions.filter { $0.flag != nil } }.map(flag)
    func command(_ type: any Subcommand.Type) -> Command {
      let operands: [String: [String]] = [
        StagesCommand.name: stages, CompletionCommand.name: ["bash", "zsh", "fish"],
        ManualCommand.name: ["littlectr", "stages.conf"],
        HelpCommand.name: CommandLineTool.subcommands.map { $0.name } + stages + ["stages.conf"],
      ]
      let help = Flag(names: ["--help", "-h"], help: "show help", isSwitch: true, words: [], isFile: false)
      return Command(
        name: type.name, summary: type.summary,
        flags: type.optionDescriptions.map(flag) + (type.takesCommand ? stageFlags : []) + [help],
        operands: operands[type.name] ?? [], takesCommand: type.takesCommand)
    }
    commands = CommandLineTool.subcommands.map { command($0) }
  }

  /// The script for bash. It needs nothing of the package bash-completion.
  static func bash(_ completion: Completion) -> String {
    var cases = ""
    for command in completion.commands {
      cases += "    \(command.name))\n      case $previous in\n"
      for flag in command.flags where !flag.isSwitch {
        let reply =
          flag.isFile
          ? "compgen -f -- \"$current\"" : "compgen -W '\(flag.words.joined(separator: " "))' -- \"$current\""
        cases +=
          "        \(flag.names.joined(separator: "|"))) mapfile -t COMPREPLY < <(\(reply)); _littlectr_end; return ;;\n"
      }
      let words = command.flags.flatMap(\.names) + command.operands
      cases +=
        "      esac\n      mapfile -t COMPREPLY < <(compgen -W '\(words.joined(separator: " "))' -- \"$current\") ;;\n"
    }
    let names = completion.commands.map(\.name) + ["--help", "--version"]
    return """
      # bash completion for littlectr
      _littlectr() {
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
        COMPREPLY=()
        if ((COMP_CWORD == 1)); then
          mapfile -t COMPREPLY < <(compgen -W '\(names.joined(separator: " "))' -- "$current")
          return
        fi
        case ${COMP_WORDS[1]} in
      \(cases)  esac
        _littlectr_end
      }
      # What ends in = is still to be completed by hand.
      _littlectr_end() {
        [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace 2>/dev/null
        return 0
      }
      complete -o default -F _littlectr littlectr

      """
  }

  /// The script for zsh.
  static func zsh(_ completion: Completion) -> String {
    func quote(_ text: String) -> String { text.replacingAll("'", with: "'\\''") }
    func spec(_ flag: Flag) -> [String] {
      let help = quote(
        flag.help.replacingAll("[", with: "\\[").replacingAll("]", with: "\\]").replacingAll(":", with: "\\:"))
      let values = flag.isFile ? "_files" : "(\(flag.words.joined(separator: " ")))"
      return flag.names.map { name in
        let equals = name.begins(with: "--") ? "=" : ""
        return flag.isSwitch ? "'\(name)[\(help)]'" : "'*\(name)\(equals)[\(help)]:value:\(values)'"
      }
    }
    var cases = ""
    for command in completion.commands {
      let rest =
        command.takesCommand ? ["'*::command:_normal'"] : ["'1:word:(\(command.operands.joined(separator: " ")))'"]
      let specs = (command.flags.flatMap(spec) + rest).joined(separator: " \\\n        ")
      cases += "    \(command.name)) _arguments -S \\\n        \(specs) ;;\n"
    }
    let list = completion.commands.map { "'\($0.name):\(quote($0.summary))'" }.joined(separator: " ")
    return """
      #compdef littlectr
      _littlectr() {
        local -a commands
        commands=(\(list))
        if ((CURRENT == 2)); then
          _describe command commands
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

  /// The script for fish.
  static func fish(_ completion: Completion) -> String {
    func quote(_ text: String) -> String {
      "'" + text.replacingAll("\\", with: "\\\\").replacingAll("'", with: "\\'") + "'"
    }
    var lines = ["# fish completion for littlectr", "complete -c littlectr -f"]
    for command in completion.commands {
      lines.append(
        "complete -c littlectr -n __fish_use_subcommand -a \(command.name) -d \(quote(command.summary))")
      let condition = "-n '__fish_seen_subcommand_from \(command.name)'"
      for flag in command.flags {
        let names = flag.names.map { $0.begins(with: "--") ? "-l \($0.dropFirst(2))" : "-s \($0.dropFirst())" }
        let value = flag.isSwitch ? "" : flag.isFile ? " -r -F" : " -x -a \(quote(flag.words.joined(separator: " ")))"
        lines.append(
          "complete -c littlectr \(condition) \(names.joined(separator: " "))\(value) -d \(quote(flag.help))")
      }
      if !command.operands.isEmpty {
        lines.append("complete -c littlectr \(condition) -a \(quote(command.operands.joined(separator: " ")))")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
