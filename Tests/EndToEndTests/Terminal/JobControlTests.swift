import Glibc
import Testing

/// A container as a job of an interactive shell: in the background, stopped, and taken up again.
@Suite struct JobControlTests {
  private static let (controlC, controlZ) = ("\u{3}", "\u{1a}")
  private static let own = "--with dev --with terminal"
  private static let ways = [own, "--without pid " + own, "", "--without pid", "--with 'terminal pty=no'"]

  /// A shell at a terminal, in which $L runs a container.
  private func shell(_ terminal: Terminal, _ sandbox: Sandbox, _ options: String) throws -> RunningProcess {
    try sandbox.write("exec \"\(sandbox.littlectr)\" run \(options) \"$@\"\n", to: "L")
    let variables = ["TERM": "dumb", "PS1": "prompt$ ", "L": "sh L"]
    let shell = try sandbox.start(
      ["bash", "--norc", "--noprofile", "-i"], environment: variables, terminal: terminal.path)
    try terminal.waitFor("prompt$ ")
    return shell
  }

  /// Waits until no container is there any more, whose keys what is typed might be.
  private func alone(_ shell: RunningProcess) throws {
    try eventually("no container is left") {
      !ProcessTable.descendants(of: shell.id).contains { ProcessTable.status(of: $0)["Name"] == "littlectr" }
    }
  }

  /// What there is to be seen.
  private func state(_ shell: RunningProcess, _ terminal: Terminal) -> String {
    "\(ProcessTable.tree(below: shell.id)); \(terminal.output.debugDescription)"
  }

  private func end(_ shell: RunningProcess, _ terminal: Terminal) throws {
    try alone(shell)
    try terminal.type("exit 4\n")
    #expect(try shell.wait().ending == .exited(4), "\(terminal.output)")
  }

  /// Types a line, and waits for what it prints; each text that is waited for comes about only when it is executed.
  private func type(_ line: String, _ terminal: Terminal, until text: String) throws {
    try terminal.type(line + "\n")
    try terminal.waitFor(text)
  }

  /// Types a line until it is executed: the kernel takes what is unread away a little after a key's signal, and with it
  /// perhaps what was typed at the prompt that follows.
  private func insist(_ line: String, _ terminal: Terminal, until text: String) throws {
    let before = terminal.output.count
    for _ in 0..<12 {
      try terminal.type(line + "\n")
      if (try? eventually("", within: patience / 12) { terminal.output.dropFirst(before).contains(text) }) != nil {
        return
      }
    }
    throw Trouble("“\(text)” doesn't come: \(terminal.output.suffix(2000))")
  }

