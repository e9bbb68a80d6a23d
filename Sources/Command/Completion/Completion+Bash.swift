extension Completion {
  /// The script for bash. It uses what the package bash-completion has for the command that is run, and needs none of it.
  static func bash(_ completion: Completion) -> String {
    var cases = ""
    for command in completion.commands {
      cases += "    \(command.name))\n"
      if command.takesCommand {
        cases += "      _littlectr_command '\(withValue(command.flags).joined(separator: "|"))' && return\n"
      }
      cases += "      case $previous in\n"
      for flag in command.flags where !flag.isSwitch {
        cases += "        \(flag.names.joined(separator: "|"))) \(reply(flag)); _littlectr_end; return ;;\n"
      }
      let words = command.flags.flatMap(\.names) + command.operands
      cases += "      esac\n      _littlectr_add '\(words.joined(separator: " "))'"
      cases += command.takesCommand ? "\n      _littlectr_programs ;;\n" : " ;;\n"
    }
    let names = completion.commands.map(\.name) + ["--help", "--version"]
    return #"""
      # bash completion for littlectr
      _littlectr() {
        local at=$COMP_CWORD current=${COMP_WORDS[COMP_CWORD]} previous left=
        COMPREPLY=()
        if ((COMP_CWORD == 1)); then
          _littlectr_add '\#(names.joined(separator: " "))'
          return
        fi
        # bash makes a word of each '=': --conf=x, --fault call=ERRNO.
        if [[ $current == '=' ]]; then current='' at=$((at + 1)); fi
        previous=${COMP_WORDS[at-1]}
        if [[ $previous == '=' ]]; then
          previous=${COMP_WORDS[at-2]}
          if [[ $previous != -* ]]; then
            left=$previous= previous=${COMP_WORDS[at-3]}
            [[ $previous == '=' ]] && previous=${COMP_WORDS[at-4]}
          fi
        fi
        case ${COMP_WORDS[1]} in
      \#(cases)  esac
        _littlectr_end
      }
      # Words that go on from what is typed.
      _littlectr_add() {
        local word
        while read -r word; do COMPREPLY+=("${word#"$left"}"); done < <(compgen -W "$1" -- "$left$current")
      }
      # The programs that a word may be the beginning of.
      _littlectr_programs() {
        [[ -z $current || $current == -* ]] || mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -c -- "$current")
      }
      # The command that is run, and its own words: succeeds where one of them is typed.
      _littlectr_command() {
        local index=2 word
        while ((index < COMP_CWORD)); do
          word=${COMP_WORDS[index]}
          index=$((index + 1))
          if [[ $word == -- ]]; then break; fi
          if [[ $word != -* ]]; then index=$((index - 1)); break; fi
          if [[ ${COMP_WORDS[index]-} == '=' ]]; then
            index=$((index + 2))
          elif [[ "|$1|" == *"|$word|"* ]]; then
            index=$((index + 1))
          fi
          while ((index < COMP_CWORD)) && [[ ${COMP_WORDS[index]} == '=' ]]; do index=$((index + 2)); done
        done
        if ((index > COMP_CWORD)) || [[ $index == "$COMP_CWORD" && ${COMP_WORDS[index-1]} != -- ]]; then return 1; fi
        if declare -F _command_offset >/dev/null; then
          _command_offset "$index"
        elif ((index == COMP_CWORD)); then
          mapfile -t COMPREPLY < <(compgen -c -- "$current")
        fi
        return 0
      }
      # What ends in = is still to be completed by hand.
      _littlectr_end() {
        [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace 2>/dev/null
        return 0
      }
      complete -o default -F _littlectr littlectr

      """#
  }

  /// What completes a flag's value.
  private static func reply(_ flag: Flag) -> String {
    var replies = flag.words.isEmpty ? [] : ["_littlectr_add '\(flag.words.joined(separator: " "))'"]
    if let list = flag.list {
      replies.append("_littlectr_add \"$(\"${COMP_WORDS[0]}\" completion \(list) 2>/dev/null)\"")
    }
    if flag.isFile { replies.append("mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- \"$current\")") }
    return replies.isEmpty ? ":" : replies.joined(separator: "; ")
  }
}
