import Testing

/// A container has one root: of two, the second would be written into.
@Suite struct OneRootTests {
  private static let flags = [
    ["--root", "root"], ["--image", "small"], ["--with", "chroot root=root"], ["--root", "host"], ["--readonly"],
  ]

  @Test("a second root beside a borrowed one is refused", arguments: Identity.all, flags)
  func aRootBesideTheBorrowedOne(_ identity: Identity, _ flags: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write(try Repository.text("agent.conf"), to: "agent.conf")
      let (before, left) = (try FileTree.fingerprint(sandbox.root), Leftovers(sandbox))
      let seen = try sandbox.run(["--conf", "./agent.conf"] + flags, "touch", "/written")
      seen.expectRefusal(
        "littlectr: chroot (--", why: "a container has one root",
        fix: "leave one of the two out: --without hostroot, or")
      #expect(seen.error.contains("can't be used beside 'hostroot' (agent.conf:"), "\(seen)")
      #expect(try FileTree.fingerprint(sandbox.root) == before)
      let found = try left.find()
      #expect(found == [])
    }
  }

  @Test(
    "two lines that each give a root are refused", arguments: Identity.all,
    ["hostroot\nchroot root=root", "chroot root=root\nhostroot", "try chroot root=root\ntry hostroot"])
  func twoLines(_ identity: Identity, _ lines: String) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write("userns\nmount\n\(lines)\n", to: "stages.conf")
      let before = try FileTree.fingerprint(sandbox.root)
      let seen = try sandbox.run([], "touch", "/written")
      // The lower one is told of the upper one.
      let upper = lines.contains("hostroot\n") ? "hostroot" : "chroot"
      seen.expectRefusal("can't be used beside '\(upper)' (stages.conf:3)", why: "a container has one root")
      #expect(try FileTree.fingerprint(sandbox.root) == before)
    }
  }
}
