import Glibc
import Testing

/// Whoever could have written, or exchanged, what a container is made from: such a thing isn't taken.
@Suite struct WriterTests {
  /// Gives a file, or a link itself, to a user who has nothing to do with the tests; false if that can't be done.
  private func giveAway(_ path: String) -> Bool { lchown(path, 12345, 12345) == 0 }

  @Test("a stages.conf below a directory that others can write is refused", arguments: Identity.all)
  func aDirectoryOnTheWayToTheFile(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.prepare("mkdir -p way/in")
      try sandbox.write(Sandbox.configuration.replacing("root=root", with: "root=../../root"), to: "way/in/box.conf")
      let way = sandbox.directory + "/way"
      func seen() throws -> Outcome { try sandbox.run(["--conf", "./way/in/box.conf"], "echo", "ran") }
      #expect(try seen().output == "ran\n")
      for mode in [0o777, 0o757, 0o733] as [mode_t] {
        chmod(way, mode)
        try seen().expectRefusal(
          "way/in/box.conf: the configuration can't be used",
          why: "the directory \(way), on the way to way/in/box.conf, has mode \(String(mode, radix: 8))",
          fix: "chmod go-w \(way)")
      }
      // Others can't rename what isn't theirs there, as in /tmp.
      chmod(way, 0o1777)
      #expect(try seen().output == "ran\n")
      // Nor may a trusted file include one.
      chmod(way, 0o777)
      try sandbox.write("include way/in/box.conf\n", to: "closed.conf")
      try sandbox.run(["--conf", "./closed.conf"], "true").expectRefusal(
        "closed.conf:1:9: this file can't be included", why: "the directory \(way), on the way to")
      chmod(way, 0o755)
      guard giveAway(way) else { return }
      try seen().expectRefusal(
        "way/in/box.conf", why: "the directory \(way), on the way to way/in/box.conf, belongs to user 12345")
    }
  }

  @Test("a stages.conf behind somebody else's symbolic link is refused", arguments: Identity.all)
  func aLinkOnTheWayToTheFile(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.prepare("mkdir -m 1777 shared && ln -s .. shared/up && ln -s ../stages.conf shared/file")
      for (link, path) in [("up", "./shared/up/stages.conf"), ("file", "./shared/file")] {
        let options = ["--conf", path, "--root", sandbox.root]
        #expect(try sandbox.run(options, "echo", "ran").output == "ran\n", "one's own leads where one wants")
        guard giveAway("\(sandbox.directory)/shared/\(link)") else { return }
        try sandbox.run(options, "true").expectRefusal(
          "can't be used", why: "shared/\(link), on the way to", fix: "\(sandbox.directory)/stages.conf")
      }
    }
  }

  @Test(arguments: Identity.all) func anImageOrItsDirectoryThatOthersCanWrite(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.prepare("mkdir images && mv root images/small")
      try sandbox.write("userns\nmount\nchroot image=small\n", to: "image.conf")
      let (images, small) = (sandbox.directory + "/images", sandbox.directory + "/images/small")
      func seen(_ options: String...) throws -> Outcome {
        try sandbox.run(["--conf", "./image.conf"] + options, "echo", "ran")
      }
      for (place, usual) in [(small, 0o755), (images, 0o700)] as [(String, mode_t)] {
        chmod(place, 0o777)
        try seen().expectRefusal("image=\"small\"", why: "has mode 777, so that other users", fix: "chmod go-w ")
        try seen("--root", "./images/small").expectRefusal("root=", why: "has mode 777", fix: "write foreign")
        #expect(try seen("--set", "chroot.foreign").output == "ran\n")
        chmod(place, usual)
        #expect(try seen().output == "ran\n")
      }
      guard giveAway(images) else { return }
      chmod(images, 0o755)
      try seen().expectRefusal("image=\"small\"", why: "the directory \(images), on the way to")
    }
  }

  @Test("a root behind somebody else's symbolic link is refused", arguments: Identity.all)
  func aLinkToARoot(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.prepare("mkdir -m 1777 shared && ln -s / shared/root && ln -s ../root shared/own")
      #expect(try sandbox.run(["--root", "shared/own"], "cat", "/etc/small-root").output == "the small root\n")
      guard giveAway(sandbox.directory + "/shared/root") else { return }
      try sandbox.run(["--root", "shared/root"], "true").expectRefusal(
        "root=", why: "shared/root, on the way to ./shared/root, is a symbolic link of user 12345")
    }
  }
}
