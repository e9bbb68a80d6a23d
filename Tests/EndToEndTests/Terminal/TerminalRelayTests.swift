import Glibc
import Testing

/// What passes between the container's terminal and the caller's.
@Suite struct TerminalRelayTests {
  private static let always = ["--with", "dev", "--with", "terminal pty=yes"]

  private func start(_ words: [String], _ sandbox: Sandbox, _ terminal: Terminal, _ options: [String] = []) throws
    -> RunningProcess
  {
    let words = [sandbox.littlectr, "run"] + options + PseudoTerminalTests.options + words
    return try sandbox.start(words, environment: ["TERM": "vt100"], terminal: terminal.path)
  }

  @Test(arguments: Identity.all, [[], ["--without", "pid"]])
  func muchOutputArrivesWhole(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let process = try start(["seq", "500000"], sandbox, terminal, options)
      var ending: Ending?
      try eventually("the end") {
        _ = terminal.bytes
        ending = process.poll()
        return ending != nil
      }
      #expect(ending == .exited(0))
      var wanted: [UInt8] = []
      for number in 1...500_000 { wanted += "\(number)\r\n".utf8 }
      #expect(terminal.bytes == wanted, "\(terminal.bytes.count) bytes, not \(wanted.count)")
    }
  }

  private static let manners = [
    "cooked": "cat >/tmp/file", "raw": "stty raw -echo; echo ready; head -c 102400 >/tmp/file",
  ]

  @Test(arguments: Identity.all, manners.keys.sorted())
  func aLargePasteArrivesWhole(_ identity: Identity, _ manner: String) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let process = try start(["sh", "-c", "echo ready; " + (Self.manners[manner] ?? "")], sandbox, terminal)
      try terminal.waitFor(manner == "raw" ? "ready\nready\n" : "ready\n")
      let line = [UInt8](repeating: UInt8(ascii: "x"), count: 79) + [0x0a]
      let text = (0..<1280).flatMap { number in Array("\(number)".utf8) + line.dropFirst("\(number)".utf8.count) }
      try #require(text.count == 102_400)
      try terminal.paste(text + (manner == "cooked" ? [4] : []))
      var ending: Ending?
      try eventually("the end") {
        _ = terminal.bytes
        ending = process.poll()
        return ending != nil
      }
      #expect(ending == .exited(0))
      #expect(try FileTree.read(sandbox.root + "/tmp/file") == text)
    }
  }

  @Test(arguments: Identity.all) func aCommandThatDoesntReadBlocksNothing(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let script = "stty raw -echo; trap 'echo signal; exit 4' USR1; echo ready; while :; do sleep 0.02; done"
      let process = try start(["sh", "-c", script], sandbox, terminal)
      try terminal.waitFor("ready\n")
      // The terminal takes no more, on either side.
      _ = try? terminal.type(String(repeating: "x", count: 1 << 20))
      process.signal(SIGUSR1)
      try terminal.waitFor("signal\n")
      #expect(try process.wait().ending == .exited(4))
    }
  }

  @Test(arguments: Identity.all) func aTerminalThatPrintsNothingBlocksNoSignal(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      try terminal.give(to: identity)
      let process = try start(["sh", "-c", "while :; do echo endless; done"], sandbox, terminal)
      // Nobody reads; both terminals and what is between them are full when the shell waits for room.
      var waited = 0
      try eventually("the shell waits") {
        let isWaiting = ProcessTable.descendants(of: process.id).contains {
          ProcessTable.status(of: $0)["Name"] == "sh" && ProcessTable.state(of: $0) == "S"
        }
        waited = isWaiting ? waited + 1 : 0
        return waited == 20
      }
      process.signal(SIGTERM)
      #expect(try process.wait().ending == .exited(143))
    }
  }

  @Test(
    "a process that keeps the container's terminal open doesn't keep littlectr from ending", arguments: Identity.all)
  func whatHoldsTheTerminalDoesntHoldLittlectr(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let process = try start(
        ["sh", "-c", "trap '' HUP; sleep 1000 & yes & echo done; exit 3"], sandbox, terminal, ["--without", "pid"])
      var ending: Ending?
      try eventually("the end") {
        _ = terminal.bytes
        ending = process.poll()
        return ending != nil
      }
      #expect(ending == .exited(3))
      #expect(terminal.output.contains("done\n"))
    }
  }

  @Test("output into a pipe is not changed", arguments: Identity.all)
  func whatGoesIntoAPipeStaysAsItIs(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let options = PseudoTerminalTests.options.joined(separator: " ")
      let script = """
        "$L" run \(options) sh -c 'printf "a\\nb\\tc\\n"; printf "error\\n" >&2' 2>error | od -An -c; od -An -c error
        """
      let process = try sandbox.start(
        ["sh", "-c", script], environment: ["L": sandbox.littlectr], terminal: terminal.path)
      #expect(try process.wait().ending == .exited(0))
      #expect(
        terminal.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") } == [
          "a \\n b \\t c \\n", "e r r o r \\n",
        ])
    }
  }

  @Test("input from a pipe arrives to its end", arguments: Identity.all, ["", "line\\n", "line\\nno end"])
  func whatIsPipedInIsTypedToItsEnd(_ identity: Identity, _ input: String) throws {
    try Sandbox.with(identity) { sandbox in
      let script =
        "printf '\(input)' | \"$L\" run \(Self.always[..<3].joined(separator: " ")) '\(Self.always[3])' sh -c "
      let seen = try sandbox.execute(
        ["sh", "-c", script + "'stty -echo; tty; stty size; cat; echo end'"], environment: ["L": sandbox.littlectr])
      let text = seen.output.replacing("\r\n", with: "\n")
      // What was typed before echoing ended is seen twice.
      #expect(text.contains("/dev/pts/0\n24 80\n"), "\(seen)")
      #expect(text.hasSuffix("24 80\n" + input.replacing("\\n", with: "\n") + "end\n"), "\(seen)")
      #expect(seen.status == 0)
    }
  }

  @Test("a reader of the output that ends, ends the container", arguments: Identity.all)
  func whoReadsNoMoreEndsIt(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let modes = terminal.modes
      let options = "\(Self.always[..<3].joined(separator: " ")) '\(Self.always[3])'"
      let script = "\"$L\" run \(options) sh -c 'while echo y; do :; done' | head -n 1; echo ended"
      let process = try sandbox.start(
        ["sh", "-c", script], environment: ["L": sandbox.littlectr], terminal: terminal.path)
      #expect(try process.wait().ending == .exited(0))
      #expect(terminal.output == "y\nended\n" && terminal.modes == modes)
    }
  }
}
