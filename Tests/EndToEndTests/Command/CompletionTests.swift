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
    (["littlectr", "run", "--root", "ho"], ["host"]),
    (["littlectr", "run", "--fault", "seth"], ["sethostname=EPERM", "sethostname=KILL"]),
    (["littlectr", "run", "--fault", "sethostname", "=", "K"], ["KILL"]),
    (["littlectr", "run", "--without", "=", "pi"], ["pid"]), (["littlectr", "run", "--image", "="], ["one", "two"]),
    (["littlectr", "run", "--image", "t"], ["two"]), (["littlectr", "run", "--set", "a.b", "=", "c", "--js"], []),
    (["littlectr", "run", "ls", "--wit"], []), (["littlectr", "run", "--set", "a.b", "=", "c", "ls", "--wit"], []),
    (["littlectr", "run", "--", "frobni"], ["frobnicate"]),
    (["littlectr", "run", "--trace", "frobni"], ["frobnicate"]),
    (["littlectr", "completion", ""], ["--help", "-h", "bash", "zsh", "fish"]),
    (["littlectr", "stages", "u"], ["umask", "user", "userns", "uts"]),
    (["littlectr", "manual", "s"], ["stages.conf"]),
  ]

  @Test(arguments: questions.indices) func bashCompletes(_ index: Int) throws {
    try Sandbox.with(.unprivileged) { sandbox in
      let (typed, offers) = Self.questions[index]
      try sandbox.write(try sandbox.littlectr("completion", "bash").output, to: "script")
      try sandbox.prepareForCompletion()
      let ask = """
        source ./script
        complete -p littlectr >/dev/null || exit 1
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        compopt() { :; }
        PATH=$PWD/bin:$PATH COMP_WORDS[0]=$0
        _littlectr littlectr "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
        ((${#COMPREPLY[@]} == 0)) || printf '%s\\n' "${COMPREPLY[@]}"
        """
      let seen = try sandbox.execute(["bash", "-c", ask, sandbox.littlectr] + typed)
      #expect(seen.lines.sorted() == offers.sorted(), "\(typed): \(seen)")
    }
  }

  @Test func fishCompletes() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      try sandbox.write(try sandbox.littlectr("completion", "fish").output, to: "script.fish")
      try sandbox.prepareForCompletion()
      let littlectr = sandbox.littlectr
      func complete(_ line: String) throws -> [String] {
        let path = "set PATH $PWD/bin $PATH; function littlectr; \(littlectr) $argv; end"
        let words = ["fish", "--no-config", "-c", "source script.fish; \(path); complete -C '\(line)'"]
        return try sandbox.execute(words).lines.map { String($0.prefix { $0 != "\t" }) }
      }
      #expect(try complete("littlectr ex") == ["explain"])
      #expect(try Set(complete("littlectr run --without p")) == ["pid", "proc"])
      #expect(try complete("littlectr run --hostn").first?.hasPrefix("--hostname") == true)
      #expect(try complete("littlectr run --image t") == ["two"])
      #expect(try complete("littlectr run --root ho").contains("host"))
      #expect(try complete("littlectr run --fault seth") == ["sethostname=EPERM", "sethostname=KILL"])
      #expect(try complete("littlectr run frobni") == ["frobnicate"])
      for line in ["run frobnicate --wit", "run --set a.b=c frobnicate --wit", "run -it -v /a:/b frobnicate --wit"] {
        #expect(try complete("littlectr " + line) == [], "\(line)")
      }
      #expect(try complete("littlectr run --set a.b=c --withou").contains("--without"))
    }
  }

  @Test func zshCompletes() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      // zsh completes only at a terminal, from a script that lies in $fpath.
      let script = try sandbox.littlectr("completion", "zsh").output
      try sandbox.prepare("mkdir functions")
      try sandbox.prepareForCompletion()
      try sandbox.write(script, to: "functions/_littlectr")
      let terminal = try Terminal()
      let shell = try sandbox.start(["zsh", "-f"], environment: ["TERM": "dumb"], terminal: terminal.path)
      try terminal.type(
        "PS1='prompt> '; PATH=$PWD/bin:$PATH; fpath=($PWD/functions $fpath); autoload -U compinit; compinit -u -D; echo re''ady\n"
      )
      try terminal.waitFor("ready\n")
      // What is typed before the line editor reads is the terminal's: that would complete nothing.
      func prompts() -> Int { terminal.output.ranges(of: "[?2004h").count }
      func newPrompt(after count: Int) throws { try eventually("a prompt") { prompts() > count } }
      try newPrompt(after: 1)
      var count = prompts()
      try terminal.type("littlectr expl\t")
      try terminal.waitFor("littlectr explain")
      try terminal.type("\u{15}\n")
      try newPrompt(after: count)
      for (typed, wanted) in [
        ("littlectr run frobni", "littlectr run frobnicate"), ("\(sandbox.littlectr) run --image t", "--image two"),
        ("littlectr run --root hos", "--root host"), ("littlectr run --fault sethostname=E", "sethostname=EPERM"),
      ] {
        // The line is taken back, since what it would run isn't asked for.
        count = prompts()
        try terminal.type(typed + "\t")
        try terminal.waitFor(wanted)
        try terminal.type("\u{15}\n")
        try newPrompt(after: count)
      }
      try terminal.type("exit\n")
      _ = try find("the end of zsh") { () -> Ending? in
        _ = terminal.output
        return shell.poll()
      }
    }
  }
}

extension Sandbox {
  /// Two images, and a command of an unusual name.
  fileprivate func prepareForCompletion() throws {
    try prepare(
      "mkdir -p images/one images/two bin && touch images/file && printf '#!/bin/sh\\n' >bin/frobnicate && chmod a+x bin/*"
    )
  }
}
