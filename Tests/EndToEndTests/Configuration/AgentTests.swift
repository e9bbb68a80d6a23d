import Glibc
import Testing

/// agent.conf, as it ships, with the host's own tool chain.
@Suite struct AgentTests {
  private static let text = Result { try Repository.text("agent.conf") }

  private func run(_ sandbox: Sandbox, _ options: [String], _ script: String) throws -> Outcome {
    try sandbox.write(Self.text.get(), to: "agent.conf")
    try sandbox.prepare("mkdir -p project && echo secret >secret")
    let words = [sandbox.littlectr, "run", "--conf", "../agent.conf"] + options + ["--", "sh", "-c", script]
    return try sandbox.execute(words, environment: ["TOKEN": "secret"], in: sandbox.directory + "/project")
  }

  @Test("agent.conf: make and gcc build a program in the project's directory", arguments: Identity.all)
  func somethingCanBeBuilt(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let script = """
        printf '#include <stdio.h>\\nint main(void) { puts("built"); }\\n' >hello.c
        printf 'hello: hello.c\\n\\tgcc -o $@ $<\\n' >Makefile
        make -s && ./hello && pwd
        """
      let seen = try run(sandbox, [], script)
      #expect(seen.lines == ["built", sandbox.directory + "/project"] && seen.error == "", "\(seen)")
      // What was made is the user's outside.
      let owner = try sandbox.execute(["stat", "-c", "%u", "project/hello"])
      #expect(owner.output == "\(try identity.existing().user)\n", "\(owner)")
      let outside = try sandbox.execute(["project/hello"])
      #expect(outside.output == "built\n", "\(outside)")
    }
  }

  /// You are who you are, with a home directory that all agree on, and with no privilege.
  @Test("agent.conf: the command has the caller's ids, a home, and no privilege", arguments: Identity.all)
  func youStayWhoYouAre(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let script = """
        id -u; id -un; id -gn; echo "$HOME" ~; getent passwd "$(id -un)" | cut -d : -f 6
        cd && pwd && touch file && stat -c '%u %g' file .; grep CapEff /proc/self/status | tr -d '\\t'
        mkdir -m 700 .ssh && ssh-keygen -q -t ed25519 -N '' -f .ssh/key && ls .ssh
        """
      let seen = try run(sandbox, [], script)
      let (user, group) = try identity.existing()
      let effective = identity.isRoot ? "00000000800425fb" : "0000000000000000"
      #expect(
        seen.lines == [
          "\(user)", identity.name, identity.name, "/home/agent /home/agent", "/home/agent", "/home/agent",
          "\(user) \(group)", "\(user) \(group)", "CapEff:\(effective)", "key", "key.pub",
        ] && seen.error == "", "\(seen)")
    }
  }

  /// What an archive says of owners is no reason to make files that nobody but root can remove.
  @Test("agent.conf: files from an archive belong to the calling user", arguments: Identity.all)
  func whatIsUnpackedIsYours(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let script = """
        mkdir made && echo x >made/file && chmod 755 made
        tar --owner=1234 --group=4321 --numeric-owner -cf made.tar made && rm -r made && tar -xf made.tar && echo unpacked
        """
      let seen = try run(sandbox, [], script)
      #expect(seen.output == "unpacked\n" && seen.error == "", "\(seen)")
      let owner = try sandbox.execute(["stat", "-c", "%u", "project/made/file"])
      #expect(owner.output == "\(try identity.existing().user)\n", "\(owner)")
      let removed = try sandbox.execute(["rm", "-r", "project/made"])
      #expect(removed.ending == .exited(0), "\(removed)")
    }
  }

  @Test("agent.conf: of the host's nothing but the project's directory can be written", arguments: Identity.all)
  func nothingElseCanBeWrittenOrIsThere(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let script =
        "find / -path /proc -prune -o -path /sys -prune -o -path '/usr/*' -prune -o -type d -exec touch {}/written \\;"
      let before = FileTree.entries(sandbox.directory)
      _ = try run(sandbox, [], script + "; touch /usr/written /usr/lib/written")
      #expect(FileTree.entries(sandbox.directory + "/project") == ["written"])
      let kept = Set(FileTree.entries(sandbox.directory)).subtracting([".cache"])
      #expect(kept == Set(before + ["agent.conf", "project", "secret"]))
      for place in ["/usr", "/usr/lib", "/etc", "/home", "/tmp", "/var"] {
        #expect(!FileTree.entries(place).contains("written"), "\(place)")
      }
      let secrets = try run(sandbox, [], "cat ../secret; ls /home /root; env; ls /proc/self/fd | wc -l")
      #expect(!secrets.output.contains("secret"), "\(secrets)")
    }
  }

  @Test("agent.conf: the writable places are those that the file lists", arguments: Identity.all)
  func whatCanBeWrittenIsWhatTheFileSays(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let project = sandbox.directory + "/project"
      let seen = try run(sandbox, [], WritablePlaces.script(passing: ["/usr"]))
      let listed = try WritablePlaces.listed(in: Self.text.get().replacing("${PWD}", with: project))
      #expect(listed.contains(project))
      // The directory above the project lies in /tmp, and is the container's own.
      let expected = (listed + [sandbox.directory]).sorted()
      #expect(seen.ending == .exited(0) && seen.lines.sorted() == expected, "\(seen)")
    }
  }

  @Test("agent.conf: a directory of -v is writable", arguments: Identity.all)
  func whatIsAddedCanBeWritten(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.prepare("mkdir more fixed")
      let given = ["-v", "../more:/more", "-v", "../fixed:/fixed:ro"]
      let script = "echo x >/more/x && chmod 600 /more/x; for place in /fixed /etc /usr /dev; do chmod 755 $place; done"
      let seen = try run(sandbox, given, script)
      #expect(seen.error.split(separator: "\n").filter { $0.contains("Read-only") }.count == 4, "\(seen)")
      #expect(try FileTree.text(sandbox.directory + "/more/x") == "x\n")
    }
  }

  /// There the directory of the same path would cover the container's own.
  @Test(
    "agent.conf: /proc, /sys and /dev are refused as working directory", arguments: Identity.all,
    ["/proc", "/proc/self", "/sys", "/sys/kernel", "/dev", "/dev/shm"])
  func itIsNotStartedInTheKernelsTrees(_ identity: Identity, _ place: String) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write(Self.text.get(), to: "agent.conf")
      let words = [sandbox.littlectr, "run", "--conf", sandbox.directory + "/agent.conf"]
      let seen = try sandbox.execute(words + ["true"], in: place)
      seen.expectRefusal("bind (", why: "lies in the container's own /", fix: "start littlectr in another directory")
      // What is named letter by letter is meant.
      try sandbox.prepare("mkdir work")
      let named = try sandbox.execute(
        words + ["-v", ".:/dev/mine", "touch", "/dev/mine/x"], in: sandbox.directory + "/work")
      #expect(named.ending == .exited(0) && named.error == "", "\(named)")
    }
  }

  @Test("agent.conf: the network is the container's own, and the host's without net", arguments: Identity.all)
  func theNetworkIsAChoice(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let ask = "tail -n +3 /proc/net/dev | wc -l"
      let outside = try sandbox.execute(["sh", "-c", ask]).output
      #expect(try run(sandbox, [], ask).output == "1\n")
      #expect(try run(sandbox, ["--without", "net"], ask).output == outside)
    }
  }
}
