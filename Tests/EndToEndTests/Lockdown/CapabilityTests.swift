import Glibc
import Testing

/// What of root's privileges there is inside.
@Suite struct CapabilityTests {
  private static let ways = [[], ["--set", "pid.init=no"], ["--without", "pid"], ["--set", "userns.map=root"]]
  /// What the kernel knows beyond the 41 that have names here, as well.
  private static let everything: UInt64 = {
    let last = (try? FileTree.text("/proc/sys/kernel/cap_last_cap")).flatMap { UInt64($0.prefix { $0.isNumber }) } ?? 40
    return (1 << (last + 1)) - 1
  }()
  private static let usual: UInt64 = 0x8004_25fb

  /// The five sets of a process, by the first letters of their names in /proc/PID/status.
  private func sets(_ seen: Outcome) -> [String: UInt64] {
    var found: [String: UInt64] = [:]
    for line in seen.lines where line.hasPrefix("Cap") {
      let fields = line.split(separator: "\t").map(String.init)
      found[String(fields[0].dropFirst(3).dropLast())] = UInt64(fields.last ?? "", radix: 16)
    }
    return found
  }

  private func expect(
    _ seen: Outcome, _ used: UInt64, bounding: UInt64? = nil, _ location: SourceLocation = #_sourceLocation
  ) {
    let expected = ["Inh": 0, "Amb": 0, "Prm": used, "Eff": used, "Bnd": bounding ?? used]
    #expect(sets(seen) == expected, "\(seen)", sourceLocation: location)
  }

