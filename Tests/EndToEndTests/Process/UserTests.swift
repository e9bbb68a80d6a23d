import Glibc
import Testing

/// Who the command is.
@Suite struct UserTests {
  private static let ways = [[], ["--set", "pid.init=no"], ["--without", "pid"], ["--set", "chroot.method=chroot"]]
  private static let passwd = """
    root:x:0:0:root:/root:/bin/sh
    other:x:1:1:other:/tmp:/bin/sh
    zoe:x:12:13::/home/zoe:/bin/sh

    """
  private static let group = "root:x:0:\nstaff:x:50:zoe\naudio:x:29:other,zoe\nvideo:x:44:\n"

  private func with(_ identity: Identity, _ body: (Sandbox) throws -> Void) throws {
    try Sandbox.with(identity) { sandbox throws in
      try sandbox.write(Self.passwd, to: "root/etc/passwd")
      try sandbox.write(Self.group, to: "root/etc/group")
      try body(sandbox)
    }
  }

  /// The ids of a process: user, group, supplementary groups. All four of a kind must be the same.
  private func ids(_ status: String) -> String {
    let fields = status.split(separator: "\n").map {
      $0.split(whereSeparator: { ": \t".contains($0) }).map(String.init)
    }
    func ids(_ name: String) -> [String] { fields.first { $0.first == name }.map { Array($0.dropFirst()) } ?? ["?"] }
    let kinds = ["Uid", "Gid"].map { Set(ids($0)).count == 1 ? ids($0)[0] : "\(ids($0))" }
    return (kinds + [ids("Groups").joined(separator: " ")]).joined(separator: ":")
  }

  @Test(
    "-u makes the command that user", arguments: Identity.all,
    [
      ("1:2", "1:2:"), ("7", "7:0:"), ("7:0", "7:0:"), ("0", "0:0:"), ("1", "1:1:29"), ("other", "1:1:29"),
      ("zoe", "12:13:29 50"), ("zoe:video", "12:44:"), ("zoe:7", "12:7:"), ("12", "12:13:29 50"), ("root", "0:0:"),
      ("3:audio", "3:29:"),
    ])
  func itIsWhoTheFlagNames(_ identity: Identity, _ it: (flag: String, ids: String)) throws {
    try with(identity) { sandbox throws in
      let seen = try sandbox.run(["-u", it.flag], "cat", "/proc/self/status")
      #expect(ids(seen.output) == it.ids, "\(seen)")
      // All that root could do inside is gone with it.
      #expect(seen.output.contains("CapEff:\t0000000000000000\n") == !it.ids.hasPrefix("0:"), "\(seen)")
      let long = try sandbox.run(["--user=\(it.flag)"], "cat", "/proc/1/status")
      #expect(ids(long.output) == it.ids, "process 1 as well: \(long)")
    }
  }

