import Glibc
import Testing

/// A kept layer that somebody else has prepared: overlay writes to nothing but what it is.
@Suite struct LayerWriterTests {
  private static let line = "overlay upper=kept"

  /// What of the host's a layer leads to must stay as it is.
  private func expectRefusal(
    _ sandbox: Sandbox, _ what: String, why: String, fix: String = "write another upper=DIR", _ options: [String] = []
  ) throws {
    try sandbox.prepare("mkdir -p victim/work && echo mine >victim/file && echo mine >victim/work/file")
    let before = try FileTree.fingerprint(sandbox.directory + "/victim")
    let image = try FileTree.fingerprint(sandbox.root)
    try sandbox.run(options, "sh", "-c", "echo owned >/file; rm -r /work").expectRefusal(what, why: why, fix: fix)
    #expect(try FileTree.fingerprint(sandbox.directory + "/victim") == before)
    #expect(try FileTree.fingerprint(sandbox.root) == image)
  }

  @Test("a kept layer whose upper or work is a symbolic link is refused", arguments: Identity.all, ["upper", "work"])
  func aLinkInIt(_ identity: Identity, _ name: String) throws {
    try Sandbox.with(identity, Self.line) { sandbox in
      try sandbox.prepare("mkdir kept && ln -s ../victim kept/\(name)")
      try expectRefusal(
        sandbox, "overlay (stages.conf:6): openat2(<upper>, \"\(name)\"", why: "kept/\(name) is a symbolic link")
      // What is no layer isn't left out either: then the image itself would be written.
      try sandbox.write(Sandbox.configuration(["try " + Self.line]), to: "stages.conf")
      try expectRefusal(sandbox, "openat2(<upper>, \"\(name)\"", why: "kept/\(name) is a symbolic link")
    }
  }

  @Test("a kept layer that others can write is refused", arguments: Identity.all, ["", "/upper", "/work"])
  func oneThatOthersCanWrite(
    _ identity: Identity, _ part: String
  )
    throws
  {
    try Sandbox.with(identity, Self.line) { sandbox in
      #expect(try sandbox.run([], "touch", "/file").ending == .exited(0))
      chmod(sandbox.directory + "/kept" + part, 0o777)
      let why =
        part.isEmpty
        ? "./kept has mode 777, so that other users can write it" : "./kept\(part) can be written by other users"
      try expectRefusal(sandbox, "overlay (stages.conf:6): ", why: why, fix: "chmod go-w ./kept\(part)")
    }
  }

  @Test("a kept layer of another user is refused", arguments: Identity.all)
  func anothersDirectory(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.prepare("mkdir -m 1777 shared && mkdir -m 777 shared/kept && ln -s ../../victim shared/kept/upper")
      guard lchown(sandbox.directory + "/shared/kept", 12345, 12345) == 0 else { return }
      let options = ["--with", "overlay upper=shared/kept"]
      try expectRefusal(
        sandbox, "upper=", why: "./shared/kept belongs to user 12345", fix: "cp -r ./shared/kept ", options)
      // A link by which another would have a directory of yours be the layer.
      try sandbox.prepare("ln -s ../victim shared/link")
      lchown(sandbox.directory + "/shared/link", 12345, 12345)
      try expectRefusal(
        sandbox, "upper=", why: "is a symbolic link of user 12345", fix: "name what it leads to",
        ["--with", "overlay upper=shared/link"])
    }
  }

  @Test("a kept layer may be named by a symbolic link of one's own", arguments: Identity.all)
  func oneByALinkOfOnesOwn(_ identity: Identity) throws {
    try Sandbox.with(identity, "overlay upper=link/kept") { sandbox in
      try sandbox.prepare("mkdir place && ln -s place link")
      #expect(try sandbox.run([], "sh", "-c", "echo x >/note").ending == .exited(0))
      #expect(try sandbox.run([], "cat", "/note").output == "x\n")
      #expect(access(sandbox.directory + "/place/kept/upper/note", F_OK) == 0)
    }
  }

  /// By what it is, and not by its spelling.
  @Test(
    "a kept layer inside the image, named by a link, is refused", arguments: Identity.all,
    ["alias/tmp/kept", "alias/../root/kept", "alias"])
  func oneInTheImageByALink(_ identity: Identity, _ directory: String) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.prepare("ln -s root alias")
      try expectRefusal(
        sandbox, "upper=\"./\(directory)\"", why: "./\(directory) lies in the image", fix: "outside of it",
        ["--with", "overlay upper=\(directory)"])
    }
  }
}
