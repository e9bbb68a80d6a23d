import Glibc
import Testing

/// What the machine may refuse: each refusal names its cause and one remedy.
@Suite struct HostErrorTests {
  @Test(arguments: Identity.all) func userNamespacesSwitchedOff(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      // The limit is each user namespace's own: in an outer one it may be 0 without the machine noticing.
      let script = "echo 0 >/proc/sys/user/max_user_namespaces && exec \"$0\" run true"
      let seen = try sandbox.execute(["unshare", "--user", "--map-root-user", "sh", "-c", script, sandbox.littlectr])
      seen.expectRefusal(
        "littlectr: clone3({flags=CLONE_NEWNS|CLONE_NEWUTS|CLONE_NEWUSER|CLONE_NEWPID,",
        why: "the limit is used up: sysctl user.max_user_namespaces is 0",
        fix: "as root: sysctl -w user.max_user_namespaces=")
      #expect(seen.error.contains("= <child>: ENOSPC\n"), "\(seen)")
    }
  }

  @Test(arguments: Identity.all, ["pid", "mnt", "uts"])
  func anotherKindOfNamespaceSwitchedOff(_ identity: Identity, _ kind: String) throws {
    try Sandbox.with(identity) { sandbox in
      let script = "echo 0 >/proc/sys/user/max_\(kind)_namespaces && exec \"$0\" run --without userns true"
      let seen = try sandbox.execute(["unshare", "--user", "--map-root-user", "sh", "-c", script, sandbox.littlectr])
      seen.expectRefusal(
        ": ENOSPC", why: "sysctl user.max_\(kind)_namespaces is 0", fix: "user.max_\(kind)_namespaces=")
    }
  }

  /// What container engines do to /proc: a file system over a directory, or another file over one.
  private static let covers = [
    "mount -t tmpfs none /proc/sys": "/proc/sys", "mount --bind /dev/null /proc/meminfo": "/proc/meminfo",
  ]

  @Test(arguments: Identity.all, ["mount -t tmpfs none /proc/sys", "mount --bind /dev/null /proc/meminfo"])
  func aProcThatAnOuterContainerCovers(_ identity: Identity, _ cover: String) throws {
    try Sandbox.with(identity) { sandbox in
      let outer = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount", "--mount-proc"]
      func run(_ options: String) throws -> Outcome {
        let script = "\(cover) && exec \"$0\" run \(options) ls -A /proc"
        return try sandbox.execute(outer + ["sh", "-c", script, sandbox.littlectr])
      }
      let seen = try run("")
      let place = Self.covers[cover] ?? ""
      seen.expectRefusal(
        "littlectr: proc (stages.conf:6): fsmount(<context>, ", why: "\(place) is mounted over a part of your /proc",
        fix: "systempaths=unconfined …, or write: off proc")
      let without = try run("--without proc")
      #expect(without.ending == .exited(0) && without.output == "", "\(without)")
    }
  }

  @Test func aDirectoryOnTheWayThatCantBeEntered() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      var locked = "/root"
      if geteuid() == 0 {
        locked = sandbox.directory + "/locked"
        try FileTree.make(locked, 0o700)
      }
      let user = try sandbox.identity.existing().user
      let seen = try sandbox.run(["--root", "\(locked)/deep/root"], "true")
      seen.expectRefusal(
        "littlectr: chroot (stages.conf:5): open_tree(AT_FDCWD, \"\(locked)/deep/root",
        why: "\(locked) belongs to user 0 and has mode 700: you, as user \(user), can't enter it",
        fix: "setfacl -m u:\(user):x \(locked)")
      #expect(seen.error.contains("= <root>: EACCES\n"), "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func aProgramWithMorePrivilegesThanItsCaller(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      // It would run the container as its owner; only root can give it to somebody else than who calls it.
      guard geteuid() == 0 else { return }
      let copy = sandbox.directory + "/privileged"
      try FileTree.write(try FileTree.read(sandbox.littlectr), to: copy)
      chown(copy, identity.isRoot ? 1 : 0, 0)
      chmod(copy, 0o4755)
      let seen = try sandbox.execute([copy, "run", "true"])
      seen.expectRefusal("littlectr has more privileges than you", why: "set-user-ID", fix: "chmod u-s")
    }
  }
}
