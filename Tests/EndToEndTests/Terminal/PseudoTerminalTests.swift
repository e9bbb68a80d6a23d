import Glibc
import Testing

/// The terminal that the container has to itself.
@Suite struct PseudoTerminalTests {
  private static let (controlC, controlD, controlZ) = ("\u{3}", "\u{4}", "\u{1a}")
  static let options = ["--with", "dev", "--with", "terminal"]
  static let everyWay = [
    options, options + ["--set", "pid.init=no"], ["--without", "pid"] + options, ["--with", "terminal"],
  ]

  private func start(_ words: [String], _ options: [String], _ sandbox: Sandbox, _ terminal: Terminal) throws
    -> RunningProcess
  {
    let words = [sandbox.littlectr, "run"] + options + words
    return try sandbox.start(words, environment: ["TERM": "vt100"], terminal: terminal.path)
  }

  @Test("the container's terminal is its /dev/pts/0", arguments: Identity.all)
  func itHasTheContainersFirstName(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let script = "tty; tty <&1; tty <&2; ls -1 /dev/pts; stat -c %u /dev/pts/0; echo in >/dev/tty"
      let process = try start(["sh", "-c", script], Self.options, sandbox, terminal)
      #expect(try process.wait().ending == .exited(0))
      #expect(terminal.output == "/dev/pts/0\n/dev/pts/0\n/dev/pts/0\n0\nptmx\n0\nin\n")
    }
  }

  @Test(arguments: Identity.all, everyWay)
  func theCommandLeadsItsGroupAndHasTheForeground(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      // The fields stand behind the name, which is in brackets: the parent, the group, the session, the foreground.
      let script = """
        look() {
          read -r line </proc/$$/stat; set -- ${line##*) }; p=$2 g=$3 s=$4 f=$6
          [ $$ = $g ]; echo $?; [ $s = $p ] || [ $s = $g ]; echo $?; [ $f = $g ]; echo foreground $?
        }
        look; stty -echo; look
        """
      let process = try start(["sh", "-c", script], options, sandbox, terminal)
      #expect(try process.wait().ending == .exited(0))
      #expect(terminal.output == "0\n0\nforeground 0\n0\n0\nforeground 0\n")
    }
  }

  @Test("the container's terminal has the size of the caller's", arguments: Identity.all, everyWay)
  func itHasTheSizeOfTheCallers(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      try terminal.resize(rows: 33, columns: 101)
      let script = "trap 'echo size $(stty size)' WINCH; trap 'exit 3' TERM; stty size; while :; do sleep 0.02; done"
      let process = try start(["sh", "-c", script], options, sandbox, terminal)
      try terminal.waitFor("33 101\n")
      for rows in UInt16(40)..<43 {
        try terminal.resize(rows: rows, columns: 132)
        try terminal.waitFor("size \(rows) 132\n")
      }
      process.signal(SIGTERM)
      #expect(try process.wait().ending == .exited(3))
    }
  }

  @Test("the container's terminal has the modes of the caller's", arguments: Identity.all)
  func itsModesAreTheCallers(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let script = "stty erase ^X -ixon; \"$L\" run \(Self.options.joined(separator: " ")) stty -a"
      let process = try sandbox.start(
        ["sh", "-c", script], environment: ["L": sandbox.littlectr], terminal: terminal.path)
      #expect(try process.wait().ending == .exited(0))
      #expect(terminal.output.contains("erase = ^X;") && terminal.output.contains(" -ixon "), "\(terminal.output)")
    }
  }

  @Test(arguments: Identity.all) func aShellInsideHasJobs(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let process = try start(["sh"], Self.options, sandbox, terminal)
      try terminal.waitFor("# ")
      try terminal.type("sleep 1000; echo stopped$((1 + 1))\n")
      func sleeping(_ state: Character) throws {
        try eventually("a sleep in state \(state)") {
          ProcessTable.descendants(of: process.id).contains {
            ProcessTable.status(of: $0)["Name"] == "sleep" && ProcessTable.state(of: $0) == state
          }
        }
      }
      try sleeping("S")
      try terminal.type(Self.controlZ)
      try sleeping("T")
      try terminal.type("jobs; echo listed$((2 + 2))\n")
      try terminal.waitFor("listed4\n")
      #expect(terminal.output.contains("Stopped"), "\(terminal.output)")
      try terminal.type("fg\n")
      try sleeping("S")
      // littlectr itself was never stopped.
      #expect(ProcessTable.state(of: process.id) == "S")
      try terminal.type(Self.controlC)
      try eventually("the sleep's end") {
        !ProcessTable.descendants(of: process.id).contains { ProcessTable.status(of: $0)["Name"] == "sleep" }
      }
      try terminal.type("echo status$((0 + $?))\n")
      try terminal.waitFor("status130\n")
      try terminal.type("exit 7\n")
      #expect(try process.wait().ending == .exited(7))
    }
  }

  @Test(arguments: Identity.all) func anEditorAndATableOfProcessesFillTheScreen(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let process = try start(["sh"], Self.options, sandbox, terminal)
      try terminal.waitFor("# ")
      try terminal.type("vi /tmp/text\n")
      try terminal.waitFor("/tmp/text")
      try terminal.waitFor("~")
      try terminal.type("iwritten in vi")
      try terminal.waitFor("written in vi")
      // What follows an escape at once would be taken for a key's sequence: the status line tells when it was none.
      let before = terminal.output.count
      try terminal.type("\u{1b}")
      try eventually("the command mode") { terminal.output.dropFirst(before).contains("- /tmp/text") }
      try terminal.type(":wq\n")
      try eventually("the file") { (try? FileTree.text(sandbox.root + "/tmp/text")) == "written in vi\n" }
      try terminal.type("top\n")
      try terminal.waitFor("Mem:")
      try terminal.waitFor("COMMAND")
      try terminal.type("q")
      try terminal.type("echo after$((3 + 3))\n")
      try terminal.waitFor("after6\n")
      try terminal.type(Self.controlD)
      #expect(try process.wait().ending == .exited(0))
    }
  }

  @Test(arguments: Identity.all, everyWay)
  func keysAndSignalsReachTheCommandOnce(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let script = """
        trap 'i=$((i + 1)); echo INT $i' INT; trap 't=$((t + 1)); echo TERM $t' TERM; trap 'echo HUP; exit 5' HUP
        echo ready; while :; do sleep 0.02; done
        """
      let process = try start(["sh", "-c", script], options, sandbox, terminal)
      try terminal.waitFor("ready\n")
      for number in 1...3 {
        try terminal.type(Self.controlC)
        try terminal.waitFor("INT \(2 * number - 1)\n")
        process.signal(SIGINT)
        try terminal.waitFor("INT \(2 * number)\n")
        process.signal(SIGTERM)
        try terminal.waitFor("TERM \(number)\n")
      }
      process.signal(SIGHUP)
      #expect(try process.wait().ending == .exited(5))
      for text in ["INT 7", "TERM 4"] { #expect(!terminal.output.contains(text)) }
    }
  }
}