  @Test("user gives the ids and groups whatever other options there are", arguments: Identity.all, ways)
  func itIsSoInEveryWay(_ identity: Identity, _ options: [String]) throws {
    try with(identity) { sandbox throws in
      let line = "user uid=12 gid=50 groups=audio groups=3 groups=3"
      let seen = try sandbox.run(["--with", line] + options, "cat", "/proc/self/status")
      #expect(ids(seen.output) == "12:50:3 29", "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func filesBelongToTheUserOutside(_ identity: Identity) throws {
    try with(identity) { sandbox throws in
      let seen = try sandbox.sh("echo x >/tmp/mine; stat -c %u:%g /tmp/mine", "-u", "7:8")
      #expect(seen.output == "7:8\n", "\(seen)")
      var status = stat()
      #expect(stat(sandbox.root + "/tmp/mine", &status) == 0)
      func outside(_ id: UInt32, _ file: String) throws -> UInt32 {
        if identity.isRoot { return id }
        // Inside, 1 is the first subordinate id.
        let lines = try FileTree.text(file).split(separator: "\n").map { $0.split(separator: ":") }
        let range = try #require(lines.first { $0.first.map(String.init) == identity.name })
        return (UInt32(range[1]) ?? 0) + id - 1
      }
      let ids = (try outside(7, "/etc/subuid"), try outside(8, "/etc/subgid"))
      #expect(status.st_uid == ids.0 && status.st_gid == ids.1)
    }
  }

  @Test("a command that isn't root inside can't do what only root may", arguments: Identity.all)
  func whatOnlyRootMayIsRefused(_ identity: Identity) throws {
    try with(identity) { sandbox throws in
      let script = "mount -t tmpfs none /tmp; chown 0 /tmp; hostname x; ls /root; echo x >/etc/passwd; echo done"
      chmod(sandbox.root + "/root", 0o700)
      let seen = try sandbox.sh(script, "-u", "other")
      #expect(seen.output == "done\n" && seen.error.split(separator: "\n").count == 5, "\(seen)")
    }
  }

  @Test("the command's user owns its terminal", arguments: Identity.all)
  func theTerminalIsTheUsers(_ identity: Identity) throws {
    try with(identity) { sandbox in
      let options = ["--with", "dev", "--with", "terminal pty=yes", "-u", "zoe"]
      // It can be opened anew by its name too, as tmux and gpg do.
      let seen = try sandbox.run(options, "sh", "-c", "stat -c %u $(readlink /proc/self/fd/0); echo hello >/dev/pts/0")
      #expect(seen.output.split(whereSeparator: \.isNewline) == ["12", "hello"], "\(seen)")
    }
  }

  @Test("HOME and USER are those of the command's user", arguments: Identity.all)
  func theEnvironmentIsTheUsers(_ identity: Identity) throws {
    try with(identity) { sandbox throws in
      func variables(_ options: [String]) throws -> [String] {
        try sandbox.run(options, "env").lines.filter { !$0.hasPrefix("PATH=") && !$0.hasPrefix("LANG=") }.sorted()
      }
      #expect(try variables(["-u", "zoe"]) == ["HOME=/home/zoe", "LOGNAME=zoe", "USER=zoe"])
      #expect(try variables(["-u", "12:0"]) == ["HOME=/home/zoe", "LOGNAME=zoe", "USER=zoe"])
      #expect(try variables(["-u", "77"]) == ["HOME=/"])
      #expect(try variables(["-u", "zoe", "-e", "HOME=/x"]) == ["HOME=/x", "LOGNAME=zoe", "USER=zoe"])
    }
  }

  @Test("a command of another user ends with littlectr", arguments: Identity.all, ways)
  func itEndsWithLittlectr(_ identity: Identity, _ options: [String]) throws {
    try with(identity) { sandbox throws in
      let before = Leftovers(sandbox)
      // The kernel forgets the parent-death signal when ids change.
      let words = [sandbox.littlectr, "run", "-u", "1:1"] + options
      let process = try sandbox.start(words + ["sh", "-c", "echo up; exec sleep 1000", sandbox.token])
      try process.waitForOutput("up")
      process.signal(SIGKILL)
      #expect(try process.wait().ending == .killed(SIGKILL))
      let left = try before.find()
      #expect(left == [])
    }
  }

  @Test("signals reach a command of another user", arguments: Identity.all, ways)
  func signalsComeAsBefore(_ identity: Identity, _ options: [String]) throws {
    try with(identity) { sandbox throws in
      let script = "trap 'echo got; exit 7' TERM; echo up; while :; do sleep 0.05; done"
      let process = try sandbox.start([sandbox.littlectr, "run", "-u", "1:1"] + options + ["sh", "-c", script])
      try process.waitForOutput("up")
      process.signal(SIGTERM)
      let seen = try process.wait()
      #expect(seen.output == "up\ngot\n" && seen.ending == .exited(7), "\(seen)")
    }
  }

  @Test(
    "a text that can't name a user is refused", arguments: Identity.all,
    [
      "0x1", "01x", "-1", "+1", "4294967295", "01", "", ":", "1:", ":1", "1:2:3", "1:-1", "1:0x2", "1:4294967295",
      "b b",
      "1: 2", "../x", "röt", "1,2",
    ])
  func whatIsNoUserIsRefused(_ identity: Identity, _ text: String) throws {
    try with(identity) { sandbox throws in
      try sandbox.run(["--user=\(text)"], "true").expectRefusal(
        "--user=\(text): invalid value '\(text)' for 'name': expected USER or USER:GROUP, each a number from 0 to 4294967294"
      )
    }
  }

  @Test("a user or group that the container doesn't have is refused", arguments: Identity.all)
  func whatIsNotThereIsRefused(_ identity: Identity) throws {
    try with(identity) { sandbox throws in
      try sandbox.run(["-u", "bob"], "true").expectRefusal(
        "name=\"bob\"", why: "the container's /etc/passwd has no user bob", fix: "uid=1000")
      try sandbox.run(["-u", "zoe:bob"], "true").expectRefusal(
        "group \"bob\"", why: "the container's /etc/group has no group bob", fix: "gid=1000")
      let one = ["--set", "userns.map=root", "-u", "1"]
      try sandbox.run(one, "true").expectRefusal(
        "user 1", why: "the container has one user only, 0, and 1 isn't it", fix: "--add-subuids")
      let root = try sandbox.run(["--set", "userns.map=root", "-u", "root"], "id", "-u")
      #expect(root.output == "0\n", "\(root)")
      if identity.isRoot { return }
      try sandbox.run(["-u", "4000000000"], "true").expectRefusal(
        "user 4000000000", why: " users, 0, 1-", fix: "usermod")
      try sandbox.run(["--set", "userns.map=root", "--with", "user uid=0 groups=root"], "true").expectRefusal(
        "setgroups(0)", why: "the kernel denies setgroups", fix: "map=full")
    }
  }

  @Test("an image without passwd and group takes numbers only", arguments: Identity.all)
  func withoutTheFilesNumbersAreLeft(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox throws in
      let made = try sandbox.execute(["sh", "-c", "rm root/etc/passwd"])
      try #require(made.status == 0, "\(made)")
      let seen = try sandbox.run(["-u", "1:2"], "cat", "/proc/self/status")
      #expect(ids(seen.output) == "1:2:", "\(seen)")
      try sandbox.run(["-u", "root"], "true").expectRefusal("name=\"root\"", why: "has no user root")
    }
  }

