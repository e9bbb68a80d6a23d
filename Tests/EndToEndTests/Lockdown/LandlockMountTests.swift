import Testing

/// What rules leave out can't be changed either, and what a line gives can be written.
@Suite struct LandlockMountTests {
  private static let rules = ["--with", "nonewprivs", "--with", "landlock execute=/bin read=/ write=/tmp"]
  private static let ways = [[], ["--with", "overlay"], ["--set", "chroot.method=chroot"]]

  /// Rules alone say nothing of mode, owner, times and attributes.
  @Test("landlock: mode, owner and times of unlisted files can't be changed", arguments: Identity.all, ways)
  func nothingElseIsChanged(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let places = ["/etc", "/root", "/bin"].map { sandbox.root + $0 }
      let before = try places.map(FileTree.fingerprint)
      let script = """
        for refused in 'chmod 700 /etc/small-root' 'chmod 700 /etc' 'touch -d @1 /etc/passwd' 'chown 0:0 /etc/passwd' \
          'chmod 700 /tmp/../root' 'truncate -s 0 /etc/passwd'; do
          $refused 2>/tmp/output && echo "done: $refused"
        done
        echo x >/tmp/x && chmod 600 /tmp/x && chmod 700 /tmp && mkdir /tmp/a && mv /tmp/x /tmp/a/x && cat /tmp/a/x
        """
      let seen = try sandbox.run(Self.rules + options, "sh", "-c", script)
      #expect(seen.output == "x\n" && seen.error == "", "\(seen)")
      #expect(try places.map(FileTree.fingerprint) == before)
    }
  }

  @Test("landlock: what another line mounts writable can be written", arguments: Identity.all, ways)
  func whatALineGivesIsWritten(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.prepare("mkdir work root/work other root/other && echo x >other/file")
      let given = ["-v", "work:/work", "-v", "other:/other:ro", "--with", "tmpfs to=/root"]
      let script = """
        echo x >/work/file && chmod 600 /work/file && mkdir /work/made && mv /work/file /work/made && echo x >/root/x
        for refused in 'chmod 700 /other/file' 'touch /other/new' 'chmod 700 /other'; do
          $refused 2>/tmp/output && echo "done: $refused"
        done
        (echo y >/other/file) 2>/tmp/output || echo kept
        """
      let seen = try sandbox.run(given + Self.rules + options, "sh", "-c", script)
      #expect(seen.output == "kept\n" && seen.error == "", "\(seen)")
      #expect(FileTree.entries(sandbox.directory + "/work") == ["made"])
    }
  }

  /// What the stages have made themselves: /dev, and small files over a bare image.
  @Test("landlock: files that stages make are protected as well", arguments: Identity.all, ways)
  func whatStagesMakeIsProtected(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity, "dev", "ipc", "file to=/etc/passwd text=x") { sandbox in
      let with = ["--with", "nonewprivs", "--with", "landlock execute=/bin read=/ write=/tmp write=/dev/null"]
      let script = """
        for place in /dev /dev/shm /etc/passwd /dev/mqueue; do chmod 755 $place 2>/tmp/output && echo "done: $place"; done
        echo x >/dev/null && echo written
        """
      let seen = try sandbox.run(with + options, "sh", "-c", script)
      #expect(seen.output == "written\n", "\(seen)")
      let all = ["--with", "nonewprivs", "--with", "landlock execute=/bin write=/dev write=/etc"]
      let written = try sandbox.run(
        all + options, "sh", "-c", "chmod 755 /dev/shm && echo x >/dev/shm/x && chmod 600 /etc/passwd && echo done")
      #expect(written.output == "done\n", "\(written)")
    }
  }
}
