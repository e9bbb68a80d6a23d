import Glibc
import Testing

/// A directory that keeps what is written over the image.
@Suite struct UpperDirectoryTests {
  private static let line = "overlay upper=kept"

  @Test(arguments: Identity.all, [[], ["--set", "chroot.method=chroot"]])
  func theNextRunSeesWhatWasWritten(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity, Self.line) { sandbox in
      try sandbox.prepare("mkdir root/moves && echo moved >root/moves/file")
      let before = try FileTree.fingerprint(sandbox.root)
      let first = try sandbox.run(
        options, "sh", "-c",
        "test -e /etc/small-root || exit 99; echo kept >/note; mv /moves /went; rm /etc/passwd; rm -r /tmp; mkdir /tmp; chmod 700 /tmp"
      )
      #expect(first.ending == .exited(0) && first.error == "", "\(first)")
      let script = "cat /note /went/file; ls /moves /etc/passwd 2>&1 | wc -l; stat -c %a /tmp; ls -A /tmp | wc -l"
      let second = try sandbox.run(options, "sh", "-c", script)
      #expect(second.lines == ["kept", "moved", "2", "700", "0"], "\(second)")
      #expect(try FileTree.fingerprint(sandbox.root) == before)
      // Nobody else may look into it: a set-user-ID file of the container's lies in there.
      var status = stat()
      #expect(lstat(sandbox.directory + "/kept", &status) == 0 && status.st_mode & 0o777 == 0o700)
    }
  }

  @Test("two runs at a time on one kept layer are refused", arguments: Identity.all)
  func twoAtATimeAreRefused(_ identity: Identity) throws {
    try Sandbox.with(identity, Self.line) { sandbox in
      let words = [sandbox.littlectr, "run", "sh", "-c", "echo up; exec sleep 1000"]
      let first = try sandbox.start(words)
      try first.waitForOutput("up")
      try sandbox.run([], "true").expectRefusal(
        "littlectr: overlay (stages.conf:6): flock(<upper-lock>, LOCK_EX|LOCK_NB): EAGAIN",
        why: "another container writes to ./kept", fix: "write another upper=DIR")
      let other = try sandbox.run(["--set", "overlay.upper=other"], "echo", "another place")
      #expect(other.output == "another place\n", "\(other)")
      first.signal(SIGKILL)
      #expect(try first.wait().ending == .killed(SIGKILL))
      // What littlectr held is free as soon as it is gone.
      try eventually("the directory is free") { try sandbox.run([], "true").status == 0 }
    }
  }

  /// Directories that can't be, and what is said.
  private static let wrong = [
    "file": (": ENOTDIR", "./file, or something on the way to it, isn't a directory", "write upper= with a directory"),
    "file/in": (": ENOTDIR", "isn't a directory", "write upper= with a directory"),
    "nowhere/in": (": ENOENT", "no directory in which ./nowhere/in could be made", "mkdir -p ./nowhere/in"),
    "root": ("upper=\"./root\"", "./root lies in the image", "outside of it"),
    "root/../root/etc": ("upper=", "lies in the image", "outside of it"),
    "/proc/kept": ("mkdirat(", "no directory in which /proc/kept", "mkdir -p /proc/kept"),
  ]

  @Test("a directory that can't be a kept layer is refused", arguments: Identity.all, wrong.keys.sorted())
  func whatCantBeOneIsRefused(_ identity: Identity, _ directory: String) throws {
    try Sandbox.with(identity, Self.line) { sandbox in
      try sandbox.prepare("touch file")
      let before = Leftovers(sandbox)
      let (what, why, fix) = try #require(Self.wrong[directory])
      try sandbox.run(["--set", "overlay.upper=\(directory)"], "true").expectRefusal(what, why: why, fix: fix)
      let left = try before.find()
      #expect(left == [])
    }
  }

  @Test func anotherUsersDirectoryIsRefused() throws {
    try Sandbox.with(.unprivileged, Self.line) { sandbox in
      let user = try sandbox.identity.existing().user
      // What belongs to root on every machine: one that can be entered, and one that can't.
      for directory in ["/usr", "/usr/kept"] {
        let seen = try sandbox.run(["--set", "overlay.upper=\(directory)"], "true")
        seen.expectRefusal(": EACCES", why: "as user \(user), can't write to \(directory)", fix: "a directory of yours")
      }
    }
  }

  @Test(arguments: Identity.all) func aDirectoryInMemoryWillDo(_ identity: Identity) throws {
    try Sandbox.with(identity, Self.line) { sandbox in
      let script = """
        mkdir memory && mount -t tmpfs none memory &&
        "$0" run --set overlay.upper=memory/kept sh -c 'test -e /etc/small-root && rm /etc/passwd; echo x >/note' &&
        "$0" run --set overlay.upper=memory/kept sh -c 'cat /note; ls /etc/passwd'
        """
      let outer = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, sandbox.littlectr]
      let seen = try sandbox.execute(outer)
      #expect(seen.output == "x\n" && seen.error.contains("/etc/passwd: No such file"), "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func aDirectoryOnAnOverlayIsRefused(_ identity: Identity) throws {
    try Sandbox.with(identity, Self.line) { sandbox in
      let script = """
        mkdir lower upper work merged &&
        mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work,userxattr none merged &&
        exec "$0" run --set overlay.upper=merged/kept true
        """
      let outer = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, sandbox.littlectr]
      try sandbox.execute(outer).expectRefusal(
        "littlectr: overlay (stages.conf:6): fsconfig(<overlay>, ", why: "refuses ./merged/kept as the upper layer")
    }
  }

  @Test(arguments: Identity.all) func anImageOnAnOverlayWillDo(_ identity: Identity) throws {
    try Sandbox.with(identity, "overlay") { sandbox in
      let script = """
        mkdir upper work merged &&
        mount -t overlay -o lowerdir=root,upperdir=upper,workdir=work,userxattr none merged &&
        exec "$0" run --root merged sh -c 'test -e /etc/small-root && rm /etc/passwd; ls /etc'
        """
      let outer = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, sandbox.littlectr]
      let seen = try sandbox.execute(outer)
      #expect(seen.output == "small-root\n" && seen.status == 0, "\(seen)")
    }
  }

  @Test(arguments: [
    ("overlay size=1M upper=kept", "size=1M", "only memory has a size"),
    ("overlay upper=", "upper", "tmpfs or a directory"),
    ("overlay size=1X", "size", "a size such as"), ("overlay size=-1", "size", "a size such as"),
  ])
  func wrongValuesAreRefused(_ line: String, _ what: String, _ says: String) throws {
    try Sandbox.with(.caller, line) { sandbox in
      let seen = try sandbox.run([], "true")
      #expect(seen.ending == .exited(125) && seen.output == "", "\(seen)")
      #expect(seen.error.contains("stages.conf:6") && seen.error.contains(what) && seen.error.contains(says), "\(seen)")
    }
  }

  /// What the first attempt has locked must not be in the way of the second.
  @Test(arguments: Identity.all) func aLineThatIsTriedInVainLeavesTheDirectoryFree(_ identity: Identity) throws {
    try Sandbox.with(identity, "overlay upper=kept", "try hook phase=in-child run=false") { sandbox in
      let seen = try sandbox.run([], "sh", "-c", "echo kept >/file; cat /file")
      #expect(seen.ending == .exited(0) && seen.output == "kept\n", "\(seen)")
      #expect(seen.error.hasPrefix("littlectr: went on without hook"), "\(seen)")
    }
  }

  /// overlayfs makes a directory in DIR/work that nobody may enter.
  @Test("a kept layer can be removed by its owner", arguments: Identity.all, ["auto", "root", "self"])
  func itIsRemovedByItsOwner(_ identity: Identity, _ map: String) throws {
    try Sandbox.with(identity, "overlay upper=kept") { sandbox in
      func remove() throws {
        let removed = try sandbox.execute(["rm", "-rf", "kept"])
        #expect(removed.status == 0 && removed.error == "", "\(removed)")
      }
      for options in [[], ["--fault", "execve=EIO"]] {
        let seen = try sandbox.run(["--set", "userns.map=\(map)"] + options, "touch", "/tmp/made")
        #expect(seen.ending == .exited(options.isEmpty ? 0 : 126), "\(seen)")
        try remove()
      }
      let words = [sandbox.littlectr, "run", "--set", "userns.map=\(map)", "sh", "-c", "echo up; exec sleep 1000"]
      let killed = try sandbox.start(words)
      try killed.waitForOutput("up")
      killed.signal(SIGKILL)
      #expect(try killed.wait().ending == .killed(SIGKILL))
      try remove()
    }
  }

  /// Whatever the caller's mask takes off.
  @Test("a kept layer is made under every umask", arguments: Identity.all, ["0777", "0700", "0077", "0"])
  func itIsMadeUnderEveryMask(_ identity: Identity, _ mask: String) throws {
    try Sandbox.with(identity, "overlay upper=kept") { sandbox in
      for note in ["one", "two"] {
        let script = "umask \(mask); exec \"$0\" run sh -c 'umask 022; echo \(note) >>/tmp/note; cat /tmp/note'"
        let seen = try sandbox.execute(["sh", "-c", script, sandbox.littlectr])
        #expect(seen.lines == (note == "one" ? ["one"] : ["one", "two"]), "\(seen)")
      }
      #expect(try sandbox.execute(["stat", "-c", "%a", "kept"]).output == "700\n")
    }
  }
}
