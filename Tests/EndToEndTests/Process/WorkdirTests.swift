import Glibc
import Testing

/// Where the command begins.
@Suite struct WorkdirTests {
  private static let ways = [[], ["--set", "pid.init=no"], ["--set", "chroot.method=chroot"], ["--without", "pid"]]

  @Test("the command begins in the directory of workdir", arguments: Identity.all, ways)
  func itBeginsThere(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox throws in
      let made = try sandbox.execute(["sh", "-c", "mkdir root/tmp/deep && ln -s /etc root/tmp/deep/link"])
      try #require(made.status == 0, "\(made)")
      // Links and dots end inside, wherever they point.
      let places = [
        "/tmp": "/tmp", "tmp": "/tmp", "/": "/", "/tmp/deep/link": "/etc", "../../../../tmp": "/tmp", "/../..": "/",
        "tmp//deep/": "/tmp/deep",
      ]
      for (place, expected) in places {
        let seen = try sandbox.run(
          ["-w", place] + options, "sh", "-c", "readlink /proc/self/cwd; ls -d /etc/small-root")
        #expect(seen.lines == [expected, "/etc/small-root"], "\(place): \(seen)")
      }
      let seen = try sandbox.run(["--workdir=tmp/deep"] + options, "env")
      #expect(seen.lines.contains("PWD=/tmp/deep"), "\(seen)")
      let line = try sandbox.run(["--with", "workdir path=/tmp"] + options, "pwd")
      #expect(line.output == "/tmp\n", "\(line)")
    }
  }

  @Test("no magic link of /proc leads workdir out of the root", arguments: Identity.all, ways)
  func noMagicLinkLeadsOut(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox throws in
      // As in CVE-2024-21626: a directory of the host's that the caller has open.
      let directory = open(sandbox.directory, O_RDONLY | O_DIRECTORY)
      let high = fcntl(directory, F_DUPFD, 600)
      defer { [directory, high].forEach { close($0) } }
      for place in ["/proc/self/fd/\(high)", "/proc/self/fd/\(high)/root", "/proc/self/root", "/proc/self/cwd"] {
        for fds in [[], ["--with", "fds"], ["--with", "fds keep=\(high)"]] {
          let words = [sandbox.littlectr, "run", "-w", place] + fds + options + ["pwd"]
          let seen = try sandbox.start(words, inherits: [high]).wait()
          seen.expectRefusal(
            "workdir (-w \(place)): openat2(AT_FDCWD, ", why: "a link of /proc that jumps", fix: "itself")
          #expect(seen.error.contains("= <workdir>: ELOOP\n"), "\(seen)")
        }
      }
    }
  }

  @Test("a workdir that is no directory is refused", arguments: Identity.all)
  func whatIsNoDirectoryIsTold(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox throws in
      chmod(sandbox.root + "/root", 0o700)
      try sandbox.run(["-w", "/gone/gone"], "true").expectRefusal(
        "ENOENT", why: "the container has no /gone/gone", fix: "name one that is there")
      try sandbox.run(["-w", "/etc/passwd"], "true").expectRefusal(
        "ENOTDIR", why: "/etc/passwd, or what it lies below, isn't a directory")
      try sandbox.run(["-w", "/root", "-u", "other"], "true").expectRefusal(
        "EACCES", why: "user 1 of the container may not enter /root, which belongs to user 0",
        fix: "another user who may")
      try sandbox.run(["--workdir="], "true").expectRefusal(
        "invalid value '' for 'path': expected a path of the container's")
      let root = try sandbox.run(["-w", "/root"], "pwd")
      #expect(root.output == "/root\n", "\(root)")
    }
  }

  @Test(arguments: Identity.all) func withoutARootItIsADirectoryOfTheHosts(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox throws in
      let seen = try sandbox.run(["--without", "chroot", "-w", sandbox.root], "pwd")
      #expect(seen.output == sandbox.root + "\n", "\(seen)")
      let without = try sandbox.run(["--without", "chroot"], "pwd")
      #expect(without.output == sandbox.directory + "\n", "\(without)")
    }
  }
}
