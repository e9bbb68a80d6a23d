import Glibc
import Testing

/// However a container with a terminal of its own ends, the caller's is as it was.
@Suite struct TerminalRestoreTests {
  /// A command's end, by its name: littlectr's options, the script inside, the status.
  private static let ends: [String: (options: [String], script: String, status: Int32)] = [
    "exit": ([], "stty raw -echo; exit 3", 3),
    "SIGKILL of the shell": ([], "stty raw -echo; kill -KILL $$", 137),
    "a crash": ([], "stty raw -echo; kill -SEGV $$", 139),
    "no terminal in use": ([], "exec <&- >&- 2>&-; sleep 0.2; exit 4", 4),
    "a step fails in the child": (["--fault", "sendmsg=EPIPE"], "", 125),
    "a step fails after the terminal has come": (["--fault", "execve=EPERM"], "", 126),
    "a step fails in the parent": (["--fault", "sendto=EPIPE"], "", 125),
  ]

  private func start(_ script: String, _ options: [String], _ sandbox: Sandbox, _ terminal: Terminal) throws
    -> RunningProcess
  {
    let words = [sandbox.littlectr, "run"] + PseudoTerminalTests.options + options + ["sh", "-c", script]
    return try sandbox.start(words, environment: ["TERM": "vt100"], terminal: terminal.path)
  }

  @Test("the caller's terminal has its modes back after every end", arguments: Identity.all, ends.keys.sorted())
  func afterEveryEnd(_ identity: Identity, _ name: String) throws {
    try Sandbox.with(identity) { sandbox in
      let (end, terminal) = (try #require(Self.ends[name]), try Terminal())
      let modes = terminal.modes
      let process = try start(end.script, end.options, sandbox, terminal)
      #expect(try process.wait().ending == .exited(end.status), "\(terminal.output)")
      #expect(terminal.modes == modes)
    }
  }

  @Test(
    "the caller's terminal has its modes back after a signal", arguments: Identity.all,
    [SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGALRM, SIGXCPU, SIGPIPE, SIGUSR1, 40])
  func afterASignal(_ identity: Identity, _ signal: Int32) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let modes = terminal.modes
      let process = try start("stty raw -echo; echo ready; exec sleep 1000", [], sandbox, terminal)
      try terminal.waitFor("ready")
      try #require(terminal.isRaw)
      // The shell before it would ignore some of them.
      try eventually("the sleep") {
        ProcessTable.descendants(of: process.id).contains { ProcessTable.status(of: $0)["Name"] == "sleep" }
      }
      process.signal(signal)
      #expect(try process.wait().ending == .exited(128 + signal))
      #expect(terminal.modes == modes)
    }
  }

  @Test(
    "the caller's terminal has its modes back while littlectr is stopped", arguments: Identity.all, [SIGTSTP, SIGSTOP])
  func whileLittlectrIsStopped(_ identity: Identity, _ signal: Int32) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let modes = terminal.modes
      let script = """
        stty raw -echo; trap 'echo size $(stty size)' WINCH; trap 'exit 6' TERM; echo ready; while :; do sleep 0.02; done
        """
      let process = try start(script, [], sandbox, terminal)
      try terminal.waitFor("ready")
      try #require(terminal.isRaw)
      process.signal(signal)
      try eventually("it stops") { ProcessTable.state(of: process.id) == "T" }
      if signal == SIGTSTP { #expect(terminal.modes == modes) }
      try terminal.resize(rows: 50, columns: 150)
      process.signal(SIGCONT)
      try terminal.waitFor("size 50 150")
      try eventually("it is raw again") { terminal.isRaw }
      process.signal(SIGTERM)
      #expect(try process.wait().ending == .exited(6))
      #expect(terminal.modes == modes)
    }
  }

  @Test(arguments: Identity.all) func afterSIGKILLOfLittlectrTheShellSeesToIt(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let words = ["bash", "--norc", "--noprofile", "-i"]
      let options = PseudoTerminalTests.options.joined(separator: " ")
      let variables = ["TERM": "dumb", "L": "\(sandbox.littlectr) run \(options)", "PS1": "prompt$ "]
      let shell = try sandbox.start(words, environment: variables, terminal: terminal.path)
      try terminal.waitFor("prompt$ ")
      try terminal.type("stty -g >before\n")
      try terminal.type("$L sh -c 'echo ready$((1 + 1)); exec sleep 1000'\n")
      try terminal.waitFor("ready2")
      let littlectr = try #require(ProcessTable.children(of: shell.id).first)
      let inside = ProcessTable.descendants(of: littlectr)
      #expect(inside.count == 2)
      kill(littlectr, SIGKILL)
      try terminal.waitFor("Killed")
      try terminal.type("stty -g >after; echo compared$((2 + 2))\n")
      try terminal.waitFor("compared4\n")
      #expect(try FileTree.text(sandbox.directory + "/before") == FileTree.text(sandbox.directory + "/after"))
      try eventually("the container is gone") { inside.allSatisfy { [nil, "Z"].contains(ProcessTable.state(of: $0)) } }
      try terminal.type("exit 4\n")
      #expect(try shell.wait().ending == .exited(4))
    }
  }

  @Test(
    "the command gets SIGHUP when the caller's terminal goes away", arguments: Identity.all,
    [[], ["--without", "pid"]])
  func whenTheTerminalIsGoneTheCommandIsTold(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let script = "trap 'echo told >>/tmp/hup; exit 2' HUP; echo ready; while :; do sleep 0.02; done"
      let process = try start(script, options, sandbox, terminal)
      try terminal.waitFor("ready")
      terminal.hangUp()
      #expect(try process.wait().ending == .exited(2))
      #expect(try FileTree.text(sandbox.root + "/tmp/hup") == "told\n")
    }
  }

  @Test("a command that ignores SIGHUP reads the end of its input", arguments: Identity.all)
  func whoIgnoresThatReadsTheEnd(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let script = "trap '' HUP; echo ready; cat >/dev/null; echo end >/tmp/end; sleep 1; exit 8"
      let process = try start(script, [], sandbox, terminal)
      try terminal.waitFor("ready")
      terminal.hangUp()
      var used = 0
      var ending: Ending?
      try eventually("the end") {
        // The time on a processor, in nanoseconds, is the first number.
        let schedule = (try? FileTree.text("/proc/\(process.id)/schedstat")) ?? ""
        used = max(used, schedule.split(separator: " ").first.flatMap { Int($0) } ?? 0)
        ending = process.poll()
        return ending != nil
      }
      #expect(ending == .exited(8))
      #expect(try FileTree.text(sandbox.root + "/tmp/end") == "end\n")
      #expect(used < 500_000_000, "littlectr was busy for \(used) ns")
    }
  }
}