  /// What a hostile image may have instead of its accounts, and what is said when other is asked for.
  private static let hostile = [
    "mkfifo root/etc/passwd": "isn't a regular file", "mkdir root/etc/passwd": "isn't a regular file",
    "mkfifo root/etc/group; echo other:x:1:1::/: >root/etc/passwd": "the container's /etc/group isn't a regular file",
    "ln -s passwd root/etc/passwd": "is a symbolic link that leads nowhere",
    "ln -s ../../../../../../../../etc/passwd root/etc/passwd": "is a symbolic link that leads nowhere",
    "ln -s /proc/self/environ root/etc/passwd": "has no user other",
    "truncate -s 100M root/etc/passwd": "is larger than 16 MiB",
    "head -c 8000000 /dev/zero >root/etc/passwd": "has no user other",
    "yes other: | tr -d '\\n' | head -c 8000000 >root/etc/passwd": "has no user other",
    "yes other:x:1: | head -c 8000000 >root/etc/passwd": "has no user other",
    "head -c 1000000 /dev/urandom >root/etc/passwd": "has no user other",
  ]

  @Test("an image whose passwd is no ordinary file is refused", arguments: Identity.all, hostile.keys.sorted())
  func aHostileImageIsTold(_ identity: Identity, _ preparation: String) throws {
    try Sandbox.with(identity) { sandbox throws in
      let made = try sandbox.execute(["sh", "-c", "rm -f root/etc/passwd root/etc/group; \(preparation)"])
      try #require(made.status == 0, "\(made)")
      let seen = try sandbox.run(["-u", "other"], "true")
      seen.expectRefusal("littlectr: user (-u other): ", why: Self.hostile[preparation] ?? "?")
    }
  }

  @Test("a passwd that is a symbolic link is followed inside the root", arguments: Identity.all)
  func aLinkIsFollowedInsideTheRootOnly(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox throws in
      let script = "mv root/etc/passwd root/tmp/users && ln -s /tmp/users root/etc/passwd"
      let made = try sandbox.execute(["sh", "-c", script])
      try #require(made.status == 0, "\(made)")
      let seen = try sandbox.run(["-u", "other"], "id", "-u")
      #expect(seen.output == "1\n", "\(seen)")
    }
  }
}
