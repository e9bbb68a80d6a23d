import Testing

/// Empty directories in memory.
@Suite struct TmpFSTests {
  @Test("a tmpfs begins empty and ends with the container", arguments: Identity.all, [[], ["overlay"]])
  func itIsEmptyAndGoesWithTheContainer(_ identity: Identity, _ lines: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.configure(lines + ["tmpfs to=/tmp", "tmpfs to=/etc mode=0750 noexec"])
      try sandbox.prepare("echo x >root/tmp/image")
      let before = try FileTree.fingerprint(sandbox.root)
      let script = """
        ls -A /tmp; ls -A /etc; stat -c %a /tmp /etc; echo x >/tmp/file; cp /bin/busybox /tmp/true && /tmp/true && echo runs
        cp /bin/busybox /etc/true; /etc/true || echo not here
        grep ' /tmp ' /proc/mounts | grep -c 'nosuid,nodev'
        """
      for _ in 0..<2 {
        let seen = try sandbox.execute([sandbox.littlectr, "run", "sh", "-c", script])
        #expect(seen.lines == ["1777", "750", "runs", "not here", "1"], "\(seen)")
      }
      #expect(try FileTree.fingerprint(sandbox.root) == before)
    }
  }

  @Test("tmpfs size= is a limit", arguments: Identity.all)
  func itsSizeIsALimit(_ identity: Identity) throws {
    try Sandbox.with(identity, "tmpfs to=/tmp size=64K", "tmpfs to=/root size=16M") { sandbox in
      let seen = try sandbox.sh("cp /bin/busybox /tmp/big; cp /bin/busybox /root/big && echo fits")
      #expect(seen.output == "fits\n" && seen.error.contains("No space left"), "\(seen)")
    }
  }

  @Test(arguments: [
    ("tmpfs", "no directory is made", "write tmpfs to=/tmp"), ("tmpfs to=/", "to=/", "overlay"),
    ("tmpfs to=tmp", "to=tmp", "begins with '/'"), ("tmpfs to=/tmp/../x", "..", "has no '..'"),
    ("tmpfs to=/tmp mode=8", "mode=8", "octal digits"), ("tmpfs to=/tmp mode=4755", "mode=4755", "octal digits"),
    ("tmpfs to=/tmp size=big", "size=big", "a size such as"),
    ("tmpfs to=/nowhere", "openat2(", "mkdir -p ./root/nowhere"),
    ("tmpfs to=/etc/passwd", "openat2(", "isn't a directory"),
  ])
  func wrongLinesAreRefused(_ line: String, _ what: String, _ says: String) throws {
    try Sandbox.with(.caller, line) { sandbox in
      let seen = try sandbox.run([], "true")
      #expect(seen.ending == .exited(125) && seen.output == "" && seen.error.contains("stages.conf:6"), "\(seen)")
      #expect(seen.error.contains(what) && seen.error.contains(says), "\(seen)")
    }
  }
}
