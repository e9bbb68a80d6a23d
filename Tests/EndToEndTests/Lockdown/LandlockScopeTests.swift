import Glibc
import Testing

/// What the rules for ports and for processes outside allow and refuse, asked by perl in a borrowed root.
@Suite struct LandlockScopeTests {
  private func expect(
    _ output: String, _ sandbox: Sandbox, _ program: String, _ rules: String, _ options: [String] = []
  ) throws {
    try sandbox.write("userns\nuts\npid\nmount\nhostroot\nproc\ndev\nnonewprivs\nlandlock \(rules)\n", to: "host.conf")
    let seen = try sandbox.run(["--conf", "./host.conf"] + options, "perl", "-MSocket", "-e", program)
    #expect(seen.output == output, "\(rules): \(seen)")
  }

  /// Binds to a port, or connects to it, and prints what came of it.
  private func program(_ call: String, _ port: Int) -> String {
    "socket(S, PF_INET, SOCK_STREAM, 0); print \(call)(S, sockaddr_in(\(port), INADDR_LOOPBACK)) ? 'done' : $!"
  }

  @Test(arguments: Identity.all) func onlyListedPortsAreBound(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let (free, other) = (20_000 + Int(getpid()) % 10_000, 30_000 + Int(getpid()) % 10_000)
      try expect("Permission denied", sandbox, program("bind", other), "tcp-bind=\(free)")
      try expect("done", sandbox, program("bind", free), "tcp-bind=\(free)", ["--with", "net"])
      // No key is about that.
      try expect("Connection refused", sandbox, program("connect", other), "tcp-bind=\(free)", ["--with", "net"])
      try expect("Permission denied", sandbox, program("bind", free), "tcp-bind=none")
    }
  }

  @Test(arguments: Identity.all) func onlyListedPortsAreConnectedTo(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let net = ["--with", "net"]
      try expect("Permission denied", sandbox, program("connect", 81), "tcp-connect=80", net)
      try expect("Connection refused", sandbox, program("connect", 80), "tcp-connect=80", net)
      try expect("Permission denied", sandbox, program("connect", 80), "tcp-connect=none", net)
      try expect("done", sandbox, program("bind", 20_001), "tcp-connect=none", net)
    }
  }

  @Test(arguments: Identity.all) func theHostsAbstractSocketsAreOutOfReach(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let name = "\\0" + sandbox.token
      let server = """
        socket(S, PF_UNIX, SOCK_STREAM, 0); bind(S, pack_sockaddr_un("\(name)")) or die; listen(S, 1) or die;
        $| = 1; print "listening\\n"; sleep 1000
        """
      let outside = try sandbox.start(["perl", "-MSocket", "-e", server])
      try outside.waitForOutput("listening\n")
      let client = "socket(S, PF_UNIX, SOCK_STREAM, 0); print connect(S, pack_sockaddr_un(\"\(name)\")) ? 'done' : $!"
      try expect("done", sandbox, client, "scope=signal")
      try expect("Operation not permitted", sandbox, client, "scope=abstract-unix-socket")
      outside.signal(SIGKILL)
      _ = try outside.wait()
    }
  }

  @Test(arguments: Identity.all) func theHostsProcessesGetNoSignal(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let outside = try sandbox.start(["sleep", "1000"])
      let kill = "print kill(0, \(outside.id)) ? 'done' : $!"
      let options = ["--without", "pid", "--set", "userns.map=root"]
      try expect("done", sandbox, kill, "scope=abstract-unix-socket", options)
      try expect("Operation not permitted", sandbox, kill, "scope=signal", options)
      outside.signal(SIGKILL)
      _ = try outside.wait()
    }
  }

  @Test(arguments: Identity.all, [[], ["--set", "pid.init=no"]])
  func littlectrsOwnSignalsReachTheCommand(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let script = "trap 'echo got; exit 5' TERM; echo ready; while :; do sleep 0.05; done"
      let words = [sandbox.littlectr, "run", "--with", "nonewprivs", "--with", "landlock scope=signal"] + options
      let process = try sandbox.start(words + ["sh", "-c", script])
      try process.waitForOutput("ready\n")
      process.signal(SIGTERM)
      let seen = try process.wait()
      #expect(seen.ending == .exited(5) && seen.output == "ready\ngot\n", "\(seen)")
    }
  }
}