  @Test("the command has the usual capabilities", arguments: Identity.all, ways)
  func thereAreTheUsualOnes(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      for process in ["self", "1"] where process == "self" || !options.contains("pid") {
        let words = ["--with", "capabilities"] + options
        expect(try sandbox.run(words, "cat", "/proc/\(process)/status"), Self.usual)
      }
      let without = try sandbox.run(options, "cat", "/proc/self/status")
      expect(without, Self.everything)
    }
  }

  @Test(
    "the command has the capabilities that the line keeps", arguments: Identity.all,
    [
      ("keep=all", everything), ("drop=all", 0), ("drop=all keep=chown", 1),
      ("keep=net_admin keep=CAP_BPF", 1 << 12 | 1 << 39),
      ("keep=default keep=Cap_Sys_Admin drop=chown", (usual | 1 << 21) & ~1),
      ("keep=all drop=default", everything & ~usual),
    ] as [(String, UInt64)])
  func thereAreThoseThatTheLineSays(_ identity: Identity, _ it: (line: String, set: UInt64)) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.run(["--with", "capabilities " + it.line], "cat", "/proc/self/status")
      expect(seen, it.set)
    }
  }

  @Test("a command that isn't root inside has no capability", arguments: Identity.all, ways.dropLast())
  func aUserWhoIsNotRootHasNone(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      for keep in ["keep=all", "keep=default"] {
        let words = ["--with", "capabilities " + keep, "-u", "7:8"] + options
        let bounding = keep == "keep=all" ? Self.everything : Self.usual
        expect(try sandbox.run(words, "cat", "/proc/self/status"), 0, bounding: bounding)
        if options.contains("pid") { continue }
        expect(try sandbox.run(words, "cat", "/proc/1/status"), 0, bounding: bounding)
      }
      let own = try sandbox.run(["--set", "userns.map=self", "--with", "capabilities"], "cat", "/proc/1/status")
      expect(own, identity.isRoot ? Self.usual : 0, bounding: Self.usual)
    }
  }

  @Test("what a dropped capability allows fails", arguments: Identity.all)
  func whatIsDroppedCanNotBeDone(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let script =
        "mount -t tmpfs none /tmp && echo mounts; hostname x && echo names; touch /tmp/a && chown 1 /tmp/a && echo owns"
      let without = try sandbox.sh(script)
      #expect(without.output == "mounts\nnames\nowns\n", "\(without)")
      let seen = try sandbox.sh(script, "--with", "capabilities")
      #expect(seen.output == "owns\n" && seen.error.split(separator: "\n").count == 2, "\(seen)")
      let none = try sandbox.sh(script, "--with", "capabilities drop=all")
      #expect(none.output == "", "\(none)")
    }
  }

  /// CVE-2022-24769: what is inheritable, or ambient, passes to programs that nobody meant to give it.
  @Test("the caller's inheritable and ambient capabilities are not inherited")
  func whatTheCallerLetsBeInheritedIsNot() throws {
    guard geteuid() == 0 else { return }
    try Sandbox.with(.caller) { sandbox in
      let caller = ["setpriv", "--inh-caps=+chown,+kill", "--ambient-caps=+chown", "--", sandbox.littlectr, "run"]
      let ask = ["--without", "userns", "cat", "/proc/self/status"]
      let without = try sandbox.execute(caller + ask)
      #expect(sets(without)["Inh"] == 1 | 1 << 5, "it is handed down without the stage: \(without)")
      expect(try sandbox.execute(caller + ["--with", "capabilities"] + ask), Self.usual)
      expect(try sandbox.execute(caller + ["--with", "capabilities", "-u", "7:8"] + ask), 0, bounding: Self.usual)
      expect(try sandbox.execute(caller + ["--with", "capabilities"] + ask.dropFirst(2)), Self.usual)
    }
  }

  @Test("without userns capabilities are taken from real root")
  func withoutUserNamespaceTheyAreTakenFromRealRoot() throws {
    guard geteuid() == 0 else { return }
    try Sandbox.with(.caller) { sandbox in
      let words = ["--without", "userns", "--with", "capabilities"]
      expect(try sandbox.run(words, "cat", "/proc/self/status"), Self.usual)
      let bounded = [
        "setpriv", "--bounding-set=-net_raw", "--", sandbox.littlectr, "run", "--without", "userns", "--with",
      ]
      expect(
        try sandbox.execute(bounded + ["capabilities", "cat", "/proc/self/status"]), Self.usual & ~(1 << 13))
      try sandbox.execute(bounded + ["capabilities keep=net_raw", "true"]).expectRefusal(
        "capabilities (--with 'capabilities keep=net_raw'): keep=net_raw", why: "was started without net_raw",
        fix: "leave keep=net_raw out")
      let helpless = ["setpriv", "--bounding-set=-setpcap", "--"] + bounded.dropFirst(3)
      try sandbox.execute(helpless + ["capabilities", "true"]).expectRefusal(
        "capabilities can't be given up: EPERM", why: "the capability setpcap", fix: "give it setpcap")
      let odd = ["setpriv", "--securebits=+no_setuid_fixup", "--"] + bounded.dropFirst(3)
      try sandbox.execute(odd + ["capabilities", "true"]).expectRefusal(
        "capget({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, …): EINVAL", why: "securebits", fix: "setpriv")
    }
  }

  @Test("an ordinary user can't have capabilities without userns")
  func whoIsNotRootHasNoneToChooseFrom() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      try sandbox.run(["--without", "userns", "--with", "capabilities"], "true").expectRefusal(
        "--without userns: only root can go on without it", why: "you are user", fix: "keep 'userns'")
    }
  }

  /// Where the kernel refuses, or reports something else than was set, nothing runs.
  @Test(arguments: Identity.all, ["capset", "capget", "prctl(PR_CAPBSET_DROP", "prctl(PR_CAPBSET_READ"])
  func whatCanNotBeAppliedStopsEverything(_ identity: Identity, _ call: String) throws {
    try Sandbox.with(identity) { sandbox in
      let steps = try Explanation(sandbox, ["--with", "capabilities"], ["true"]).steps
      let step = try #require(steps.first { $0.stage == "capabilities" && $0.calls[0].hasPrefix(call) })
      for (errno, why) in [("EPERM", "setpcap"), ("EPROTO", "the kernel doesn't report what has just been applied")] {
        let seen = try sandbox.run(["--with", "capabilities", "--fault", "\(step.number)=\(errno)"], "echo", "ran")
        seen.expectRefusal("capabilities (--with 'capabilities'): ", why: why)
      }
    }
  }
}
