import Glibc
import Testing

/// Roots and images that can't be used.
@Suite struct RootErrorTests {
  @Test(arguments: Identity.all) func anImageThatIsntThere(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write("mount\nuserns\nchroot image=nowhere\n", to: "image.conf")
      let seen = try sandbox.run(["--conf", "./image.conf", "--without", "mount"], "true")
      #expect(seen.status == 125)
      try sandbox.write("userns\nmount\nchroot image=nowhere\n", to: "image.conf")
      let places =
        "images, \(sandbox.programDirectory)/images, \(sandbox.directory)/.local/share/littlectr/images, /var/lib/littlectr/images"
      try sandbox.run(["--conf", "./image.conf"], "true").expectRefusal(
        "littlectr: chroot (image.conf:3): image=\"nowhere\": ENOENT", why: "there is no image 'nowhere' in ",
        fix: "./setup --image nowhere makes it")
      #expect(try sandbox.run(["--conf", "./image.conf"], "true").error.contains(places))
    }
  }

  @Test(arguments: Identity.all, ["a/b", "..", ".", "/etc"])
  func anImagesNameThatIsAPath(_ identity: Identity, _ name: String) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write("userns\nmount\nchroot\n", to: "image.conf")
      try sandbox.run(["--conf", "./image.conf", "--image", name], "true").expectRefusal(
        "littlectr: chroot (image.conf:3): image=\"\(name)\"", why: "an image's name is a file's name",
        fix: "root=\"\(name)\"")
    }
  }

  @Test(arguments: Identity.all, ["images", ".local/share/littlectr/images", "data/littlectr/images"])
  func anImageIsFoundWhereTheManualSays(_ identity: Identity, _ place: String) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write("userns\nmount\nchroot\n", to: "image.conf")
      let made = try sandbox.execute(["sh", "-c", "mkdir -p \"$0\" && mv root \"$0\"/small", place])
      try #require(made.status == 0, "\(made)")
      let variables = place.hasPrefix("data") ? ["XDG_DATA_HOME": sandbox.directory + "/data"] : [:]
      let words = ["run", "--conf", "./image.conf", "--image", "small", "cat", "/etc/small-root"]
      let seen = try sandbox.execute([sandbox.littlectr] + words, environment: variables)
      #expect(seen.output == "the small root\n", "\(seen)")
    }
  }

  @Test(arguments: Identity.all, [[], ["--set", "chroot.method=chroot"]])
  func aRootThatIsntThereOrNoDirectory(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.run(options + ["--root", "/nowhere"], "true").expectRefusal(
        "\"/nowhere", why: "there is no /nowhere", fix: "write root= with a directory")
      try sandbox.run(options + ["--root", "stages.conf"], "true").expectRefusal(
        "littlectr: chroot (stages.conf:5): ", why: "stages.conf isn't a directory", fix: "write root= with a directory"
      )
    }
  }

  /// What an image may have at /proc, with errno, cause and remedy.
  private static let procs = [
    "rmdir root/proc": ("ENOENT", "the image has no directory /proc", "make one: mkdir -p "),
    "rmdir root/proc && ln -s /etc root/proc": ("ELOOP", "/proc is a symbolic link", "by an empty directory"),
    "rmdir root/proc && ln -s ../../../../../.. root/proc": (
      "ELOOP", "/proc is a symbolic link", "by an empty directory"
    ),
    "rmdir root/proc && touch root/proc": (
      "ENOTDIR", "the image's /proc isn't a directory", "an empty directory there"
    ),
  ]

  @Test(arguments: Identity.all, procs.keys.sorted())
  func aProcOfTheImageThatIsNoDirectory(_ identity: Identity, _ script: String) throws {
    try Sandbox.with(identity) { sandbox in
      let made = try sandbox.execute(["sh", "-c", script])
      let (errno, why, fix) = try #require(Self.procs[script])
      try #require(made.status == 0, "\(made)")
      let before = Leftovers(sandbox)
      let seen = try sandbox.run([], "true")
      seen.expectRefusal("littlectr: proc (stages.conf:6): openat2(<root>, \"proc\", ", why: why, fix: fix)
      #expect(seen.error.contains("= <place>: \(errno)\n"), "\(seen)")
      let left = try before.find()
      #expect(left == [])
    }
  }
}
