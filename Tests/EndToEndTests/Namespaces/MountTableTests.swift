import Testing

/// What the container's table of mounts tells of the host.
@Suite struct MountTableTests {
  private static let tables: [(lines: [String], old: Bool, places: Set<String>)] = [
    ([], false, ["/", "/proc"]), (["overlay"], false, ["/", "/proc"]), (["overlay"], true, ["/", "/proc"]),
    (["overlay upper=kept"], false, ["/", "/proc"]), (["overlay", "file to=/a", "etc"], false, ["/", "/proc"]),
    (["file to=/etc/passwd", "tmpfs to=/tmp"], false, ["/", "/etc/passwd", "/proc", "/tmp"]),
    (["etc resolv=192.0.2.1 hosts=none hostname=none"], false, ["/", "/etc/resolv.conf", "/proc"]),
    (["overlay", "bind from=kept to=/kept"], false, ["/", "/kept", "/proc"]),
    (["bind from=kept to=/tmp", "bind from=kept to=/tmp"], false, ["/", "/proc", "/tmp"]),
  ]

  @Test("the container's table of mounts holds nothing of the host's", arguments: Identity.all, tables)
  func holdsNothingOfTheHosts(_ identity: Identity, _ table: (lines: [String], old: Bool, places: Set<String>)) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.configure(table.lines)
      try sandbox.prepare("mkdir kept && touch kept/mark; touch root/etc/resolv.conf")
      let old = table.old ? ["setarch", "--uname-2.6", "--"] : []
      for options in [[], ["--set", "userns.map=root"], ["--set", "mount.propagation=slave"], ["--readonly"]] {
        let script = "cut -d ' ' -f 2 /proc/mounts | sort; ls /.. ; ls /proc/self/cwd/.."
        let seen = try sandbox.execute(old + [sandbox.littlectr, "run"] + options + ["sh", "-c", script])
        // Some of /proc is covered.
        let places = seen.lines.filter { $0.hasPrefix("/") && !$0.hasSuffix(":") && !$0.hasPrefix("/proc/") }
        #expect(Set(places) == table.places && seen.status == 0, "\(options): \(seen)")
        #expect(!seen.output.contains("stages.conf") && !seen.output.contains("sbin"), "\(seen)")
      }
    }
  }
}
