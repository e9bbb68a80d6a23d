import Glibc

/// What a later run reads or executes, tried to be changed by a program that may write to the directory in which it lies.
extension Attack {
  static let laterRuns = Clone.files.flatMap { file in
    [
      laterRun("started in a clone", file, in: "home/src/clone"),
      laterRun("started in the home directory above a clone", file, in: "home"),
      laterRun("started in a clone, twice", file, in: "home/src/clone", times: 2),
    ]
  }

  private static func laterRun(_ name: String, _ file: String, in place: String, times: Int = 1) -> Attack {
    Attack(
      kind: "what a later run takes", name: "\(file), \(name)", source: "CVE-2019-5736 (class), CVE-2024-32002 (class)",
      isForBubblewrap: false
    ) { arena in
      let clone = try Clone(arena.sandbox)
      let bound = "\(arena.sandbox.directory)/\(place)"
      let first = try clone.run(file, in: bound, [], ["true"])
      guard first.ending == .exited(0) else { return ["\(Arena.unfinished): \(first)"] }
      let paths = clone.targets.filter { $0.hasPrefix(bound + "/") }
      let before = paths.map { "\($0): \(Clone.state($0))" }
      try arena.sandbox.write(paths.map { String($0.dropFirst(bound.count + 1)) + "\n" }.joined(), to: "list")
      let script = "cd '\(clone.inside(file, bound))' || exit 9\n" + Clone.changing
      let words = clone.words(file, [], ["sh", "-c", script])
      for _ in 0..<times {
        let seen = try arena.sandbox.execute(
          ["sh", "-c", "exec \"$@\" <'\(arena.sandbox.directory)/list'", "sh"] + words,
          environment: ["HOME": clone.home], in: bound)
        if seen.ending != .exited(0) { return ["\(Arena.unfinished): \(seen)"] }
      }
      let after = paths.map { "\($0): \(Clone.state($0))" }
      return zip(before, after).filter { $0 != $1 }.map { "\($0) became \($1)" }
    }
  }
}
