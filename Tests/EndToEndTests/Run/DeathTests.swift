import Glibc
import Testing

/// The container ends with littlectr, and with its own first process.
@Suite struct DeathTests {
  @Test(arguments: Identity.all, [[], ["--set", "pid.init=no"]])
  func killingLittlectrEndsAllThatRunsInside(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let before = Leftovers(sandbox)
      // A grandchild in a session of its own, which ignores what it can.
      let inner = "trap '' TERM INT HUP; echo second; while :; do sleep 0.1; done"
      let script = "setsid sh -c \"\(inner)\" \(sandbox.token) & sleep 1000"
      let process = try sandbox.start([sandbox.littlectr, "run"] + options + ["sh", "-c", script, sandbox.token])
      try process.waitForOutput("second")
      #expect(Leftovers.processes(of: sandbox).count >= 3)
      process.signal(SIGKILL)
      #expect(try process.wait().ending == .killed(SIGKILL))
      let left = try before.find()
      #expect(left == [])
    }
  }

  /// A program that maps ids may have more privileges than littlectr, so that no signal of the parent's death reaches it.
  @Test func aStoppedHelperEndsWithLittlectr() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      let before = Leftovers(sandbox)
      let helper = "#!/bin/sh\necho here >\(sandbox.directory)/stopped\nkill -STOP $$\nexec sleep 1000\n"
      // Only root's newuidmap is run; who isn't root stops the child.
      let isRoot = Identity.caller.isRoot
      mkdir(sandbox.directory + "/helpers", 0o755)
      for name in ["newuidmap", "newgidmap"] { try sandbox.writeRootsProgram(helper, to: "helpers/\(name)") }
      try sandbox.write("#!/bin/sh\nkill -STOP \"$LITTLECTR_CHILD\"\n", to: "stop", mode: 0o755)
      try sandbox.write(Sandbox.configuration + "hook phase=child-waits run=./stop\n", to: "hook.conf")
      let path = sandbox.directory + "/helpers:" + Programs.searchPath
      let options = isRoot ? ["--set", "userns.map=full"] : ["--conf", "./hook.conf"]
      let words = [sandbox.littlectr, "run"] + options + ["true", sandbox.token]
      let process = try sandbox.start(words, environment: ["PATH": path])
      func stopped() -> Int {
        let states = FileTree.entries("/proc")
        return states.filter { entry in
          guard Int(entry) != nil, let text = try? FileTree.text("/proc/\(entry)/stat") else { return false }
          let words = (try? FileTree.text("/proc/\(entry)/cmdline")) ?? ""
          return words.contains(isRoot ? sandbox.directory + "/helpers/" : sandbox.token) && text.contains(") T ")
        }.count
      }
      try eventually("all are stopped") { stopped() >= (isRoot ? 2 : 1) }
      process.signal(SIGKILL)
      #expect(try process.wait().ending == .killed(SIGKILL))
      try eventually("none is left") { stopped() == 0 }
      let left = try before.find().filter {
        !["/stopped", "/stop", "/helpers", "/hook.conf"].contains(where: $0.contains)
      }
      #expect(left == [])
    }
  }

  @Test(arguments: Identity.all, ["before-clone", "child-waits", "in-child"])
  func aStoppedHookEndsWithLittlectr(_ identity: Identity, _ phase: String) throws {
    try Sandbox.with(identity) { sandbox in
      let before = Leftovers(sandbox)
      let program = sandbox.directory + "/stop-\(sandbox.token)"
      try sandbox.write("#!/bin/sh\nkill -STOP $$\nexec sleep 1000\n", to: program, mode: 0o755)
      try sandbox.write(Sandbox.configuration + "hook phase=\(phase) run=\(program)\n", to: "hook.conf")
      let process = try sandbox.start([sandbox.littlectr, "run", "--conf", "./hook.conf", "true", sandbox.token])
      func hooks() -> [String] {
        FileTree.entries("/proc").filter { entry in
          Int(entry) != nil && ((try? FileTree.text("/proc/\(entry)/cmdline")) ?? "").contains(program)
        }
      }
      try eventually("it is stopped") {
        hooks().contains { ((try? FileTree.text("/proc/\($0)/stat")) ?? "").contains(") T ") }
      }
      process.signal(SIGKILL)
      #expect(try process.wait().ending == .killed(SIGKILL))
      try eventually("it is gone") { hooks().isEmpty }
      #expect(try before.find().filter { !$0.contains("hook.conf") && !$0.contains("stop-") } == [])
    }
  }

  @Test(arguments: Identity.all) func withoutPIDTheCommandEndsWithLittlectr(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let before = Leftovers(sandbox)
      let words = [sandbox.littlectr, "run", "--without", "pid", "--without", "proc"]
      let process = try sandbox.start(words + ["sh", "-c", "echo up; exec sleep 1000"])
      try process.waitForOutput("up")
      process.signal(SIGKILL)
      #expect(try process.wait().ending == .killed(SIGKILL))
      let left = try before.find()
      #expect(left == [])
    }
  }

  @Test(arguments: Identity.all, [[], ["--set", "pid.init=no"]])
  func whatTheCommandLeavesRunningEndsWithIt(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let before = Leftovers(sandbox)
      let words = [sandbox.littlectr, "run"] + options
      let script = "setsid sh -c 'sleep 1000; :' \(sandbox.token) & sleep 0.05; exit 5"
      let seen = try sandbox.execute(words + ["sh", "-c", script, sandbox.token])
      #expect(seen.ending == .exited(5), "\(seen)")
      let left = try before.find()
      #expect(left == [])
    }
  }

  /// Waits until no process of the container is a zombie, having seen that a good many have ended as orphans.
  private static let script = """
    for number in 1 2 3 4 5 6 7 8; do (sleep 0.1 & exit 0); done
    while ps | grep -v grep | grep -q 'sleep 0.1'; do sleep 0.02; done
    """

  @Test(arguments: Identity.all) func orphansAreReapedByInit(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let wait = "while grep -q '^State:.Z' /proc/[0-9]*/status; do sleep 0.02; done; echo none"
      let seen = try sandbox.sh(Self.script + "\n" + wait)
      #expect(seen.output == "none\n" && seen.status == 0, "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func withoutInitOrphansStayZombies(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      // Process 1 becomes a `sleep`, which reaps nobody.
      let orphan = "(sleep 0.1 & exit 0)"
      let watch = "while ! grep -q '^State:.Z' /proc/[0-9]*/status; do sleep 0.02; done; echo zombie; kill -9 1"
      let words = ["--set", "pid.init=no", "sh", "-c", "\(orphan); sh -c \"\(watch)\" & exec sleep 1000"]
      let process = try sandbox.start([sandbox.littlectr, "run"] + words)
      try process.waitForOutput("zombie\n")
    }
  }
}
