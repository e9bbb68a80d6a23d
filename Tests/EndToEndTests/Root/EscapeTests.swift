import Testing

/// chroot(2) alone is no prison, pivot_root(2) is.
@Suite struct EscapeTests {
  /// The oldest way out: root moves its own root below its working directory, and walks up past it.
  private static let program = """
    #include <sys/stat.h>
    #include <unistd.h>
    int main(void) {
      mkdir("/tmp/cage", 0755);
      if (chroot("/tmp/cage")) return 101;
      for (int i = 0; i < 64; i++) if (chdir("..")) return 102;
      if (chroot(".")) return 103;
      execl("/bin/sh", "sh", "-c", "ls -A /", (char *)0);
      return 104;
    }

    """

  private func escape(_ sandbox: Sandbox, _ options: [String]) throws -> Outcome {
    try sandbox.write(Self.program, to: "escape.c")
    let compiled = try sandbox.execute(["gcc", "-static", "-o", "root/bin/escape", "escape.c"])
    try #require(compiled.status == 0, "\(compiled)")
    return try sandbox.run(options, "escape")
  }

  @Test(arguments: Identity.all) func rootFindsTheWayOutOfChroot(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try escape(sandbox, ["--set", "chroot.method=chroot"])
      #expect(seen.status == 0 && seen.lines.sorted() == FileTree.entries("/"), "\(seen)")
    }
  }

  @Test("root finds no way out of a root that pivot_root gave", arguments: Identity.all)
  func rootFindsNoWayOutAfterPivot(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try escape(sandbox, [])
      #expect(seen.status == 0 && seen.lines == ["bin", "dev", "etc", "proc", "root", "sys", "tmp"], "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func theOldRootCantBeReachedThroughProc(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.sh("for way in /proc/*/root /proc/*/cwd /proc/*/fd/*; do ls -A $way/; done")
      #expect(!seen.output.contains("stages.conf") && !seen.output.contains("sbin"), "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func deviceNodesOfTheImageAreDead(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      // An ordinary user's image can't hold any; root's can, and so can a user namespace's that root has made.
      let seen = try sandbox.sh("mknod /tmp/mem c 1 1; head -c 1 /tmp/mem")
      #expect(seen.status != 0 && seen.output == "", "\(seen)")
      #expect(seen.error.contains("Permission denied") || seen.error.contains("not permitted"), "\(seen)")
    }
  }
}
