import Glibc
import Testing

/// hardened.conf, as it ships.
@Suite struct HardenedTests {
  private static let text = Result { try Repository.text("hardened.conf") }

  /// Runs a command with it, in a directory `work` that holds a file, over the small root.
  private func run(
    _ sandbox: Sandbox, _ options: [String], _ command: [String], through outer: [String] = []
  ) throws -> Outcome {
    try sandbox.write(Self.text.get(), to: "hardened.conf")
    try sandbox.prepare("mkdir -p work && echo mine >work/file")
    let words =
      outer + [sandbox.littlectr, "run", "--conf", "../hardened.conf", "--root", "../root"] + options + ["--"] + command
    return try sandbox.execute(words, in: sandbox.directory + "/work")
  }

  @Test("hardened.conf: the program has no capability and gets none", arguments: Identity.all)
  func theProgramHasNoPrivileges(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let ask = ["grep", "-E", "^(Cap...|NoNewPrivs|Seccomp|Groups):", "/proc/self/status"]
      let seen = try run(sandbox, [], ask)
      let none = ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"].map { "\($0):\t0000000000000000" }
      #expect(
        seen.lines.map { $0.filter { $0 != " " } } == ["Groups:\t"] + none + ["NoNewPrivs:\t1", "Seccomp:\t2"],
        "\(seen)")
      let outside = try run(
        sandbox, [], ["sh", "-c", "pwd; cat file; id -u; tail -n +3 /proc/net/dev; env; ls /proc/self/fd"])
      #expect(outside.lines.prefix(3) == ["/work", "mine", "0"], "\(outside)")
      #expect(
        outside.lines.filter { $0.contains(": ") }.map { $0.split(separator: ":")[0] }.allSatisfy { $0 == "    lo" })
    }
  }

  /// Whatever can be written stands in the file, and what stands there can be.
  @Test("hardened.conf: the writable places are those that the file lists", arguments: Identity.all)
  func whatCanBeWrittenIsWhatTheFileSays(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try run(sandbox, [], ["sh", "-c", WritablePlaces.script()])
      let listed = try WritablePlaces.listed(in: Self.text.get())
      #expect(listed.contains("/work") && listed.contains("/tmp"))
      #expect(seen.ending == .exited(0) && seen.lines.sorted() == (listed + ["/work/file"]).sorted(), "\(seen)")
      #expect(try FileTree.text(sandbox.directory + "/work/file") == "mine\n")
    }
  }

  /// Whatever it writes, where it can: of what was there before, only the directory has changed.
  @Test("hardened.conf: of what was there before only the working directory changes", arguments: Identity.all)
  func onlyTheDirectoryIsYours(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let before = try FileTree.fingerprint(sandbox.root)
      let script = "find / -path /proc -prune -o -path /sys -prune -o -type d -exec touch {}/written \\; ; ls /etc"
      let seen = try run(sandbox, [], ["sh", "-c", script])
      #expect(seen.output.contains("small-root") && !seen.output.contains("written"), "\(seen)")
      #expect(try FileTree.fingerprint(sandbox.root) == before)
      #expect(FileTree.entries(sandbox.directory + "/work").sorted() == ["file", "written"])
    }
  }

  /// The limits end what goes too far; nothing of it is left.
  @Test("hardened.conf: nothing of the program is left but what is in the working directory", arguments: Identity.all)
  func whatItMakesEndsWithIt(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      // What is there after any run: the filter that is kept for the next.
      _ = try run(sandbox, [], ["touch", "/work/new"])
      let before = Leftovers(sandbox)
      let seen = try run(
        sandbox, [], ["sh", "-c", "sleep 1000 & setsid sleep 1000 & echo x >/tmp/x; echo y >/work/new"])
      #expect(seen.ending == .exited(0) && seen.error == "", "\(seen)")
      #expect(try FileTree.text(sandbox.directory + "/work/new") == "y\n")
      let left = try before.find().filter { !$0.contains("/work/new ") }
      #expect(left == [])
    }
  }

  /// What isn't as the file promises stops the program, whoever has changed it.
  @Test(
    arguments: Identity.all,
    [
      (["--without", "net"], "found host"), (["--without", "seccomp"], "seccomp: expected filter, found none"),
      (["--without", "landlock"], "landlock: expected yes, found no"),
      (["--set", "capabilities.keep=chown"], "bounding: expected none, found chown"),
      (["--without", "landlock"], "writable: expected /tmp,/work, found /dev,/dev/mqueue,/dev/shm,/tmp,/work"),
      (
        ["-v", "../work:/etc"],
        "writable: expected /tmp,/work, found /etc,/tmp,/work (/etc is attached by -v ../work:/etc: have it read-only"
      ),
      (["--set", "fds.keep=7"], "descriptors: expected 0,1,2, found 0,1,2,7"),
      (["--set", "bind.nosuid=no"], "suid: expected none, found /work"),
    ])
  func whatIsNotAsPromisedStopsTheProgram(_ identity: Identity, _ it: (options: [String], why: String)) throws {
    try Sandbox.with(identity) { sandbox in
      let opened = ["sh", "-c", "exec \"$@\" 7</dev/null", "sh"]
      let seen = try run(sandbox, it.options, ["touch", "started"], through: opened)
      seen.expectRefusal("littlectr: expect (../hardened.conf:", why: it.why, fix: "what 'expect' asks for")
      #expect(!FileTree.entries(sandbox.directory + "/work").contains("started"))
    }
  }

  /// What was mounted below the directory before comes along, and can be written as all of it.
  @Test("hardened.conf: mounts below the working directory come along", arguments: Identity.all)
  func whatIsMountedBelowTheDirectoryComesAlong(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      // Who isn't root mounts in a user namespace of one id, in which the kernel lets nobody drop groups.
      let text = try Self.text.get()
      let mine = Identity.caller.isRoot ? text : text.replacingOccurrences(of: " groups=none", with: "")
      try sandbox.write(mine, to: "hardened.conf")
      try sandbox.prepare("mkdir -p work/below/deep && echo mine >work/file")
      let script = """
        mount -t tmpfs -o mode=1777 none work/below && mkdir -m 1777 work/below/deep &&
        mount -t tmpfs -o mode=1777 none work/below/deep && cd work && exec "$@"
        """
      let mounting = Identity.caller.isRoot ? ["--mount"] : ["--mount", "--map-root-user"]
      let words = ["unshare"] + mounting + ["--propagation", "private", "sh", "-c", script, "sh"] + identity.prefix
      let run = [sandbox.littlectr, "run", "--conf", "../hardened.conf", "--root", "../root"]
      let ask = "echo x >below/deep/x && cat below/deep/x file"
      let seen = try sandbox.startAsCaller(words + run + ["sh", "-c", ask]).wait()
      #expect(seen.output == "x\nmine\n" && seen.error == "", "\(seen)")
    }
  }

  /// A line that the host can't do stops the program, whichever it is.
  @Test(arguments: Identity.all) func aStepThatFailsStopsTheProgram(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let calls = [
        "sethostname", "capset", "prctl", "landlock_restrict_self", "seccomp", "prlimit64", "mount_setattr", "read",
      ]
      for call in calls {
        let seen = try run(sandbox, ["--fault", "\(call)=EINVAL"], ["touch", "started"])
        #expect(seen.ending == .exited(125) && seen.error.contains(": EINVAL"), "\(call): \(seen)")
        #expect(!FileTree.entries(sandbox.directory + "/work").contains("started"))
      }
    }
  }
}
