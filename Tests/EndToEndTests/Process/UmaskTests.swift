import Testing

/// The permissions that new files don't get: umask(2).
@Suite struct UmaskTests {
  private func run(_ sandbox: Sandbox, _ mask: String, _ options: [String], _ script: String) throws -> Outcome {
    let outer = ["sh", "-c", "umask \(mask) && exec \"$@\"", "sh"]
    return try sandbox.execute(outer + [sandbox.littlectr, "run"] + options + ["--", "sh", "-c", script])
  }

  @Test(
    "without umask the command has the caller's file mode mask", arguments: Identity.all,
    ["0000", "0002", "0022", "0077", "0777"])
  func withoutTheLineItIsTheCallers(_ identity: Identity, _ mask: String) throws {
    try Sandbox.with(identity, "overlay") { sandbox in
      for options in [[], ["--set", "pid.init=no"], ["--with", "terminal pty=yes", "--with", "dev"]] {
        let seen = try run(sandbox, mask, options, "umask")
        #expect(seen.output.filter { !$0.isWhitespace } == mask && seen.ending == .exited(0), "\(options): \(seen)")
      }
    }
  }

  @Test("umask mask= is the command's file mode mask", arguments: Identity.all)
  func theLineSaysWhichItIs(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      for (mask, shown) in [("027", "0027"), ("0", "0000"), ("0777", "0777"), ("2", "0002")] {
        let seen = try run(sandbox, "077", ["--with", "umask mask=\(mask)"], "umask")
        #expect(seen.output == shown + "\n", "\(seen)")
      }
      let files = try run(sandbox, "077", ["--with", "overlay", "--with", "umask"], "cd /; umask; : >f; stat -c %a f")
      #expect(files.output == "0022\n644\n", "\(files)")
    }
  }

  /// What littlectr makes in a layer, in memory and in /dev can be used by whom it is for, whatever the caller's mask.
  @Test("files that littlectr makes don't depend on the caller's umask", arguments: Identity.all)
  func whatLittlectrMakesDoesNotDependOnIt(_ identity: Identity) throws {
    let lines = [
      "overlay", "dev", "etc hosts=auto hostname=auto", "tmpfs to=/new/place", "file to=/deep/below/file text=x",
    ]
    try Sandbox.with(identity) { sandbox in
      try sandbox.configure(lines)
      let ask =
        "stat -c '%n %a' / /dev /dev/shm /dev/null /etc/hosts /etc/hostname /new /new/place /deep /deep/below/file"
      let usual = try run(sandbox, "022", [], ask)
      #expect(usual.ending == .exited(0) && usual.lines.count == 10, "\(usual)")
      for mask in ["000", "077", "0777"] {
        let seen = try run(sandbox, mask, [], ask)
        #expect(seen.output == usual.output, "\(mask): \(seen)")
      }
    }
  }

  /// A hook is the caller's program, in each phase.
  @Test("a hook has the caller's umask", arguments: Identity.all, ["before-clone", "child-waits", "in-child", "after"])
  func aHookHasTheCallers(_ identity: Identity, _ phase: String) throws {
    try Sandbox.with(identity) { sandbox in
      let hook = "hook phase=\(phase) run=/bin/sh args=-c args=umask"
      let seen = try run(sandbox, "027", ["--with", hook], "umask")
      #expect(seen.lines == ["0027", "0027"], "\(seen)")
    }
  }

  /// With no filter kept yet, the directory for it can be entered by its owner afterwards.
  @Test("the cache of filters can be entered by its owner whatever the umask", arguments: Identity.all)
  func aKeptFilterIsFoundAgain(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try run(sandbox, "0777", ["--with", "nonewprivs", "--with", "seccomp"], "umask")
      #expect(seen.output == "0777\n", "\(seen)")
      let kept = try sandbox.execute(["sh", "-c", "stat -c %a .cache .cache/littlectr; ls .cache/littlectr | wc -l"])
      #expect(kept.lines == ["700", "700", "1"], "\(kept)")
    }
  }
}
