import Testing

/// `try` goes on and says so in one line, `off` keeps the line, and a plain line stops everything.
@Suite struct TryTests {
  /// The mount namespace, processes and covered /proc of an outer container.
  private func covered(_ sandbox: Sandbox, _ options: String) throws -> Outcome {
    let outer = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount", "--mount-proc"]
    let script = "mount -t tmpfs none /proc/sys && exec \"$0\" run --conf ./try.conf \(options)"
    return try sandbox.execute(outer + ["sh", "-c", script, sandbox.littlectr])
  }

  @Test func tryUsernsGoesOnWithoutIDs() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      // What fails is the map; what comes of it without userns is a matter of the other lines: here there are none.
      try sandbox.write("try userns map=full\n", to: "try.conf")
      let script = "PATH=/nowhere; exec \"$0\" run --conf ./try.conf /bin/echo on"
      let seen = try sandbox.execute(["sh", "-c", script, sandbox.littlectr])
      #expect(seen.ending == .exited(0) && seen.output == "on\n", "\(seen)")
      let line = "littlectr: went on without userns (try.conf:1): map=full: newuidmap isn't in PATH"
      #expect(seen.error.hasPrefix(line) && seen.error.split(separator: "\n").count == 2, "\(seen)")
      // Nothing is left of this container, and that is said too.
      #expect(seen.error.hasSuffix("no stage is used, so the command runs on the host itself, as you\n"), "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func tryProcGoesOnWhereProcIsCovered(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write(Sandbox.configuration.replacing("\nproc", with: "\ntry proc"), to: "try.conf")
      let seen = try covered(sandbox, "ls -A /proc")
      #expect(seen.ending == .exited(0) && seen.output == "", "\(seen)")
      let lines = seen.error.split(separator: "\n")
      #expect(
        lines.count == 1 && lines[0].hasPrefix("littlectr: went on without proc (try.conf:6): fsmount("), "\(seen)")
      #expect(lines.first?.contains(": EPERM: /proc/sys is mounted over a part") == true, "\(seen)")
      // Where it can be had, it is.
      let usual = try sandbox.run(["--conf", "./try.conf"], "ls", "-d", "/proc/1")
      #expect(usual.output == "/proc/1\n" && usual.error == "", "\(usual)")
    }
  }

  @Test(arguments: Identity.all) func tryNamespacesAreAskedForAgainWithoutThem(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write("userns\ntry uts\npid\nmount\nchroot root=root\nproc\n", to: "try.conf")
      let script = "echo 0 >/proc/sys/user/max_uts_namespaces && exec \"$0\" run --conf ./try.conf hostname"
      let seen = try sandbox.execute(["unshare", "--user", "--map-root-user", "sh", "-c", script, sandbox.littlectr])
      let hostname = try FileTree.text("/proc/sys/kernel/hostname")
      #expect(seen.ending == .exited(0) && seen.output == hostname, "\(seen)")
      let lines = seen.error.split(separator: "\n")
      #expect(lines.count == 1 && lines[0].hasPrefix("littlectr: went on without uts (try.conf:2): clone3("), "\(seen)")
    }
  }

  /// Where one kind is missing, the others stay.
  @Test("try leaves out only the kind of namespace that is missing", arguments: Identity.all)
  func onlyTheMissingKindIsLeftOut(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write("try userns\ntry uts\ntry pid\ntry mount\nchroot root=root\nproc\n", to: "try.conf")
      let script = "echo 0 >/proc/sys/user/max_uts_namespaces && exec \"$0\" run --conf ./try.conf sh -c 'echo $$'"
      let seen = try sandbox.execute(["unshare", "--user", "--map-root-user", "sh", "-c", script, sandbox.littlectr])
      #expect(seen.ending == .exited(0) && seen.output == "2\n", "\(seen)")
      let lines = seen.error.split(separator: "\n")
      #expect(lines.count == 1 && lines[0].hasPrefix("littlectr: went on without uts (try.conf:2): clone3("), "\(seen)")
    }
  }

  /// What an image does to a place must not switch a line off.
  @Test(
    "try excuses no fault of the image", arguments: Identity.all,
    [
      ("file to=/made/motd text=x", "rm -rf root/made; touch root/made"),
      ("file to=/made text=x", "rm -rf root/made; mkdir root/made"),
      ("etc resolv=192.0.2.1", "rm -rf root/etc/resolv.conf; mkdir root/etc/resolv.conf"),
      ("bind from=stages.conf to=/made", "rm -rf root/made; mkdir root/made"),
      ("bind from=stages.conf to=/made/x", "rm -rf root/made; touch root/made"),
      ("workdir path=/made", "rm -rf root/made; touch root/made"),
      ("workdir path=/made", "rm -rf root/made; ln -s /gone root/made"),
      ("user name=gone", "true"),
    ])
  func whatTheImageDecidesIsNotExcused(_ identity: Identity, _ it: (line: String, script: String)) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.prepare(it.script)
      for layer in [[], ["--with", "overlay"]] {
        let seen = try sandbox.run(layer + ["--with", "try " + it.line], "true")
        #expect(seen.status == 125 && !seen.error.contains("went on without"), "\(it.line): \(seen)")
      }
    }
  }

  @Test(arguments: Identity.all) func aTriedStepThatFailsTakesOnlyItsStageAway(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write(Sandbox.configuration.replacing("\nuts", with: "\ntry uts"), to: "try.conf")
      let steps = try Explanation(sandbox, ["--conf", "./try.conf"], ["true"]).steps
      let step = try #require(steps.first { $0.stage == "uts" })
      let options = ["--conf", "./try.conf", "--fault", "\(step.number)=EPERM"]
      let seen = try sandbox.run(options, "sh", "-c", "hostname; echo $$; cat /etc/small-root")
      let hostname = try FileTree.text("/proc/sys/kernel/hostname")
      #expect(seen.ending == .exited(0) && seen.output == hostname + "2\nthe small root\n", "\(seen)")
      let line = "littlectr: went on without uts (try.conf:2): sethostname(\"littlectr\", 9): EPERM"
      #expect(seen.error.hasPrefix(line) && seen.error.split(separator: "\n").count == 1, "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func offKeepsTheLineAndItsPlace(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write(Sandbox.configuration.replacing("\nuts", with: "\noff uts hostname=kept"), to: "off.conf")
      let hostname = try FileTree.text("/proc/sys/kernel/hostname")
      let off = try sandbox.run(["--conf", "./off.conf"], "hostname")
      #expect(off.output == hostname, "\(off)")
      let explanation = try Explanation(sandbox, ["--conf", "./off.conf"])
      #expect(explanation.off.map(\.name) == ["uts"] && !explanation.namespaces.contains("uts"))
      let on = try sandbox.run(["--conf", "./off.conf", "--with", "uts"], "hostname")
      #expect(on.output == "kept\n", "\(on)")
      // Still checked: a mistake in it is one.
      try sandbox.write(Sandbox.configuration.replacing("\nuts", with: "\noff uts hostnam=x"), to: "off.conf")
      let text = "littlectr: off.conf:2:9: unknown key 'hostnam' for stage 'uts'; did you mean 'hostname'?"
      try sandbox.run(["--conf", "./off.conf"], "true").expectRefusal(text)
    }
  }

  @Test(arguments: Identity.all) func aWrongOrderIsRefusedWithTheLineToMove(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write("userns\npid\nmount\nproc\nchroot root=root\n", to: "order.conf")
      try sandbox.run(["--conf", "./order.conf"], "true").expectRefusal(
        "littlectr: proc (order.conf:4): must stand below 'chroot' (order.conf:5)", why: "stays behind in the old root",
        fix: "move 'proc' from order.conf:4 to below order.conf:5")
    }
  }
}
