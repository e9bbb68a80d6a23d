import Glibc
import Testing

/// Every step in turn is made to fail, and littlectr is killed after every step in turn.
@Suite struct FaultTests {
  /// Options whose plans hold all the steps that the six stages know.
  private static let plans = [
    [], ["--set", "pid.init=no"], ["--set", "chroot.method=chroot", "--readonly", "--set", "userns.map=root"],
    ["--without", "pid", "--set", "mount.propagation=unchanged"], ["--set", "proc.hidepid=invisible"],
    [
      "--with", "net", "--with", "time boottime=1d", "--with", "scheduling nice=19 cpus=0 oom=1", "--with", "diewith",
      "--with", "rlimit nofile=512", "--with", "hook phase=after run=true",
    ],
  ]

  @Test(arguments: Identity.all, plans)
  func aStepThatFailsIsNamedAndNothingIsLeft(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let command = ["sh", "-c", "echo the command ran", sandbox.token]
      let explanation = try Explanation(sandbox, options, command)
      try #require(explanation.steps.count > 15)
      let before = Leftovers(sandbox)
      for step in explanation.steps {
        let fault = ["--fault", "\(step.number)=EIO"]
        let seen = try sandbox.execute([sandbox.littlectr, "run"] + options + fault + command)
        #expect(seen.ending == .exited(step.number == explanation.steps.count ? 126 : 125), "step \(step): \(seen)")
        #expect(seen.output == "", "step \(step): \(seen)")
        // newuidmap may find a child that has failed before, and says so.
        let lines = seen.error.split(separator: "\n", omittingEmptySubsequences: false)
        let error = lines.drop { $0.hasPrefix("newuidmap: ") || $0.hasPrefix("newgidmap: ") }.joined(separator: "\n")
        let stage = explanation.stages.first { $0.name == step.stage }
        let place =
          "littlectr: " + (stage.map { "\($0.name) (\($0.file)\($0.line == 0 ? "" : ":\($0.line)")): " } ?? "")
        #expect(error.hasPrefix(place), "step \(step): \(seen)")
        let call = String(error.dropFirst(place.count).prefix { $0 != "(" && $0 != "<" })
        #expect(step.calls.contains { $0.hasPrefix(call) } && call.count > 3, "step \(step): \(seen)")
        #expect(error.contains(": EIO\n"), "step \(step): \(seen)")
        #expect(error.hasSuffix("\n  note this failure was made by --fault\n"), "step \(step): \(seen)")
        let left = try before.find()
        #expect(left == [], "step \(step)")
      }
    }
  }

  @Test(arguments: Identity.all, plans)
  func nothingIsLeftWhenLittlectrIsKilledAfterAStep(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let command = ["sh", "-c", "exec sleep 1000", sandbox.token]
      let steps = try Explanation(sandbox, options, command).steps
      let before = Leftovers(sandbox)
      for step in steps {
        let fault = ["--fault", "\(step.number)=KILL"]
        let process = try sandbox.start([sandbox.littlectr, "run"] + options + fault + command)
        let seen = try process.wait()
        #expect(seen.ending == .killed(SIGKILL), "step \(step): \(seen)")
        let left = try before.find()
        #expect(left == [], "step \(step)")
      }
    }
  }

  @Test(arguments: Identity.all) func noMountIsLeftWhereMountsAreShared(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      // In a mount namespace of its own, whose mounts pass on: what reached it would reach any host's.
      let count = try Explanation(sandbox, [], ["true"]).steps.count
      let script = """
        cat /proc/self/mountinfo >before
        number=1
        while [ $number -le \(count) ]; do
          for fault in EIO KILL; do
            "$0" run --set mount.propagation=shared --fault $number=$fault true 2>/dev/null && echo survived $number
          done
          number=$((number + 1))
        done
        cat /proc/self/mountinfo >after
        cmp before after && grep -c shared: before >/dev/null && echo same
        """
      let sharing = ["unshare", "--user", "--map-root-user", "--mount", "--propagation", "shared", "--"]
      let seen = try sandbox.execute(sharing + ["bash", "-c", script, sandbox.littlectr])
      #expect(seen.output == "same\n", "\(seen)")
    }
  }

  @Test(
    "--fault of a step that isn't there is refused",
    arguments: ["0=EIO", "999=EIO", "3=NOTHING", "3", "x=EIO", "=KILL", "-1=KILL", "3=EIO=EIO", ""])
  func aFaultThatCantBeIsRefused(_ fault: String) throws {
    try Sandbox.with(.caller) { sandbox in
      let seen = try sandbox.run(["--fault=\(fault)"], "true")
      #expect(seen.ending == .exited(125) && seen.output == "" && seen.error.contains("--fault"), "\(seen)")
    }
  }
}
