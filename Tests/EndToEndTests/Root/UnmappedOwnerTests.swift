import Testing

/// Directories of an image that belong to ids which the container doesn't have: not even a layer takes a copy of them.
@Suite struct UnmappedOwnerTests {
  /// Lines that need something made or replaced in the image's /etc, and the call that is refused.
  private static let lines = [
    ("etc resolv=192.0.2.1", "etc", "openat(<directory>, \"resolv.conf\""),
    ("file to=/etc/motd text=x", "file", "openat(<directory>, \"motd\""),
    ("file to=/etc/passwd text=x", "file", "unlinkat(<directory>, \"passwd\""),
    ("file to=/etc/new/motd text=x", "file", "mkdirat(<parent>, \"new\""),
    ("tmpfs to=/etc/new", "tmpfs", "mkdirat(<parent>, \"new\""),
    ("tmpfs to=/link/new", "tmpfs", "mkdirat(<parent>, \"new\""),
    ("bind from=root/bin/busybox to=/etc/new", "bind", "mknodat(<parent>, \"new\""),
  ]
  /// Whose the directory is, the errno, and who isn't mapped then.
  private static let owners = [("1:1", "EACCES", "user"), ("0:1", "EOVERFLOW", "group"), ("1:0", "EACCES", "user")]

  @Test("directories of the image that belong to unmapped ids are named", arguments: Identity.all, owners)
  func theirsAreNamed(_ identity: Identity, _ it: (owner: String, errno: String, who: String)) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.prepare("ln -s /etc root/link")
      // With all ids, and without a layer, root inside gives it to another.
      func give(to owner: String) throws {
        let given = try sandbox.run([], "chown", owner, "/etc")
        try #require(given.ending == .exited(0) && given.error == "", "\(given)")
      }
      for (line, stage, call) in Self.lines {
        try give(to: it.owner)
        let before = try FileTree.fingerprint(sandbox.root)
        let options = ["--set", "userns.map=root", "--with", "overlay", "--with", line]
        let id = try identity.existing()
        try sandbox.run(options, "true").expectRefusal(
          "littlectr: \(stage) (--with '\(line)'): \(call)", why: "userns doesn't map that \(it.who)",
          fix: "chown \(id.user):\(id.group) ./root/etc")
        #expect(try FileTree.fingerprint(sandbox.root) == before)
        try give(to: "0:0")
        let mended = try sandbox.run(options, "true")
        #expect(mended.ending == .exited(0) && mended.error == "", "\(line): \(mended)")
      }
    }
  }

  /// What is kept in a layer already belongs to the container.
  @Test("a directory that a kept layer has already isn't refused for its owner in the image", arguments: Identity.all)
  func whatTheLayerHasIsNotTheImages(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let options = ["--set", "userns.map=root", "--with", "overlay upper=kept", "--with", "file to=/etc/motd text=x"]
      let made = try sandbox.run(options, "cat", "/etc/motd")
      #expect(made.output == "x" && made.error == "", "\(made)")
      let given = try sandbox.run([], "chown", "1:1", "/etc")
      try #require(given.ending == .exited(0), "\(given)")
      let again = try sandbox.run(options, "cat", "/etc/motd")
      #expect(again.output == "x" && again.error == "", "\(again)")
    }
  }
}
