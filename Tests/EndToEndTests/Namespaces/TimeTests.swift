import Glibc
import Testing

/// Clocks of the container's own.
@Suite struct TimeTests {
  private static let everyWay = [[], ["--set", "pid.init=no"], ["--set", "userns.map=root"], ["--without", "pid"]]
  private static let day = 86_400.0

  /// The seconds since the machine was started, as /proc/uptime has them.
  private static func uptime() throws -> Double {
    try #require(FileTree.text("/proc/uptime").split(separator: " ").first.flatMap { Double($0) })
  }

  @Test(arguments: Identity.all, everyWay)
  func theUptimeIsPutForwardAndBack(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      for (text, offset) in [("5d", 5 * Self.day), ("-1500ms", -1.5), ("-5s", -5), ("0", 0)] {
        let before = try Self.uptime()
        let seen = try sandbox.run(["--with", "time boottime=\(text)"] + options, "cat", "/proc/uptime")
        let after = try Self.uptime()
        let inside = try #require(seen.output.split(separator: " ").first.flatMap { Double($0) }, "\(seen)")
        #expect(inside - offset >= before - 0.02 && inside - offset <= after + 0.02, "\(text): \(seen)")
      }
    }
  }

  /// The program's own clock, as the kernel's page in each process tells it, and as the call does.
  @Test(arguments: Identity.all, everyWay)
  func theMonotonicClockIsPutForwardAndBack(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let ask = [
        "perl", "-MTime::HiRes=clock_gettime", "-e", "print clock_gettime(1), \" \", clock_gettime(7), \" \", time",
      ]
      let stay = ["--without", "chroot", "--without", "proc"]
      for (text, offset) in [("3d", 3 * Self.day), ("-2s", -2)] {
        let words = [sandbox.littlectr, "run", "--with", "time monotonic=\(text)"] + options + stay + ask
        let before = now()
        let seen = try sandbox.execute(words)
        let after = now()
        let clocks = seen.output.split(separator: " ").compactMap { Double($0) }
        try #require(clocks.count == 3, "\(seen)")
        #expect(clocks[0] - offset >= before && clocks[0] - offset <= after, "\(text): \(seen)")
        #expect(abs(clocks[2] - Double(time(nil))) < patience, "the date is the machine's")
      }
    }
  }

  @Test("time gives a time namespace of its own", arguments: Identity.all, everyWay)
  func theNamespaceIsItsOwn(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let ask = ["sh", "-c", "for file in time time_for_children; do readlink /proc/self/ns/$file; done"]
      let outside = try sandbox.execute(ask).lines
      let seen = try sandbox.execute([sandbox.littlectr, "run", "--with", "time"] + options + ask)
      #expect(seen.lines.count == 2 && seen.lines[0] == seen.lines[1] && seen.lines[0] != outside[0], "\(seen)")
      #expect(try sandbox.execute([sandbox.littlectr, "run"] + options + ask).lines == outside)
    }
  }

  @Test(arguments: Identity.all) func aClockBeforeItsBeginningIsRefused(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let uptime = Int(try Self.uptime())
      let seen = try sandbox.run(["--with", "time boottime=-20000d"], "true")
      seen.expectRefusal(
        "write(\"/proc/self/timens_offsets\", \"boottime -1728000000 0\\n\", 23): ERANGE",
        why: "a clock can't stand before 0, and your machine has been up for ", fix: "go back by less than ")
      let told = try #require(seen.error.firstMatch(of: #/up for (\d+) seconds/#).flatMap { Int($0.1) }, "\(seen)")
      #expect((uptime...Int(try Self.uptime()) + 1).contains(told))
      try sandbox.run(["--with", "time monotonic=60000d"], "true").expectRefusal(
        "ERANGE", why: "146 years", fix: "below 50000d")
    }
  }

  @Test(arguments: Identity.all) func stepsAreTimedByAClockThatStays(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      for offset in ["-5s", "900d"] {
        let seen = try sandbox.run(["--trace", "--with", "time monotonic=\(offset)"], "true")
        let times = seen.error.matches(of: #/ (\d+) µs  /#).compactMap { Int($0.1) }
        #expect(seen.status == 0 && times.count > 20 && times.allSatisfy { $0 < 60_000_000 }, "\(seen)")
      }
    }
  }

  @Test(
    "a text that is no offset of time is refused", arguments: Identity.all,
    ["5", "-", "--5d", "+5d", "5 d", "1.5d", "", "99999999999999999999d", "5w"])
  func aTimeThatIsNoneIsRefused(_ identity: Identity, _ text: String) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.run(["--with", "time boottime=\"\(text)\""], "true")
      #expect(seen.ending == .exited(125) && seen.error.contains("'boottime': expected a time such as"), "\(seen)")
    }
  }
}
