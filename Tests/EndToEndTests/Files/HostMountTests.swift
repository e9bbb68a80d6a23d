import Testing

/// No order of stages, and no failure among them, changes a mount of the host's: as root of a mount namespace whose mounts
/// propagate, as those of a machine with systemd do.
@Suite struct HostMountTests {
  private static let plans: [[String]] = [
    ["--set", "mount.propagation=shared"], ["--set", "mount.propagation=unchanged"],
    ["--set", "mount.propagation=slave"], [],
    ["--set", "mount.propagation=shared", "--set", "chroot.method=chroot"],
    ["--set", "mount.propagation=unchanged", "--set", "chroot.method=chroot", "--readonly"],
    ["--without", "mount", "--set", "chroot.method=chroot"], ["--without", "mount"],
    ["--without", "chroot", "--set", "mount.propagation=shared"],
  ]

  /// Runs littlectr there, and tells what the mounts were before and after.
  private func mounts(_ sandbox: Sandbox, _ options: [String]) throws -> (before: String, after: String, Outcome) {
    let outer = ["unshare", "--user", "--map-root-user", "--mount", "--propagation", "shared"]
    // Something that a mount or its end could be seen on: one below the root, and one below the image.
    let script = """
      mkdir -p below root/below && mount -t tmpfs none below && mount -t tmpfs none root/below &&
      cat /proc/self/mountinfo >before && "$0" run "$@" true; cat /proc/self/mountinfo >after
      """
    let seen = try sandbox.execute(outer + ["sh", "-c", script, sandbox.littlectr, "--without", "userns"] + options)
    let read = { try FileTree.text(sandbox.directory + "/" + $0) }
    return (try read("before"), try read("after"), seen)
  }

  @Test("no order of stages changes a mount of the host's", arguments: Identity.all, plans)
  func staysAsItIs(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      for proc in [[], ["--without", "proc"]] {
        let (before, after, seen) = try mounts(sandbox, options + proc)
        #expect(before.contains("/below"), "\(seen)")
        #expect(before == after, "\(seen)")
      }
    }
  }

  @Test("a line with try that fails changes no mount of the host's", arguments: Identity.all)
  func alsoWhenALineWithTryFails(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write("uts\npid\ntry mount\nchroot root=root\n", to: "try.conf")
      for options in [[], ["--set", "chroot.method=chroot"]] {
        let all = ["--conf", "./try.conf"] + options
        for number in 1...((try Explanation(sandbox, all + ["--with", "userns"], ["true"]).steps.count)) {
          // userns is left out again by the way these are run.
          let (before, after, seen) = try mounts(
            sandbox, ["--conf", "./try.conf", "--with", "userns"] + options + ["--fault", "\(number)=EINVAL"])
          #expect(before == after, "\(number): \(seen)")
        }
      }
    }
  }
}
