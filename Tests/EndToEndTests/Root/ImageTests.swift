import Glibc
import Testing

/// The image that set-up makes.
@Suite struct ImageTests {
  @Test func theDefaultImageIsTheOneThatRuns() throws {
    // From the repository, as a user does: with its stages.conf and its images.
    let image = Repository.path("images/default")
    try #require(access(image, F_OK) == 0, "there is no image; ./setup makes it")
    try Sandbox.with(.caller) { sandbox in
      let seen = try sandbox.execute(
        [sandbox.littlectr, "run", "--conf", "./stages.conf", "cat", "/etc/os-release"], in: Repository.directory)
      let own = try FileTree.text(image + "/etc/os-release")
      #expect(seen.ending == .exited(0) && seen.output == own && seen.error == "" && !own.isEmpty, "\(seen)")
    }
  }

  /// ./setup removes no image below who runs in it, which is known by a lock.
  @Test(arguments: Identity.all) func anImageIsLockedWhileItIsUsed(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.prepare("mkdir -m 700 images && cp -a root images/own")
      try sandbox.write(
        """
        userns
        pid
        mount
        chroot image=own
        hook phase=child-waits run=flock args=-n args=images/own args=echo args=free
        """, to: "image.conf")
      // flock fails with 1 where it doesn't get the lock.
      let used = try sandbox.run(["--conf", "./image.conf"], "true")
      #expect(used.status == 125 && used.output == "" && used.error.contains("flock exited with 1"), "\(used)")
      let free = try sandbox.execute(["flock", "-n", "images/own", "echo", "free"])
      #expect(free.output == "free\n", "\(free)")
      // Two of them don't get into each other's way, and nothing of it is open inside.
      let script =
        "flock -s -n images/own \"$0\" run --conf ./image.conf --without hook sh -c 'ls -l /proc/1/fd /proc/self/fd'"
      let both = try sandbox.execute(["sh", "-c", script, sandbox.littlectr])
      #expect(!both.output.contains("images") && !both.error.contains("flock"), "\(both)")
    }
  }
}
