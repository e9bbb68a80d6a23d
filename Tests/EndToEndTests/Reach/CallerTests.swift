import Glibc
import Testing

/// What runs inside can't reach the caller, and what lies about isn't taken for the caller's.
@Suite struct CallerTests {
  @Test(arguments: Identity.all, [[], ["--set", "pid.init=no"], ["--without", "pid"]])
  func aSignalToTheGroupSparesTheCallers(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let script = "\"$0\" run \"$@\" sh -c 'kill -KILL 0; exit 5' </dev/null; echo \"survived $?\""
      let seen = try sandbox.execute(["sh", "-c", script, sandbox.littlectr] + options)
      // The kernel spares process 1 of a namespace from signals of its own processes.
      #expect(seen.output == (options.contains("pid.init=no") ? "survived 5\n" : "survived 137\n"), "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func aSignalToTheCallersGroupComesOnce(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let inner = "trap 'echo got' USR1; echo up; while :; do sleep 0.05; done"
      let process = try sandbox.start([sandbox.littlectr, "run", "sh", "-c", inner])
      try process.waitForOutput("up")
      // The session's leader leads its group too.
      kill(-process.id, SIGUSR1)
      try process.waitForOutput("got")
      process.signal(SIGTERM)
      let seen = try process.wait()
      #expect(seen.lines.filter { $0 == "got" }.count == 1, "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func anImageOfTheWorkingDirectoryIsNotTaken(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      // Without any stages.conf the one inside the program is used, which lies nowhere.
      let made = try sandbox.execute(["sh", "-c", "mkdir -p other/images && cp -a root other/images/default"])
      try #require(made.status == 0, "\(made)")
      let process = try sandbox.start(
        [sandbox.littlectr, "run", "true"], in: sandbox.directory + "/other")
      try process.wait().expectRefusal(
        "chroot (built-in stages.conf:",
        why: "there is no image 'default' in \(sandbox.programDirectory)/images, \(sandbox.directory)/.local/share")
    }
  }

  @Test func anImageOfSomebodyElseIsNotRun() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      // Only root can make one for somebody else.
      guard geteuid() == 0 else { return }
      let made = try sandbox.execute(["sh", "-c", "mkdir images && mv root images/default"])
      try #require(made.status == 0, "\(made)")
      chown(sandbox.directory + "/images/default", 1, 1)
      try sandbox.write("userns\nmount\nchroot\n", to: "image.conf")
      try sandbox.run(["--conf", "./image.conf"], "true").expectRefusal(
        "image=\"default\"", why: "belongs to user 1, who put into it what you would run", fix: "root=")
    }
  }

  @Test(arguments: Identity.all) func theCommandsSignalMaskIsTheCallersAfterATryToo(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write(Sandbox.configuration.replacing("\nuts", with: "\ntry uts"), to: "try.conf")
      let steps = try Explanation(sandbox, ["--conf", "./try.conf"], ["true"]).steps
      let step = try #require(steps.first { $0.stage == "uts" })
      let seen = try sandbox.run(
        ["--conf", "./try.conf", "--fault", "\(step.number)=EPERM"], "grep", "SigBlk", "/proc/self/status")
      #expect(seen.output == "SigBlk:\t0000000000000000\n", "\(seen)")
    }
  }

  @Test(arguments: Identity.all)
  func aContainerThatIsKilledDuringSetUpIsLittlectrsFailure(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write("#!/bin/sh\nkill -KILL \"$LITTLECTR_CHILD\"\n", to: "kill-it", mode: 0o755)
      try sandbox.write(Sandbox.configuration + "hook phase=child-waits run=./kill-it\n", to: "killed.conf")
      try sandbox.littlectr("run", "--conf", "./killed.conf", "true").expectRefusal(
        "littlectr: the container ended before the command was started", why: "was ended by SIGKILL", fix: "--trace")
    }
  }

  @Test(arguments: Identity.all, ["<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"])
  func closedStandardDescriptorsDoNoHarm(_ identity: Identity, _ closed: String) throws {
    try Sandbox.with(identity) { sandbox in
      let script = "\"$0\" run --trace sh -c 'echo x; echo y >&2; exit 7' \(closed)"
      let seen = try sandbox.execute(["sh", "-c", script, sandbox.littlectr])
      #expect(seen.ending == .exited(7), "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func aFullDiskIsAFailure(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.execute(["sh", "-c", "exec \"$0\" explain >/dev/full", sandbox.littlectr])
      #expect(seen.status == 125 && seen.error.contains("write(1, …): ENOSPC"), "\(seen)")
    }
  }
}
