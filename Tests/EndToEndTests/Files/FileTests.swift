import Testing

/// Small files whose text stands in the configuration.
@Suite struct FileTests {
  private static let roots = [[], ["overlay"]]

  @Test("file writes its text and mode exactly", arguments: Identity.all, roots)
  func textAndModeAreExact(_ identity: Identity, _ lines: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let names = ["a": "644", "b": "0600", "c": "666", "d": "1777", "e": "000"]
      let text = #""tab\tquote\"back\\slash\n\nüber \$HOME ''""#
      try sandbox.configure(lines + names.map { "file to=/tmp/\($0.key) mode=\($0.value) text=\(text)" })
      try sandbox.prepare("for name in a b c d e; do echo image >root/tmp/$name; done")
      let before = try FileTree.fingerprint(sandbox.root)
      for mask in ["000", "022", "077", "777"] {
        let script = "cd /tmp; stat -c '%n %a' *; cat a; echo; cat a | wc -c; echo over >c; cat c; umask"
        let words = ["sh", "-c", "umask \(mask); exec \"$@\"", "sh", sandbox.littlectr, "run", "sh", "-c", script]
        let seen = try sandbox.execute(words)
        let expected = "a 644\nb 600\nc 666\nd 1777\ne 0\ntab\tquote\"back\\slash\n\nüber $HOME ''\n36\nover\n"
        #expect(seen.output.hasPrefix(expected) && seen.status == 0, "\(mask): \(seen)")
      }
      #expect(try FileTree.fingerprint(sandbox.root) == before)
    }
  }

  /// Links of the image's where the file is to be.
  private static let links = ["/etc/passwd", "passwd", "../../../../etc/passwd", "nowhere", "/proc/self/exe", "link"]

  @Test(arguments: Identity.all, roots)
  func aLinkIsCoveredAndNotFollowed(_ identity: Identity, _ lines: [String]) throws {
    for target in Self.links {
      try Sandbox.with(identity) { sandbox in
        try sandbox.configure(lines + ["file to=/etc/link text=own"])
        try sandbox.prepare("ln -s \(target) root/etc/link")
        let before = try FileTree.fingerprint(sandbox.root)
        let seen = try sandbox.sh("cat /etc/link; grep -c ^root /etc/passwd")
        #expect(seen.output == "own1\n" && seen.ending == .exited(0), "\(target): \(seen)")
        #expect(try FileTree.fingerprint(sandbox.root) == before)
      }
    }
  }

  @Test(arguments: Identity.all, ["/etc", "../etc", "/proc/self/root/etc", "../../../../etc"])
  func aLinkOnTheWayIsRefused(_ identity: Identity, _ target: String) throws {
    for lines in Self.roots {
      try Sandbox.with(identity) { sandbox in
        try sandbox.configure(lines + ["file to=/etc2/passwd text=own"])
        try sandbox.prepare("ln -s \(target) root/etc2")
        let before = Leftovers(sandbox)
        try sandbox.run([], "true").expectRefusal(": ELOOP", why: "lies below one", fix: "./root/etc2")
        let left = try before.find()
        #expect(left == [])
      }
    }
  }

  @Test("file makes its place in a layer, and a bare image must have it", arguments: Identity.all)
  func thePlaceIsMadeOnlyWhereItMayBe(_ identity: Identity) throws {
    try Sandbox.with(identity, "file to=/new/er/file text=x") { sandbox in
      try sandbox.run([], "true").expectRefusal(
        ": ENOENT", why: "the image has no file /new/er/file", fix: "touch ./root/new/er/file")
      let seen = try sandbox.run(["--with", "overlay"], "stat", "-c", "%a %n", "/new", "/new/er", "/new/er/file")
      #expect(seen.lines == ["755 /new", "755 /new/er", "644 /new/er/file"], "\(seen)")
    }
  }

  @Test(arguments: [
    ("file", "no file is made", "write file to="), ("file to=/", "no file is made", "write file to="),
    ("file to=x", "to=x", "begins with '/'"), ("file to=/x mode=rw", "mode=rw", "octal digits"),
    ("file to=/x mode=4755", "mode=4755", "octal digits"),
    ("file to=/etc text=x", "move_mount", "name the path of a file"),
    ("file to=/etc/passwd/x", "openat2(", "isn't a directory"),
  ])
  func wrongLinesAreRefused(_ line: String, _ what: String, _ says: String) throws {
    try Sandbox.with(.caller, line) { sandbox in
      let seen = try sandbox.run([], "true")
      #expect(seen.ending == .exited(125) && seen.output == "" && seen.error.contains("stages.conf:6"), "\(seen)")
      #expect(seen.error.contains(what) && seen.error.contains(says), "\(seen)")
    }
  }
}
