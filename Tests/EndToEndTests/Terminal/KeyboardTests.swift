import Glibc
import Testing

/// Whose the keys are that are pressed while a container runs.
@Suite struct KeyboardTests {
  private static let options = "--with dev --with terminal"
  private static let always = "--with dev --with 'terminal pty=yes'"

  /// Runs a script of a shell's at a terminal, in which $L runs a container with a terminal of its own.
  private func at(
    _ terminal: Terminal, _ script: String, _ sandbox: Sandbox, _ options: String = KeyboardTests.options
  ) throws -> RunningProcess {
    let variables = ["L": sandbox.littlectr, "TERM": "dumb"]
    let text = script.replacing("$L", with: "\"$L\" run \(options)")
    return try sandbox.start(["sh", "-c", text], environment: variables, terminal: terminal.path)
  }

  /// Has the command say that it runs, and wait for a file.
  private static let waiting = "echo ready; while [ ! -e /tmp/go ]; do sleep 0.02; done"

  @Test(
    "a line typed while a command runs that reads nothing is the shell's", arguments: Identity.all,
    [options, "--without pid " + options, "--with terminal"])
  func whatIsTypedMeanwhileIsTheShells(_ identity: Identity, _ options: String) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let script = "$L sh -c '\(Self.waiting)'; read -r line; echo \"read: $line.\""
      let process = try at(terminal, script, sandbox, options)
      try terminal.waitFor("ready\n")
      try terminal.type("typed ahead\n")
      try sandbox.write("", to: "root/tmp/go")
      #expect(try process.wait().ending == .exited(0))
      #expect(terminal.output.contains("read: typed ahead.\n"), "\(terminal.output)")
    }
  }

  @Test("keys go to another program of the pipeline that reads them", arguments: Identity.all)
  func anotherProgramOfThePipeGetsThem(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let script =
        "$L sh -c '\(Self.waiting)' | (read -r word; echo asks; read -r key </dev/tty; echo \"$word, key: $key.\"; cat)"
      let process = try at(terminal, script, sandbox)
      try terminal.waitFor("asks\n")
      try terminal.type("q\n")
      try terminal.waitFor("ready, key: q.\n")
      try sandbox.write("", to: "root/tmp/go")
      #expect(try process.wait().ending == .exited(0))
    }
  }

  /// Ways to read a line, of which not all stop a program in the background.
  private static let readers = [
    "read -r line", "read -t 60 -r line", "line=$(head -n 1)", "stty -echo; read -r line", "read -r line </dev/tty",
    "line=$(setsid head -n 1)",
  ]

  @Test("keys go to a command that reads them", arguments: Identity.all, readers)
  func whoAsksGetsThem(_ identity: Identity, _ reader: String) throws {
    try Sandbox.with(identity) { sandbox in
      for options in [Self.options, "--without pid " + Self.options] {
        let terminal = try Terminal()
        let modes = terminal.modes
        let process = try at(terminal, "$L sh -c 'echo ready; \(reader); echo \"got $line.\"'", sandbox, options)
        try terminal.waitFor("ready\n")
        try terminal.type("typed\n")
        try terminal.waitFor("got typed.\n")
        #expect(try process.wait().ending == .exited(0))
        #expect(terminal.modes == modes)
      }
    }
  }

  private static let ways = ["echo | $L", "$L </dev/null", "$L </dev/null 2>/dev/null", "$L </dev/null >/dev/null"]

  @Test("a command whose standard input isn't the terminal gets no key", arguments: Identity.all, ways)
  func whereStandardInputIsAnotherThereIsNoKeyboard(_ identity: Identity, _ way: String) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let modes = terminal.modes
      let number = way.contains(">/dev/null") && !way.contains("2>") ? 2 : 1
      let inside = """
        exec 5>&\(number); stty raw -echo <&\(number); head -n 1 <&\(number); head -n 1 </dev/tty
        stty -raw <&\(number); printf "a\\nb\\n" >&5; { \(Self.waiting); } >&5
        """
      let words = way.split(separator: " ").map(String.init)
      let place = try #require(words.firstIndex(of: "$L"))
      let script =
        (words[...place] + ["sh", "-c", "'\(inside)'"] + words[(place + 1)...]).joined(separator: " ")
        + "; stty -a | grep -q ' echo ' && read -r line && echo \"read: $line.\""
      let process = try at(terminal, script, sandbox)
      try terminal.waitFor("ready\n")
      #expect(terminal.modes == modes)
      try terminal.type("outside\n")
      try sandbox.write("", to: "root/tmp/go")
      #expect(try process.wait().ending == .exited(0))
      #expect(terminal.output.contains("read: outside.\n"), "\(terminal.output)")
      let text = String(decoding: terminal.bytes, as: UTF8.self)
      #expect(text.contains("a\r\nb\r\n") && !text.contains("\r\r\n"), "\(text.debugDescription)")
    }
  }

  @Test(
    "output has each end of line once, wherever it goes", arguments: Identity.all,
    ["$L 2>file", "$L >file", "$L | cat", "$L 2>file >&2", "$L"])
  func noEndOfALineIsDoubled(_ identity: Identity, _ way: String) throws {
    try Sandbox.with(identity) { sandbox in
      for inside in ["", "stty -echo; "] {
        let terminal = try Terminal()
        // One after another: cat and littlectr write to the same terminal, which may put one's text into the other's line.
        let turns = [inside + "seq 1 3", "seq 4 6 >&2", "printf \"e\\r\""]
        let words = turns.enumerated().map { turn, words in
          "while [ ! -e /tmp/\(turn)-\(inside.count) ]; do sleep 0.02; done; \(words)"
        }
        let script = way.replacing("$L", with: "$L sh -c '\(words.joined(separator: "; "))'")
        let process = try at(terminal, script + "; rm -f file", sandbox)
        let (showsOutput, showsErrors) = (!way.contains(" >"), !way.contains("2>"))
        for (turn, shown) in ["", showsOutput ? "3\n" : "", showsErrors ? "6\n" : ""].enumerated() {
          if !shown.isEmpty { try terminal.waitFor(shown) }
          try sandbox.write("", to: "root/tmp/\(turn)-\(inside.count)")
        }
        #expect(try process.wait().ending == .exited(0))
        let text = String(decoding: terminal.bytes, as: UTF8.self)
        #expect(!text.contains("\r\r\n") && !text.contains("1\n2"), "\(text.debugDescription)")
        // What isn't in the file is seen.
        let seen = [1, 2, 4, 5].filter { text.contains("\($0)\r\n") }
        #expect(
          seen
            == (way.contains("2>file >&2")
              ? [] : way.contains("2>") ? [1, 2] : way.contains(">") ? [4, 5] : [1, 2, 4, 5]))
      }
    }
  }

  private static let questions = [
    "\\033[6n": "\u{1b}[12;40R", "\\033[c": "\u{1b}[?62;22c", "\\033]11;?\\007": "\u{1b}]11;rgb:0/0/0\u{7}",
  ]

  @Test(
    "what the terminal answers as the command ends isn't typed at the shell", arguments: Identity.all,
    questions.keys.sorted())
  func whatTheTerminalAnswersAtTheEndIsNotTheShells(_ identity: Identity, _ question: String) throws {
    try Sandbox.with(identity) { sandbox in
      for way in ["$L printf '\(question)'", "echo | $L printf '\(question)'"] {
        let terminal = try Terminal()
        let modes = terminal.modes
        let process = try at(terminal, "\(way); echo ran; read -r line; echo \"read: $line.\"", sandbox)
        try terminal.waitFor(question.replacing("\\033", with: "\u{1b}").replacing("\\007", with: "\u{7}"))
        try terminal.type(try #require(Self.questions[question]))
        try terminal.waitFor("ran\n")
        #expect(terminal.modes == modes)
        try terminal.type("outside\n")
        #expect(try process.wait().ending == .exited(0))
        #expect(terminal.output.contains("read: outside.\n"), "\(terminal.output.debugDescription)")
      }
    }
  }

  @Test(arguments: Identity.all, ["", "stty noflsh; "])
  func controlCArrivesBehindMuchUnreadInput(_ identity: Identity, _ modes: String) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let inside = "stty -echo; \(modes)trap \"echo int; exit 7\" INT; echo ready; while :; do sleep 0.02; done"
      let process = try at(terminal, "$L sh -c '\(inside)'", sandbox)
      try terminal.waitFor("ready\n")
      try terminal.paste([UInt8](repeating: 0x0a, count: 300_000))
      try terminal.paste([3])
      try terminal.waitFor("int\n")
      #expect(try process.wait().ending == .exited(7))
    }
  }
}
