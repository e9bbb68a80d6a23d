import Glibc
import Testing

/// Programs of the host's as steps.
@Suite struct HookTests {
  private static let everyWay = [[], ["--set", "pid.init=no"], ["--set", "userns.map=root"]]

  /// Tells in a file named by the phase what a hook sees.
  private static let spy = """
    #!/bin/sh
    {
      echo "$LITTLECTR_PHASE $#$1$2$3 ${LITTLECTR_CHILD:-none} $MARK $(wc -c)"
      readlink /proc/self/ns/uts
      readlink /proc/self/ns/mnt
      test "$LITTLECTR_CHILD" && readlink "/proc/$LITTLECTR_CHILD/ns/uts"
      cat "$LITTLECTR_ROOT/etc/small-root" 2>/dev/null || echo no root
      test "$LITTLECTR_PHASE" = in-child && pwd
      ls ready 2>/dev/null
    } >"$3/$LITTLECTR_PHASE.seen"
    echo "said by $LITTLECTR_PHASE"

    """

  private func hook(_ phase: String, _ run: String, _ arguments: String...) -> [String] {
    ["--with", "hook phase=\(phase) run=\(run)" + arguments.map { " args=\"\($0)\"" }.joined()]
  }

  @Test("a hook of each phase runs at its place with what it is promised", arguments: Identity.all, everyWay)
  func eachRunsInItsPlaceWithWhatItIsPromised(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write(Self.spy, to: "spy", mode: 0o755)
      let phases = ["before-clone", "child-waits", "in-child", "after"]
      let hooks = phases.flatMap { hook($0, "./spy", "one word", "", sandbox.directory) }
      let script = "echo the command; readlink /proc/self/ns/uts"
      let words = [sandbox.littlectr, "run"] + options + hooks + ["sh", "-c", script]
      let seen = try sandbox.execute(["sh", "-c", "echo input | \"$@\"", "sh"] + words, environment: ["MARK": "mine"])
      #expect(seen.ending == .exited(0) && seen.error == "", "\(seen)")
      try #require(seen.lines.count == 6, "\(seen)")
      #expect(
        seen.lines.prefix(4) == ["said by before-clone", "said by child-waits", "said by in-child", "the command"])
      #expect(seen.lines[5] == "said by after")
      let (inside, outside) = (seen.lines[4], try sandbox.execute(["readlink", "/proc/self/ns/uts"]).lines[0])
      var told = try phases.map {
        try FileTree.text("\(sandbox.directory)/\($0).seen").split(separator: "\n").map(String.init)
      }
      var children: [String] = []
      for (index, phase) in phases.enumerated() {
        var fields = told[index].removeFirst().split(separator: " ").map(String.init)
        try #require(fields.count == 6, "\(fields)")
        children.append(fields.remove(at: 3))
        #expect(fields == [phase, "3one", "word" + sandbox.directory, "mine", "0"], "no input, and your environment")
      }
      #expect(children[0] == "none" && children[3] == "none" && children[1] == children[2] && Int(children[1]) != nil)
      let mounts = told.indices.map { told[$0].remove(at: 1) }
      #expect(mounts[0] == mounts[1] && mounts[0] == mounts[3] && mounts[0] != mounts[2])
      #expect(told[0] == [outside, "no root"] && told[3] == [outside, "no root"], "\(told)")
      #expect(told[1] == [outside, inside, "no root"], "\(told)")
      #expect(told[2] == [inside, inside, "the small root", "/"], "\(told)")
    }
  }

  /// What an image, or a directory that was written from inside, has at a relative place isn't run outside.
  @Test(
    "a hook gets no relative directory in PATH or LD_LIBRARY_PATH", arguments: Identity.all,
    ["before-clone", "child-waits", "in-child", "after"])
  func relativePlacesAreLeftOut(_ identity: Identity, _ phase: String) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write(
        "#!/bin/sh\necho \"$PATH ${LD_LIBRARY_PATH-none} ${LD_PRELOAD-none}\" >\"$1\"\n", to: "spy", mode: 0o755)
      let path = sandbox.directory + "/seen"
      let seen = try sandbox.execute(
        [sandbox.littlectr, "run"] + hook(phase, "./spy", path) + ["true"],
        environment: ["PATH": "bin:\(Programs.searchPath):", "LD_LIBRARY_PATH": ".:lib:", "LD_PRELOAD": ""])
      #expect(seen.ending == .exited(0), "\(seen)")
      #expect(try FileTree.text(path) == "\(Programs.searchPath) none none\n")
    }
  }

  /// How a hook fails, and what is said.
  private static let failures = [
    "exit 3": "exited with 3", "kill -9 $$": "was ended by SIGKILL", "kill $$": "was ended by SIGTERM",
  ]

  @Test("a hook that fails stops the container", arguments: Identity.all, ["before-clone", "child-waits", "in-child"])
  func oneThatFailsStopsTheContainer(_ identity: Identity, _ phase: String) throws {
    try Sandbox.with(identity) { sandbox in
      let before = Leftovers(sandbox)
      for (text, end) in Self.failures {
        let path = sandbox.directory + "/bad"
        try sandbox.write("#!/bin/sh\necho cause >&2\n\(text)\n", to: "bad", mode: 0o755)
        let seen = try sandbox.run(hook(phase, "./bad", "x"), "echo", "ran")
        #expect(seen.error.hasPrefix("cause\n"))
        let own = Outcome(ending: seen.ending, output: seen.output, error: String(seen.error.dropFirst(6)))
        own.expectRefusal("littlectr: hook (--with 'hook phase=\(phase)", why: "bad \(end)", fix: "off hook")
        unlink(path)
      }
      try sandbox.write("neither\n", to: "bad", mode: 0o755)
      try sandbox.run(hook(phase, "./bad"), "echo", "ran").expectRefusal(
        "ENOEXEC", why: "nor a script", fix: "#!/bin/sh")
      try sandbox.write("#!/bin/sh\n", to: "bad", mode: 0o644)
      try sandbox.run(hook(phase, "./bad"), "echo", "ran").expectRefusal("EACCES", why: "not execute", fix: "chmod +x")
      unlink(sandbox.directory + "/bad")
      try sandbox.run(hook(phase, "./bad"), "echo", "ran").expectRefusal("ENOENT", why: "there is no ", fix: "run=")
      let left = try before.find()
      #expect(left == [])
    }
  }

  @Test("a hook of phase=after that fails is reported", arguments: Identity.all)
  func oneOfAfterThatFailsIsSaid(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write("#!/bin/sh\nexit 3\n", to: "bad", mode: 0o755)
      try sandbox.write("#!/bin/sh\necho still\n", to: "good", mode: 0o755)
      let hooks = hook("after", "./good") + hook("after", "./bad")
      let seen = try sandbox.run(hooks, "echo", "ran")
      #expect(seen.ending == .exited(125) && seen.output == "ran\nstill\n", "\(seen)")
      #expect(seen.error.hasPrefix("littlectr: hook (--with 'hook phase=after run=./bad'): at the end: "), "\(seen)")
      #expect(seen.error.contains("bad: ECANCELED\n  why  ") && seen.error.contains("bad exited with 3; "), "\(seen)")
      let other = try sandbox.run(hooks, "sh", "-c", "exit 7")
      #expect(other.ending == .exited(7) && other.error.contains("bad exited with 3; "), "the command's own status")
      // One that isn't there is missed before anything is done.
      try sandbox.run(hook("after", "./none"), "echo", "ran").expectRefusal(
        "faccessat2(AT_FDCWD, \"", why: "there is no ", fix: "run=")
    }
  }

  @Test("a hook of phase=after runs however the container ends", arguments: Identity.all)
  func afterRunsOnEveryWayOut(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write("#!/bin/sh\necho after\n", to: "after", mode: 0o755)
      let options = hook("after", "./after") + ["--with", "diewith"]
      let steps = try Explanation(sandbox, options, ["true"]).steps
      let own = try #require(steps.firstIndex { $0.stage == "hook" })
      for step in steps[(own + 1)...] {
        let seen = try sandbox.run(options + ["--fault", "\(step.number)=EIO"], "true")
        #expect(seen.output == "after\n" && [125, 126].contains(seen.status), "\(step): \(seen)")
      }
      #expect(try sandbox.run(options, "sh", "-c", "kill -9 $$").output == "after\n")
      let run =
        [sandbox.littlectr, "run"] + options + ["sh", "-c", "trap '' TERM; echo up; sleep 1000", sandbox.token]
      let starter = try sandbox.start(["bash", "-c", "\"$@\" & wait", sandbox.token] + run)
      try starter.waitForOutput("up\n")
      starter.signal(SIGKILL)
      try eventually("the hook has run") { starter.output == "up\nafter\n" }
    }
  }

  @Test("a hook's program is looked up in PATH", arguments: Identity.all)
  func aNameIsLookedUpInPATH(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.run(hook("in-child", "echo", "from the host"), "true")
      #expect(seen.output == "from the host\n", "\(seen)")
      try sandbox.run(hook("in-child", "no-such-program"), "true").expectRefusal(
        "run=no-such-program", why: "no directory of your PATH has a program no-such-program",
        fix: "run=./no-such-program")
      try sandbox.run(["--with", "hook"], "true").expectRefusal(
        "nothing is run", why: "the line names no program", fix: "run=./script")
      // In a file a path begins at the file.
      FileTree.remove(sandbox.directory + "/conf")
      try FileTree.make(sandbox.directory + "/conf")
      try FileTree.give(sandbox.directory + "/conf", to: try identity.existing())
      try sandbox.write("#!/bin/sh\necho beside\n", to: "conf/beside", mode: 0o755)
      try sandbox.write("hook run=./beside\n", to: "conf/stages.conf")
      let beside = try sandbox.run(["--conf", "conf/stages.conf"], "true")
      #expect(beside.output == "beside\n", "\(beside)")
    }
  }

  @Test("explain lists hooks of phase=after in the order in which they run")
  func explainTellsWhatIsUndoneLastFirst() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      let options = hook("after", "/bin/true", "a") + hook("after", "/bin/true", "b")
      let text = try sandbox.execute([sandbox.littlectr, "explain"] + options).output
      let section = try #require(text.firstRange(of: "Undone after the end, last step first\n"), "\(text)")
      let lines = text[section.upperBound...].split(separator: "\n").prefix(2).map {
        $0.split(separator: " ").prefix(4)
      }
      #expect(lines == [["2", "hook", "/bin/true", "b"], ["1", "hook", "/bin/true", "a"]], "\(text)")
      let json = try sandbox.execute([sandbox.littlectr, "explain", "--json"] + options).output
      #expect(json.contains("\"undone\"") && json.contains("\"/bin/true b\""), "\(json)")
    }
  }
}
