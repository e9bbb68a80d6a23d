import Testing

/// littlectr inside littlectr.
@Suite struct NestingTests {
  /// Without covers in /proc, below which the kernel makes no other: the classic six, and all of the shipped file.
  private static let open = ["--set", "proc.mask=none", "--set", "proc.readonly=none"]

  /// Puts littlectr, with the libraries that it may need, and a configuration for a root below into a root.
  private func fill(_ root: String, _ sandbox: Sandbox) throws {
    let script = """
      cp "$0" "$1/bin/littlectr" && ldd "$0" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do
        mkdir -p "$1${library%/*}" && cp "$library" "$1$library"
      done; :
      """
    let copied = try sandbox.startAsCaller(["bash", "-c", script, sandbox.littlectr, root]).wait()
    try #require(copied.status == 0 && copied.error == "", "\(copied)")
    let name = "below-\(root.split(separator: "/").count)"
    let lines = "userns\nuts hostname=\(name)\npid\nmount\nchroot root=/below\nproc mask=none readonly=none\n"
    try sandbox.write(lines, to: "\(root)/below.conf")
  }

  @Test("containers can be nested three deep", arguments: Identity.all, ["auto", "root"])
  func threeDeep(_ identity: Identity, _ map: String) throws {
    try Sandbox.with(identity) { sandbox in
      for root in [sandbox.root, sandbox.root + "/below"] {
        try fill(root, sandbox)
        try SmallRoot.make(root + "/below")
      }
      // All of it belongs to who runs it: as one id, root inside may only use its own.
      if let ids = identity.ids, !identity.prefix.isEmpty { try FileTree.give(sandbox.root, to: ids) }
      let inner = "littlectr run --conf /below.conf "
      let ask = "sh -c 'hostname; id -u; echo $$; ls -d /proc/[0-9]* | wc -l; ls /'"
      let options = Self.open + ["--set", "userns.map=\(map)"]
      let seen = try sandbox.run(options, "sh", "-c", inner + inner + ask)
      try #require(seen.ending == .exited(0) && seen.error == "" && seen.lines.count > 4, "\(seen)")
      #expect(seen.lines[0].hasPrefix("below-") && seen.lines[1] == "0" && seen.lines[2] == "2", "\(seen)")
      #expect(!seen.lines.contains("below") && seen.lines.contains("bin"), "\(seen)")
      let status = try sandbox.run(options, "sh", "-c", inner + inner + "sh -c 'exit 77'")
      #expect(status.ending == .exited(77), "\(status)")
    }
  }

  /// The kernel stacks two layers at most: the third is refused, with the line to change, and goes without.
  @Test(arguments: Identity.all) func theWholeContainerThreeDeep(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      for root in [sandbox.root, sandbox.root + "/below"] {
        try fill(root, sandbox)
        try SmallRoot.make(root + "/below")
        try sandbox.writeShipped(root: "/below", to: root + "/whole.conf")
      }
      try sandbox.writeShipped(root: "root", to: "whole.conf")
      // A filter lets nobody below make namespaces.
      for file in [sandbox.directory, sandbox.root, sandbox.root + "/below"].map({ $0 + "/whole.conf" }) {
        try sandbox.write(try FileTree.text(file).replacing("\nseccomp ", with: "\noff seccomp "), to: file)
      }
      if let ids = identity.ids, !identity.prefix.isEmpty { try FileTree.give(sandbox.root, to: ids) }
      let inner = "littlectr run --conf /whole.conf \(Self.open.joined(separator: " ")) "
      let refused = try sandbox.run(
        ["--conf", "./whole.conf"] + Self.open, "sh", "-c", "\(inner) sh -c '\(inner) true'")
      refused.expectRefusal(
        "littlectr: overlay (/whole.conf:", why: "the kernel stacks two at most", fix: "write off overlay")
      let without = inner + "--without overlay sh -c \"hostname; id -u; ls -d /proc/[0-9]* | wc -l\""
      let seen = try sandbox.run(["--conf", "./whole.conf"] + Self.open, "sh", "-c", "\(inner) sh -c '\(without)'")
      #expect(seen.ending == .exited(0) && seen.output == "littlectr\n0\n4\n", "\(seen)")
    }
  }

  @Test("a nested container names the mask of the outer /proc that is in its way", arguments: Identity.all)
  func whatCoversTheOuterProcIsNamedWithTheLineToChange(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try fill(sandbox.root, sandbox)
      try SmallRoot.make(sandbox.root + "/below")
      if let ids = identity.ids, !identity.prefix.isEmpty { try FileTree.give(sandbox.root, to: ids) }
      for options in [[], ["--set", "proc.mask=none"], ["--set", "proc.readonly=none"]] {
        let seen = try sandbox.run(options, "littlectr", "run", "--conf", "/below.conf", "true")
        seen.expectRefusal(
          "littlectr: proc (/below.conf:6): ", why: "the outer littlectr has put /proc/",
          fix: "write in the outer stages.conf: proc mask=none readonly=none; or here: off proc")
      }
    }
  }

  @Test(arguments: Identity.all) func insideAContainerWithoutProcItSaysWhatToChange(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try fill(sandbox.root, sandbox)
      try SmallRoot.make(sandbox.root + "/below")
      if let ids = identity.ids, !identity.prefix.isEmpty { try FileTree.give(sandbox.root, to: ids) }
      let seen = try sandbox.run(["--without", "proc"], "littlectr", "run", "--conf", "/below.conf", "true")
      #expect(seen.ending == .exited(125) && seen.output == "", "\(seen)")
      #expect(
        seen.error.contains("  why  ") && seen.error.contains("  fix  ") && seen.error.contains("/proc"), "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func belowAFilterItSaysWhichLineToChange(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try fill(sandbox.root, sandbox)
      try SmallRoot.make(sandbox.root + "/below")
      if let ids = identity.ids, !identity.prefix.isEmpty { try FileTree.give(sandbox.root, to: ids) }
      let filter = ["--with", "nonewprivs", "--with", "seccomp"]
      let seen = try sandbox.run(filter, "littlectr", "run", "--conf", "/below.conf", "true")
      #expect(seen.ending == .exited(125) && seen.output == "", "\(seen)")
      #expect(
        seen.error.hasPrefix("littlectr: clone3({flags=CLONE_NEWNS|") && seen.error.contains(": EPERM\n"), "\(seen)")
      #expect(seen.error.contains("  why  an outer container's seccomp filter refuses new namespaces\n"), "\(seen)")
      #expect(seen.error.contains("  fix  outside, write off seccomp in littlectr's stages.conf"), "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func killingTheOutermostEndsThemAll(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try fill(sandbox.root, sandbox)
      try SmallRoot.make(sandbox.root + "/below")
      if let ids = identity.ids, !identity.prefix.isEmpty { try FileTree.give(sandbox.root, to: ids) }
      let before = Leftovers(sandbox)
      let inner = ["littlectr", "run", "--conf", "/below.conf", "sh", "-c", "echo deep; sleep 1000", sandbox.token]
      let command = Self.open + inner
      let process = try sandbox.start([sandbox.littlectr, "run"] + command)
      try process.waitForOutput("deep\n")
      process.signal(9)
      #expect(try process.wait().ending == .killed(9))
      let left = try before.find()
      #expect(left == [])
    }
  }
}