  @Test("a container runs in the background of a shell", arguments: Identity.all, ways)
  func inTheBackgroundItRuns(_ identity: Identity, _ options: String) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let shell = try shell(terminal, sandbox, options)
      try type("$L sh -c 'echo inside$((1 + 1))' & wait; echo status$((0 + $?))", terminal, until: "status0\n")
      #expect(terminal.output.contains("inside2\n"), "\(terminal.output)")
      try type("$L sleep 1000 &", terminal, until: "[1] ")
      try eventually("the sleep") {
        ProcessTable.descendants(of: shell.id).contains { ProcessTable.status(of: $0)["Name"] == "sleep" }
      }
      try type("kill %1; wait %1; echo ended$((0 + $?))", terminal, until: "ended143\n")
      try type(
        "kill -l >/dev/null; $L sh -c 'trap \"\" TERM; echo deaf$((3 + 3)); sleep 1000' &", terminal, until: "deaf6\n")
      try type("kill -KILL %%; wait %%; echo killed$((0 + $?))", terminal, until: "killed137\n")
      try end(shell, terminal)
    }
  }

  @Test("timeout(1) ends a container", arguments: Identity.all, ways)
  func timeoutEndsIt(_ identity: Identity, _ options: String) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let modes = terminal.modes
      try sandbox.write("exec \"\(sandbox.littlectr)\" run \(options) \"$@\"\n", to: "L")
      // timeout makes a process group of its own, which is in the background.
      let script = "timeout 60 sh L echo printed; timeout 1 sh L sleep 1000; echo status$?"
      let process = try sandbox.start(["sh", "-c", script], terminal: terminal.path)
      #expect(try process.wait().ending == .exited(0))
      #expect(terminal.output == "printed\nstatus124\n" && terminal.modes == modes)
    }
  }

  @Test("littlectr stops when its command stops", arguments: Identity.all, ways)
  func itStopsWithTheCommand(_ identity: Identity, _ options: String) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let shell = try shell(terminal, sandbox, options)
      try type("$L sh -c 'kill -STOP $$; echo on$((3 + 4)); exit 5'", terminal, until: "Stopped")
      try type("fg; echo status$((0 + $?))", terminal, until: "status5\n")
      #expect(terminal.output.contains("on7\n"))
      // One that has stopped can be ended.
      let before = terminal.output.count
      try terminal.type("$L sh -c 'kill -STOP $$'\n")
      try eventually("it has stopped: \(state(shell, terminal))") {
        terminal.output.dropFirst(before).contains("Stopped")
      }
      try terminal.type("kill %1\n")
      try end(shell, terminal)
    }
  }

  @Test(arguments: Identity.all, ways) func controlZStopsAndTheTerminalIsTheShells(
    _ identity: Identity, _ options: String
  ) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let shell = try shell(terminal, sandbox, options)
      for inside in ["echo ready$((1 + 1)); sleep 1000; :", "stty -echo; echo ready$((2 + 2)); cat >/dev/null"] {
        let before = terminal.output.count
        try terminal.type("$L sh -c '\(inside)'\n")
        let ready = inside.contains("1 + 1") ? "ready2\n" : "ready4\n"
        try eventually("it runs") { terminal.output.dropFirst(before).contains(ready) }
        if inside.contains("sleep") {
          try eventually("the sleep") {
            ProcessTable.descendants(of: shell.id).contains { ProcessTable.status(of: $0)["Name"] == "sleep" }
          }
        }
        try terminal.type(Self.controlZ)
        try eventually("it has stopped: \(state(shell, terminal))") {
          terminal.output.dropFirst(before).contains("Stopped")
        }
        try insist("echo mine$((4 + 4))", terminal, until: "mine8\n")
        try terminal.type("fg\n")
        try eventually("it goes on: \(state(shell, terminal))") {
          ProcessTable.descendants(of: shell.id).contains { ProcessTable.status(of: $0)["Name"] == "littlectr" }
            && ProcessTable.descendants(of: shell.id).allSatisfy { ProcessTable.state(of: $0) != "T" }
        }
        try terminal.type(Self.controlC)
        try alone(shell)
        try insist("stty echo; echo status$((0 + $?))", terminal, until: "status0\n")
      }
      try end(shell, terminal)
    }
  }

  @Test("a command that handles Ctrl-Z itself goes on", arguments: Identity.all, ways)
  func whoHeedsControlZInAnotherWayGoesOn(_ identity: Identity, _ options: String) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let shell = try shell(terminal, sandbox, options)
      for (handler, told) in [("echo caught$((3 + 3))", "caught6\n"), ("", "")] {
        let before = terminal.output.count
        let wait = "trap \"c=1\" USR1; echo ready$((1 + 1)); while [ -z \"$c\" ]; do :; done; read line"
        try terminal.type("$L sh -c 'trap \"\(handler)\" TSTP; \(wait); echo got$((2 + 3)) $line'\n")
        try eventually("it runs") { terminal.output.dropFirst(before).contains("ready2\n") }
        try terminal.type(Self.controlZ)
        if !told.isEmpty { try terminal.waitFor(told) }
        kill(try #require(ProcessTable.children(of: shell.id).first), SIGUSR1)
        try insist("a line", terminal, until: "got5 a line\n")
        try alone(shell)
      }
      #expect(!terminal.output.contains("Stopped"), "\(terminal.output)")
      try end(shell, terminal)
    }
  }

  @Test(arguments: Identity.all, ways)
  func theShellWaitsUntilTheCommandHasStopped(_ identity: Identity, _ options: String) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let shell = try shell(terminal, sandbox, options)
      let slowly = "i=0; while [ $i -lt 30000 ]; do i=$((i + 1)); done; echo last$((3 + 4))"
      let handler = "\(slowly); trap - TSTP; kill -TSTP $$; echo on$((4 + 4)); exit 5"
      try sandbox.write("\(handler)\n", to: "root/handler")
      try type(
        "$L sh -c 'trap \". /handler\" TSTP; echo ready$((1 + 1)); while :; do :; done'", terminal, until: "ready2\n")
      try terminal.type(Self.controlZ)
      try terminal.waitFor("Stopped")
      let seen = terminal.output
      let last = seen.firstRange(of: "last7\n"), stopped = seen.firstRange(of: "Stopped")
      #expect(last.flatMap { last in stopped.map { last.lowerBound < $0.lowerBound } } == true, "\(seen)")
      try insist("fg; echo status$((0 + $?))", terminal, until: "status5\n")
      #expect(terminal.output.contains("on8\n"), "\(terminal.output)")
      try end(shell, terminal)
    }
  }

  @Test(
    "a container that reads the terminal in the background stops", arguments: Identity.all,
    [own, "--without pid " + own])
  func whoReadsInTheBackgroundStops(_ identity: Identity, _ options: String) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let shell = try shell(terminal, sandbox, options)
      // A shell's own read may ask by poll(2) first, which stops nobody.
      try type("$L sh -c 'line=$(head -n 1); echo got$((1 + 1)) $line; cat' &", terminal, until: "[1] ")
      try eventually("it has stopped: \(state(shell, terminal))") {
        ProcessTable.descendants(of: shell.id).contains {
          ProcessTable.status(of: $0)["Name"] == "littlectr" && ProcessTable.state(of: $0) == "T"
        }
      }
      try type("jobs; echo listed$((5 + 5))", terminal, until: "listed10\n")
      #expect(terminal.output.contains("Stopped"), "\(terminal.output)")
      try terminal.type("fg\n")
      try eventually("it goes on: \(state(shell, terminal))") {
        ProcessTable.descendants(of: shell.id).allSatisfy { ProcessTable.state(of: $0) != "T" }
      }
      try type("a line", terminal, until: "got2 a line\n")
      // Until a program has taken the place of the shell's child, the kernel doesn't let the shell stop: vfork(2).
      try eventually("cat") {
        ProcessTable.descendants(of: shell.id).contains { ProcessTable.status(of: $0)["Name"] == "cat" }
      }
      // Put into the background again, it stops at its next read.
      let before = terminal.output.count
      try terminal.type(Self.controlZ)
      try eventually("it has stopped: \(state(shell, terminal))") {
        terminal.output.dropFirst(before).contains("Stopped")
      }
      try insist("echo mine$((7 + 7))", terminal, until: "mine14\n")
      try terminal.type("bg\n")
      // The shell's word: the kernel's is the same before it has gone on.
      try eventually("it has stopped once more: \(state(shell, terminal))") {
        let sofar = terminal.output.count
        try terminal.type("jobs -l; echo asked$((6 + 6))\n")
        try eventually("the shell's answer") { terminal.output.dropFirst(sofar).contains("asked12\n") }
        return terminal.output.dropFirst(before).contains("tty input")
      }
      try terminal.type("fg\n")
      try eventually("it goes on: \(state(shell, terminal))") {
        ProcessTable.descendants(of: shell.id).allSatisfy { ProcessTable.state(of: $0) != "T" }
      }
      // Echoed, and printed by cat.
      try type("another", terminal, until: "another\nanother\n")
      try terminal.type("\u{4}")
      try end(shell, terminal)
    }
  }
}
