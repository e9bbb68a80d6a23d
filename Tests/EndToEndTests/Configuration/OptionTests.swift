import Testing

/// What the other stages' options do.
@Suite struct OptionTests {
  @Test(arguments: Identity.all) func aReadonlyRootCantBeWritten(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let script = "touch /tmp/file; mkdir /tmp/directory; rm /etc/passwd; echo x > /etc/small-root; ls /tmp"
      let seen = try sandbox.sh(script, "--readonly")
      #expect(seen.output == "" && seen.error.split(separator: "\n").count == 4, "\(seen)")
      #expect(seen.error.split(separator: "\n").allSatisfy { $0.hasSuffix("Read-only file system") }, "\(seen)")
      let writable = try sandbox.sh("touch /tmp/file; ls /tmp")
      #expect(writable.output == "file\n", "\(writable)")
    }
  }

  @Test(
    "proc hidepid= hides other users' processes", arguments: Identity.all,
    ["off", "noaccess", "invisible", "ptraceable"])
  func hidepidHidesWhatIsOtherUsers(_ identity: Identity, _ value: String) throws {
    try Sandbox.with(identity) { sandbox in
      let ask = #"su other -s /bin/sh -c "ls -d /proc/$! && wc -c </proc/$!/status | grep -c .""#
      let seen = try sandbox.sh("sleep 100 & \(ask)", "--set", "proc.hidepid=\(value)")
      let isSeen = value == "off" || value == "noaccess"
      #expect(seen.output.hasPrefix("/proc/") == isSeen, "\(seen)")
      #expect(seen.output.hasSuffix("\n1\n") == (value == "off"), "\(seen)")
    }
  }

  /// Makes the host's mounts shared, as they are on most machines, in a mount namespace that the host doesn't see.
  private let sharing = ["unshare", "--user", "--map-root-user", "--mount", "--propagation", "shared", "--"]

  private static let peers = [
    "private": [], "slave": ["master:"], "shared": ["master:", "shared:"], "unchanged": ["master:"],
  ]

  @Test(arguments: Identity.all, ["private", "slave", "shared", "unchanged"])
  func propagationIsWhatTheOptionSays(_ identity: Identity, _ value: String) throws {
    try Sandbox.with(identity) { sandbox in
      let options = ["--without", "chroot", "--set", "mount.propagation=\(value)"]
      let command = ["grep", "-E", "^([^ ]+ ){4}/ ", "/proc/self/mountinfo"]
      let seen = try sandbox.execute(sharing + [sandbox.littlectr, "run"] + options + command)
      try #require(seen.status == 0, "\(seen)")
      let fields = seen.output.split(separator: " ").dropFirst(6).prefix { $0 != "-" }
      let peers = fields.map { String($0.prefix { $0 != ":" }) + ":" }.sorted()
      #expect(peers == Self.peers[value], "\(seen)")
    }
  }

  @Test(arguments: Identity.all, ["private", "slave", "shared", "unchanged"])
  func noMountReachesAnOuterNamespaceThatSharesItsOwn(_ identity: Identity, _ value: String) throws {
    try Sandbox.with(identity) { sandbox in
      let inside = "mount -t tmpfs inside /tmp && grep -q inside /proc/self/mountinfo && echo mounted"
      let run = "\"$0\" run --set mount.propagation=\(value) sh -c '\(inside)'"
      let mounts = "cat /proc/self/mountinfo"
      let outside = "\(mounts) >before; \(run) && \(mounts) >after && cmp before after && echo same"
      let seen = try sandbox.execute(sharing + ["sh", "-c", outside, sandbox.littlectr])
      #expect(seen.output == "mounted\nsame\n", "\(seen)")
    }
  }

  @Test(arguments: Identity.all, ["shared", "unchanged"])
  func aProcThatWouldReachTheHostIsRefused(_ identity: Identity, _ value: String) throws {
    try Sandbox.with(identity) { sandbox in
      func run(_ value: String) throws -> Outcome {
        let options = ["--without", "userns", "--set", "mount.propagation=\(value)"]
        return try sandbox.execute(sandbox.asRoot + [sandbox.littlectr, "run"] + options + ["true"])
      }
      let seen = try run(value)
      #expect(
        seen.status == 125 && seen.error.hasPrefix("littlectr: proc (stages.conf:6): /proc can't be mounted\n"),
        "\(seen)")
      #expect(seen.error.contains("propagation=\(value) and without userns"), "\(seen)")
      #expect(seen.error.contains("fix  leave out all of them: --without userns,proc; or keep 'userns'"), "\(seen)")
      let slave = try run("slave")
      #expect(slave.status == 0, "\(slave)")
    }
  }
}
