import Glibc
import Testing

/// Signals that littlectr gets reach the command.
@Suite struct SignalTests {
  private static let forwarded = [
    "TERM": SIGTERM, "INT": SIGINT, "HUP": SIGHUP, "QUIT": SIGQUIT, "USR1": SIGUSR1, "USR2": SIGUSR2, "WINCH": SIGWINCH,
  ]

  /// A shell that tells each signal that it gets, and ends with TERM the second time.
  private static let script = """
    for name in TERM INT HUP QUIT USR1 USR2 WINCH TSTP CONT; do trap "echo got $name" $name; done
    trap 'echo end; exit 7' ALRM
    echo ready
    while :; do sleep 0.02; done
    """

  @Test(arguments: Identity.all, StatusTests.reapers)
  func eachSignalReachesTheCommandOnce(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let words = [sandbox.littlectr, "run"] + options + ["sh", "-c", Self.script]
      let process = try sandbox.start(words)
      try process.waitForOutput("ready")
      var expected = "ready\n"
      for (name, number) in Self.forwarded.sorted(by: { $0.key < $1.key }) {
        process.signal(number)
        expected += "got \(name)\n"
        try process.waitForOutput(expected)
      }
      // A second time, to see that nothing was kept back; and none came twice.
      process.signal(SIGTERM)
      try process.waitForOutput(expected + "got TERM\n")
      #expect(process.output == expected + "got TERM\n")
      process.signal(SIGKILL)
      #expect(try process.wait().ending == .killed(SIGKILL))
    }
  }

  @Test(arguments: Identity.all, StatusTests.reapers)
  func aStopReachesTheCommandAndStopsLittlectrToo(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let process = try sandbox.start([sandbox.littlectr, "run"] + options + ["sh", "-c", Self.script])
      try process.waitForOutput("ready\n")
      process.signal(SIGTSTP)
      try process.waitForOutput("ready\ngot TSTP\n")
      try eventually("littlectr stops") { ProcessTable.state(of: process.id) == "T" }
      process.signal(SIGCONT)
      try process.waitForOutput("ready\ngot TSTP\ngot CONT\n")
      try eventually("littlectr goes on") { ProcessTable.state(of: process.id) == "S" }
      process.signal(SIGUSR1)
      try process.waitForOutput("ready\ngot TSTP\ngot CONT\ngot USR1\n")
    }
  }

  @Test(arguments: Identity.all, [[], ["--without", "pid"]])
  func aCommandWithoutHandlersStopsAndGoesOn(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let words = [sandbox.littlectr, "run"] + options
      let process = try sandbox.start(words + ["sh", "-c", "echo ready; sleep 1000; :"])
      try process.waitForOutput("ready")
      let command = try find("the shell with its sleep") {
        ProcessTable.descendants(of: process.id).first { id in
          ProcessTable.status(of: id)["Name"] == "sh" && ProcessTable.children(of: id).count == 1
        }
      }
      process.signal(SIGTSTP)
      try eventually("both stop") { [process.id, command].allSatisfy { ProcessTable.state(of: $0) == "T" } }
      process.signal(SIGCONT)
      try eventually("both go on") { [process.id, command].allSatisfy { ProcessTable.state(of: $0) == "S" } }
      process.signal(SIGTERM)
      #expect(try process.wait().ending == .exited(128 + SIGTERM))
    }
  }

  @Test(arguments: Identity.all, StatusTests.reapers)
  func theCommandStartsWithTheCallersMask(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let ask = options + ["grep", "SigBlk", "/proc/self/status"]
      let usual = try sandbox.execute([sandbox.littlectr, "run"] + ask)
      #expect(usual.output == "SigBlk:\t0000000000000000\n", "\(usual)")
      // USR2 is one that littlectr waits for itself, IO isn't.
      let blocking = try sandbox.execute(["env", "--block-signal=USR2,IO", sandbox.littlectr, "run"] + ask)
      let mask = 1 << (SIGUSR2 - 1) | 1 << (SIGIO - 1)
      let digits = String(mask, radix: 16)
      let expected = "SigBlk:\t" + String(repeating: "0", count: 16 - digits.count) + digits + "\n"
      #expect(blocking.output == expected, "\(blocking)")
    }
  }

  @Test(arguments: Identity.all, StatusTests.reapers)
  func aCallerThatIgnoresOrBlocksSignalsGetsTheStatus(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let run = [sandbox.littlectr, "run"] + options + ["sh", "-c", "sleep 0.05; exit 9"]
      let terminals = "--ignore-signal=TERM,INT,CONT,TSTP"
      for how in ["--ignore-signal=CHLD", "--block-signal=CHLD", "--block-signal", terminals] {
        let seen = try sandbox.execute(["env", how] + run)
        #expect(seen.ending == .exited(9), "\(how): \(seen)")
      }
    }
  }

  /// Signals that end a program which doesn't expect them.
  private static let others = [
    SIGALRM, SIGPIPE, SIGVTALRM, SIGPROF, SIGIO, 30, 16, 24, 25, 4, 5, 6, 7, 8, 11, 31, 34, 40, 64,
  ]

  @Test(
    "every signal that can be forwarded is forwarded", arguments: Identity.all,
    StatusTests.reapers + [["--with", "terminal"]])
  func whateverElseCanBeForwardedIs(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let script = "for n in \(Self.others.map(String.init).joined(separator: " ")); do trap \"echo got $n.\" $n; done"
      let words =
        [sandbox.littlectr, "run"] + options + ["sh", "-c", script + "; echo ready; while :; do sleep 0.02; done"]
      let process = try sandbox.start(words)
      try process.waitForOutput("ready\n")
      for number in Self.others {
        process.signal(number)
        try process.waitForOutput("got \(number).\n")
      }
      #expect(process.output.split(separator: "\n").count == Self.others.count + 1)
      process.signal(SIGKILL)
      #expect(try process.wait().ending == .killed(SIGKILL))
    }
  }

  @Test("a stopped container goes on with SIGCONT, or ends", arguments: Identity.all, StatusTests.reapers)
  func whatHasStoppedGoesOnOrEnds(_ identity: Identity, _ options: [String]) throws {
    // Process 1 itself can't be stopped from inside.
    if options.contains("pid.init=no") { return }
    try Sandbox.with(identity) { sandbox in
      for (signal, ending) in [(SIGCONT, Ending.exited(3)), (SIGTERM, .exited(143))] {
        let words = [sandbox.littlectr, "run"] + options
        let process = try sandbox.start(words + ["sh", "-c", "echo ready; kill -STOP $$; exit 3"])
        try process.waitForOutput("ready\n")
        try eventually("it has stopped") {
          ProcessTable.descendants(of: process.id).contains { ProcessTable.state(of: $0) == "T" }
        }
        process.signal(signal)
        // As shells and timeout do it, since littlectr may have stopped too.
        process.signal(SIGCONT)
        #expect(try process.wait().ending == ending)
      }
    }
  }

  private static let phases = ["before-clone", "child-waits", "in-child", "after"]

  @Test(arguments: Identity.all, phases) func whileAHookRunsItEnds(_ identity: Identity, _ phase: String) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write("#!/bin/sh\necho hook; exec sleep 1000\n", to: "hook", mode: 0o755)
      for options in [[], ["--without", "pid"], ["--with", "dev", "--with", "terminal pty=yes"]] {
        for signal in [SIGTERM, SIGINT, SIGHUP] {
          let before = Leftovers(sandbox)
          let words = [sandbox.littlectr, "run"] + options + ["--with", "hook phase=\(phase) run=./hook", "true"]
          let process = try sandbox.start(words)
          try process.waitForOutput("hook\n")
          process.signal(signal)
          let seen = try process.wait()
          // The command's status is told, or that not all was undone.
          #expect(seen.ending == .exited(phase == "after" ? 125 : 128 + signal), "\(seen)")
          let left = try before.find()
          #expect(left == [])
        }
      }
    }
  }
}
