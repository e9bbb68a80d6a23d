import Testing

/// What the command of a whole container sees.
@Suite struct InsideTests {
  @Test("id, hostname, $$ and ls /proc answer as in a machine of its own", arguments: Identity.all)
  func theIssuesOwnQuestionsAreAnsweredAsItSays(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.sh(#"id -u; hostname; echo $$; ls /proc | grep -c "^[0-9]""#)
      try #require(seen.status == 0 && seen.lines.count == 4, "\(seen)")
      #expect(seen.lines[0] == "0")
      #expect(seen.lines[1] == "littlectr")
      #expect((2...9).contains(Int(seen.lines[2]) ?? 0), "the shell's process number")
      #expect((2...6).contains(Int(seen.lines[3]) ?? 0), "the number of processes")
      #expect(seen.error == "")
    }
  }

  @Test(arguments: Identity.all) func onlyTheContainersOwnMountsAreThere(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let bare = ["--set", "proc.mask=none", "--set", "proc.readonly=none"]
      let seen = try sandbox.run(bare, "cat", "/proc/self/mountinfo")
      let mounts = seen.lines.map { $0.split(separator: " ").map(String.init) }
      #expect(mounts.map { $0[4] } == ["/", "/proc"])
      // Where "/" is itself a directory of a file system, as in a container, that stands before it.
      #expect(mounts.first?[3].hasSuffix(sandbox.root) == true)
      #expect(mounts.first?[5].split(separator: ",").contains("nodev") == true)
      let proc = mounts.last?[5].split(separator: ",").map(String.init) ?? []
      #expect(Set(proc).isSuperset(of: ["nosuid", "nodev", "noexec"]))
      #expect(mounts.allSatisfy { $0[6] == "-" }, "no mount is shared with a peer, or gets another's")
    }
  }

  @Test(arguments: Identity.all) func theOldRootIsGone(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.sh("pwd; ls -A /; ls -A /..; cat /etc/small-root; ls -d \(sandbox.directory)")
      let names = ["bin", "dev", "etc", "proc", "root", "sys", "tmp"]
      #expect(seen.lines == ["/"] + names + names + ["the small root"], "\(seen)")
      #expect(seen.error.contains("No such file"))
    }
  }

  @Test(arguments: Identity.all) func processOneCantBeReadByTheCommand(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      // Real root is the owner of /proc's files, and is stopped by the kernel's check for tracing alone.
      let seen = try sandbox.sh("cd /proc/1; cat environ maps mem; readlink exe fd/0; ls root/ cwd/; :")
      #expect(seen.output == "", "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func theEnvironmentIsShortAndNoneOfTheCallers(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let secrets = ["AWS_SECRET_ACCESS_KEY": "hunter2", "LD_LIBRARY_PATH": "/tmp", "TERM": "vt100"]
      let seen = try sandbox.littlectr("run", "env", environment: secrets)
      let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
      #expect(seen.lines.sorted() == ["HOME=/root", "LANG=C.UTF-8", path, "TERM=vt100"], "\(seen)")
      #expect(try sandbox.run([], "env").output.contains("TERM") == false, "no TERM without the caller's")
      // Neither may process 1 show what the caller has.
      let first = try sandbox.littlectr("run", "cat", "/proc/1/environ", environment: secrets)
      #expect(!first.output.contains("hunter2"))
    }
  }

  @Test("the command has none of the caller's supplementary groups", arguments: Identity.all)
  func theCallersGroupsAreLetGoOf(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.run([], "grep", "Groups", "/proc/self/status")
      #expect(["Groups:\t \n", "Groups:\t\n"].contains(seen.output), "\(seen)")
    }
  }

  @Test("the host's mounts are unchanged after a run", arguments: Identity.all)
  func theHostsMountsAreTheSameAfterwards(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let before = Leftovers(sandbox)
      let seen = try sandbox.sh("mount -t tmpfs none /tmp && touch /tmp/file")
      #expect(seen.status == 0, "\(seen)")
      let left = try before.find()
      #expect(left == [])
    }
  }
}
