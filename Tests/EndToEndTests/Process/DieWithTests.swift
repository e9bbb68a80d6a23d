import Glibc
import Testing

/// The container ends with what has started littlectr.
@Suite struct DieWithTests {
  private static let everyWay = [[], ["--set", "pid.init=no"], ["--without", "pid"], pty]
  private static let pty = ["--with", "dev", "--with", "terminal pty=yes"]

  /// Starts a shell that starts littlectr and waits for it, and tells which process littlectr is.
  private func start(
    _ sandbox: Sandbox, _ options: [String], _ script: String
  ) throws -> (starter: RunningProcess, littlectr: pid_t) {
    let run = [sandbox.littlectr, "run"] + options + ["sh", "-c", script, sandbox.token]
    let starter = try sandbox.start(["bash", "-c", "\"$@\" & echo $! >pid; wait; :", sandbox.token] + run)
    try starter.waitForOutput("ready")
    let text = try FileTree.text(sandbox.directory + "/pid")
    unlink(sandbox.directory + "/pid")
    return (starter, try #require(pid_t(text.dropLast())))
  }

  private static let deaf = "trap '' TERM INT HUP QUIT; echo ready; while :; do sleep 0.05; done"

  @Test("diewith ends a command that ignores signals", arguments: Identity.all, everyWay)
  func whatIgnoresSignalsEndsToo(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let before = Leftovers(sandbox)
      let (starter, _) = try start(sandbox, ["--with", "diewith"] + options, Self.deaf)
      starter.signal(SIGKILL)
      #expect(try starter.wait().ending == .killed(SIGKILL))
      let left = try before.find()
      #expect(left == [])
    }
  }

  private static let telling = """
    for name in TERM USR1; do trap "echo got $name" $name; done
    echo ready
    while :; do sleep 0.02; done
    """

  @Test(
    "without diewith the container outlives what has started littlectr", arguments: Identity.all,
    [["--with", "diewith parent=no"], []])
  func withoutItTheContainerGoesOn(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let (starter, littlectr) = try start(sandbox, options, Self.telling)
      starter.signal(SIGKILL)
      #expect(try starter.wait().ending == .killed(SIGKILL))
      kill(littlectr, SIGUSR1)
      try eventually("the command still answers") { starter.output == "ready\ngot USR1\n" }
    }
  }

  @Test(arguments: Identity.all, everyWay)
  func signalsOfALivingStarterAreOnlyForwarded(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let (starter, littlectr) = try start(sandbox, ["--with", "diewith"] + options, Self.telling)
      var expected = "ready\n"
      for (name, number) in [("TERM", SIGTERM), ("USR1", SIGUSR1), ("TERM", SIGTERM)] {
        // What the kernel sends when a thread of the starter ends.
        kill(littlectr, SIGURG)
        kill(littlectr, number)
        expected += "got \(name)\n"
        try eventually("“\(expected)”") { starter.output.replacing("\r\n", with: "\n") == expected }
      }
      #expect(starter.poll() == nil)
    }
  }

  @Test(arguments: Identity.all) func aStarterThatHasEndedBeforeIsTold(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.run(["--with", "diewith", "--fault", "1=ESRCH"], "true")
      seen.expectRefusal(
        "diewith (--with 'diewith'): prctl(PR_SET_PDEATHSIG, SIGURG)", why: "what has started littlectr has ended",
        fix: "off diewith")
    }
  }
}
