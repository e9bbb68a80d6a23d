import Glibc
import Testing

/// littlectr at a real terminal, alone and as a job of an interactive shell.
@Suite struct TerminalTests {
  private static let (controlC, controlZ, controlBackslash) = ("\u{3}", "\u{1a}", "\u{1c}")

  /// Starts a shell's script in a container at a terminal.
  private func start(_ script: String, _ options: [String], _ sandbox: Sandbox, _ terminal: Terminal) throws
    -> RunningProcess
  {
    let words = [sandbox.littlectr, "run"] + options + ["sh", "-c", script]
    return try sandbox.start(words, environment: ["TERM": "dumb"], terminal: terminal.path)
  }

  @Test(arguments: Identity.all, StatusTests.reapers)
  func controlCEndsASleep(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      // Process 1 itself would ignore it, like any signal without a handler: the sleep is its child.
      let process = try start("trap : INT; echo ready; sleep 1000; echo slept $?; exit 3", options, sandbox, terminal)
      try terminal.waitFor("ready\n")
      try eventually("the sleep") {
        ProcessTable.descendants(of: process.id).contains { ProcessTable.status(of: $0)["Name"] == "sleep" }
      }
      try terminal.type(Self.controlC)
      try terminal.waitFor("slept 130\n")
      #expect(try process.wait().ending == .exited(3))
    }
  }

  @Test("Ctrl-C gives the status 130", arguments: Identity.all, [[], ["--without", "pid"]])
  func controlCIsToldAs130(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let process = try start("echo ready; exec sleep 1000", options, sandbox, terminal)
      try terminal.waitFor("ready\n")
      try terminal.type(Self.controlC)
      #expect(try process.wait().ending == .exited(130))
    }
  }

  @Test(arguments: Identity.all, StatusTests.reapers)
  func aKeysSignalArrivesOnce(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let script = """
        trap 'n=$((n + 1)); echo INT $n' INT; trap 'm=$((m + 1)); echo QUIT $m' QUIT
        trap 'w=$((w + 1)); echo WINCH $w' WINCH
        echo ready; while :; do sleep 0.02; done
        """
      let process = try start(script, options, sandbox, terminal)
      try terminal.waitFor("ready\n")
      for number in 1...3 {
        try terminal.type(Self.controlC)
        try terminal.waitFor("INT \(number)\n")
        try terminal.type(Self.controlBackslash)
        try terminal.waitFor("QUIT \(number)\n")
        try terminal.resize(rows: 30, columns: UInt16(100 + number))
        try terminal.waitFor("WINCH \(number)\n")
      }
      for name in ["INT", "QUIT", "WINCH"] { #expect(!terminal.output.contains("\(name) 4")) }
      process.signal(SIGKILL)
    }
  }

  @Test("a container stops and goes on as a job of a shell", arguments: Identity.all, StatusTests.reapers)
  func asAJobOfAShellItStopsAndGoesOn(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let words = ["bash", "--norc", "--noprofile", "-i"]
      let variables = ["TERM": "dumb", "L": sandbox.littlectr, "PS1": "prompt$ "]
      let shell = try sandbox.start(words, environment: variables, terminal: terminal.path)
      try terminal.waitFor("prompt$ ")
      // What is typed is seen too: each text that is waited for comes about only when the line is executed.
      let container = "\"$L\" run \(options.joined(separator: " ")) sh -c "
      let script = "trap 'echo int$((3 + 4)); exit 9' INT; echo ready$((1 + 1)); while :; do sleep 0.02; done"
      try terminal.type("\(container) \"\(script.replacing("$", with: "\\$"))\"\n")
      try terminal.waitFor("ready2\n")
      try terminal.type(Self.controlZ)
      try terminal.waitFor("Stopped")
      try terminal.type("jobs -l; echo now$((2 + 2))\n")
      try terminal.waitFor("now4\n")
      try terminal.type("fg; echo status$((0 + $?))\n")
      // The shell prints the job's command when it has woken it.
      try eventually("the job goes on") {
        ProcessTable.descendants(of: shell.id).contains { ProcessTable.status(of: $0)["Name"] == "littlectr" }
          && ProcessTable.descendants(of: shell.id).allSatisfy { ProcessTable.state(of: $0) != "T" }
      }
      try terminal.type(Self.controlC)
      try terminal.waitFor("int7\n")
      try terminal.waitFor("status9\n")
      try terminal.type("exit 4\n")
      #expect(try shell.wait().ending == .exited(4))
    }
  }

  @Test(arguments: Identity.all) func aShellInsideReadsWhatIsTyped(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let words = [sandbox.littlectr, "run", "sh"]
      let process = try sandbox.start(words, environment: ["TERM": "dumb"], terminal: terminal.path)
      try terminal.waitFor("# ")
      try terminal.type("hostname; tty=$([ -t 0 ] && echo yes); echo terminal:$tty\n")
      try terminal.waitFor("\nlittlectr\n")
      try terminal.waitFor("\nterminal:yes\n")
      try terminal.type("exit 6\n")
      #expect(try process.wait().ending == .exited(6))
    }
  }
}
