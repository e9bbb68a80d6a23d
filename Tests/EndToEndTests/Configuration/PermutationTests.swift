import Testing

/// Small sets of lines in each of their orders: a container that holds what each line promises, or a refusal that names the
/// line to move.
@Suite struct PermutationTests {
  private static func permutations(_ lines: [String]) -> [[String]] {
    guard lines.count > 1 else { return [lines] }
    return lines.indices.flatMap { index in
      var rest = lines
      let first = rest.remove(at: index)
      return permutations(rest).map { [first] + $0 }
    }
  }

  /// Runs a script under lines in each order.
  ///
  /// - Returns: how many orders ran.
  private func run(_ sandbox: Sandbox, above: [String] = [], _ lines: [String], _ script: String, _ expected: String)
    throws -> Int
  {
    var count = 0
    for order in Self.permutations(lines) {
      try sandbox.write((above + order).map { $0 + "\n" }.joined(), to: "stages.conf")
      let seen = try sandbox.littlectr("run", "sh", "-c", script)
      if seen.ending == .exited(0) {
        #expect(seen.output == expected, "\(order): \(seen)")
        count += 1
        continue
      }
      #expect(seen.ending == .exited(125) && seen.output.isEmpty, "\(order): \(seen)")
      let isTold = seen.error.contains("must stand below") && seen.error.contains("  fix  move '")
      #expect(isTold || seen.error.contains("needs '"), "\(order): \(seen)")
    }
    return count
  }

  @Test(arguments: Identity.all) func theSixStages(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let count = try run(
        sandbox, ["userns", "uts hostname=box", "pid init=no", "mount", "chroot root=root", "proc"],
        "echo $$ $(id -u) $(cat /proc/sys/kernel/hostname) $(test -e /root-of-the-test || echo own)", "1 0 box own\n")
      #expect(count == 30)
    }
  }

  @Test("what acts last may stand in any order that the filter allows", arguments: Identity.all)
  func whatActsLast(_ identity: Identity) throws {
    let above = ["userns", "uts", "pid", "mount", "chroot root=root", "proc"]
    let script = """
      set -- $(cat /proc/self/stat); nice=${19}
      set -- $(grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status)
      echo $2 $4 $(umask) $(pwd) $nice
      """
    try Sandbox.with(identity) { sandbox in
      let lines = [
        "nonewprivs", "seccomp", "umask mask=027", "workdir path=/proc", "expect nonewprivs=yes seccomp=filter",
      ]
      // nonewprivs above seccomp; nothing else.
      try #expect(run(sandbox, above: above, lines, script, "1 2 0027 /proc 0\n") == 60)
      // A filter that refuses what a line below it calls must stand below that one.
      let refusing = ["nonewprivs", "seccomp deny=setpriority", "umask mask=027", "scheduling nice=5"]
      try #expect(run(sandbox, above: above, refusing, script, "1 2 0027 / 5\n") == 8)
      let rules = ["nonewprivs", "landlock read=/ execute=/", "umask mask=027", "workdir path=/proc"]
      try #expect(run(sandbox, above: above, rules, script, "1 0 0027 /proc 0\n") == 12)
    }
  }

  @Test("a filter may stand above what acts earlier", arguments: Identity.all)
  func aFilterAboveTheRoot(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let lines = ["proc", "nonewprivs", "seccomp", "landlock read=/ execute=/"]
      let script = "set -- $(grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status); echo $2 $4"
      let above = ["userns", "uts", "pid", "mount", "chroot root=root"]
      // landlock below proc and nonewprivs, seccomp below nonewprivs: 24 orders, of which a third of a half hold.
      try #expect(run(sandbox, above: above, lines, script, "1 2\n") == 5)
      // The root is entered last of all that is mounted, which the filter refuses then.
      try sandbox.write("userns\nmount\nnonewprivs\nseccomp\nchroot root=root\nproc\n", to: "stages.conf")
      let refused = try sandbox.littlectr("run", "true")
      #expect(
        refused.error.contains("seccomp (stages.conf:4): must stand below 'chroot' (stages.conf:5)")
          && refused.error.contains("the filter refuses pivot_root, which chroot calls behind it"), "\(refused)")
    }
  }
}
