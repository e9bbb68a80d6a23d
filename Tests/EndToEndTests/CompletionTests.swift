import Testing

/// The completion scripts, in the shells that they are for.
@Suite struct CompletionTests {
  @Test(arguments: ["bash", "zsh", "fish"]) func eachShellCanReadItsScript(_ shell: String) throws {
    try Sandbox.with(.unprivileged) { sandbox in
      let script = try sandbox.littlectr("completion", shell)
      try #require(script.status == 0 && script.error == "", "\(script)")
      try sandbox.write(script.output, to: "script")
      let read = try sandbox.execute([shell, "-n", "script"])
      #expect(read.ending == .exited(0) && read.output == "" && read.error == "", "\(read)")
    }
  }

  /// What is typed, the last word being the one to complete, and what bash must offer.
  private static let questions: [(typed: [String], offers: [String])] = [
    (["littlectr", ""], ["run", "explain", "stages", "help", "completion", "manual", "--help", "--version"]),
    (["littlectr", "ex"], ["explain"]), (["littlectr", "run", "--without", "p"], ["pid", "proc"]),
    (["littlectr", "run", "--set", "userns."], ["userns.groups=", "userns.map=", "userns.nested="]),
    (["littlectr", "run", "--host"], ["--hostname"]), (["littlectr", "explain", "--js"], ["--json"]),
    (["littlectr", "completion", ""], ["--help", "-h", "bash", "zsh", "fish"]),
    (["littlectr", "stages", "u"], ["umask", "user", "userns", "uts"]),
    (["littlectr", "manual", "s"], ["stages.conf"]),
  ]

  @Test(arguments: questions.indices) func bashCompletes(_ index: Int) throws {
    try Sandbox.with(.unprivileged) { sandbox in
      let (typed, offers) = Self.questions[index]
      try sandbox.write(try sandbox.littlectr("completion", "bash").output, to: "script")
      let ask = """
        source ./script
        complete -p littlectr >/dev/null || exit 1
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        compopt() { :; }
        _littlectr littlectr "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
        """
      let seen = try sandbox.execute(["bash", "-c", ask, "bash"] + typed)
      #expect(seen.lines.sorted() == offers.sorted(), "\(typed): \(seen)")
    }
  }

  @Test func fishCompletes() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      try sandbox.write(try sandbox.littlectr("completion", "fish").output, to: "script.fish")
      func complete(_ line: String) throws -> [String] {
        let words = ["fish", "--no-config", "-c", "source script.fish; complete -C '\(line)'"]
        return try sandbox.execute(words).lines.map { String($0.prefix { $0 != "\t" }) }
      }
      #expect(try complete("littlectr ex") == ["explain"])
      #expect(try Set(complete("littlectr run --without p")) == ["pid", "proc"])
      #expect(try complete("littlectr run --hostn").first?.hasPrefix("--hostname") == true)
    }
  }

  @Test func zshCompletes() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      // zsh completes only at a terminal, from a script that lies in $fpath.
      let script = try sandbox.littlectr("completion", "zsh").output
      let made = try sandbox.execute(["mkdir", "functions"])
      try #require(made.status == 0)
      try sandbox.write(script, to: "functions/_littlectr")
      let terminal = try Terminal()
      let shell = try sandbox.start(["zsh", "-f"], environment: ["TERM": "dumb"], terminal: terminal.path)
      try terminal.type(
        "PS1='prompt> '; fpath=($PWD/functions $fpath); autoload -U compinit; compinit -u -D; echo re''ady\n")
      try terminal.waitFor("ready\n")
      try terminal.type("littlectr expl\t\n")
      try terminal.waitFor("littlectr explain")
      try terminal.type("exit\n")
      _ = try find("the end of zsh") { () -> Ending? in
        _ = terminal.output
        return shell.poll()
      }
    }
  }
}
