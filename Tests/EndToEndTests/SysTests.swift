import Testing

/// A /sys that can only be read.
@Suite struct SysTests {
  @Test(arguments: Identity.all, [[], ["overlay"]])
  func itTellsButCantBeWritten(_ identity: Identity, _ lines: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.configure(lines + ["sys"])
      let script = """
        ls /sys | grep -c -e '^kernel$' -e '^class$'
        grep ' /sys' /proc/mounts | cut -d ' ' -f 4 | grep -v '^ro,nosuid,nodev,noexec'
        echo 0 >/sys/kernel/mm/ksm/run || echo refused; mkdir /sys/fs/cgroup/new || echo refused
        """
      let seen = try sandbox.sh(script)
      #expect(seen.lines == ["2", "refused", "refused"] && seen.status == 0, "\(seen)")
      #expect(seen.error.contains("Read-only file system"), "\(seen)")
      #expect(FileTree.entries(sandbox.root + "/sys") == [])
    }
  }

  @Test(arguments: ["rm -r root/sys", "rm -r root/sys; ln -s etc root/sys", "rm -r root/sys; touch root/sys"])
  func anImageWithoutOneIsRefused(_ preparation: String) throws {
    try Sandbox.with(.unprivileged, "sys") { sandbox in
      try sandbox.prepare(preparation)
      try sandbox.run([], "true").expectRefusal(
        "littlectr: sys (stages.conf:6): openat2(", why: "/sys",
        fix: preparation.hasSuffix("touch root/sys") ? "an empty directory there" : "root/sys")
    }
  }
}
