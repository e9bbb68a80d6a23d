import Testing

/// What a later run reads or executes can't be changed by what runs inside.
@Suite struct ReachTests {
  /// Where a container is started: in the clone, in the home directory above it, and in somebody's repository there.
  private static let places = ["home/src/clone", "home", "home/src/repository"]
  /// The calls by which a run looks for files, reads or executes them: the first text of each is a path.
  private static let looking = [
    "open", "openat", "openat2", "execve", "execveat", "stat", "lstat", "newfstatat", "statx", "access", "faccessat",
    "faccessat2", "readlink", "readlinkat", "open_tree", "getxattr", "lgetxattr", "chdir",
  ]

  /// The paths that a run names before its root is entered, as they lie below a directory.
  private func traced(_ clone: Clone, _ file: String, below bound: String) throws -> [String] {
    let trace = clone.sandbox.directory + "/trace"
    // strace follows no program with more privileges: with one id, newuidmap isn't needed.
    let options = ["--set", "userns.map=root"] + (file == "hardened.conf" ? ["--without", "expect"] : [])
    let words = clone.words(file, options, ["true"])
    let seen = try clone.sandbox.execute(
      ["strace", "-f", "-qq", "-s", "4096", "-y", "-e", "trace=%file", "-o", trace] + words,
      environment: ["HOME": clone.home], in: bound)
    try #require(seen.ending == .exited(0), "\(seen)")
    var paths: Set<String> = []
    for call in SystemCallTrace(try FileTree.text(trace)).calls {
      if call.name == "pivot_root" { break }
      if Self.looking.contains(call.name), let path = named(call.text, in: bound) { paths.insert(path) }
    }
    // That one is only looked for to say that it isn't used.
    if bound != clone.path { paths.remove(bound + "/stages.conf") }
    return paths.filter { $0.hasPrefix(bound + "/") }.sorted()
  }

  /// The absolute path in a call: its first text, after the directory that stands before it.
  private func named(_ call: String, in directory: String) -> String? {
    guard let found = call.firstMatch(of: /^\w+\((?:\w+<(\/[^>]*)>, )?"([^"]+)"/) else { return nil }
    let base = found.output.1.map(String.init) ?? directory
    let whole = found.output.2.hasPrefix("/") ? String(found.output.2) : base + "/" + found.output.2
    var names: [Substring] = []
    for name in whole.split(separator: "/") where name != "." {
      if name == ".." { _ = names.popLast() } else { names.append(name) }
    }
    return "/" + names.joined(separator: "/")
  }

  @Test(arguments: Identity.all, Clone.files) func nothingThatALaterRunReadsCanBeChanged(
    _ identity: Identity, _ file: String
  ) throws {
    for place in Self.places {
      try Sandbox.with(identity) { sandbox in
        let clone = try Clone(sandbox)
        try sandbox.prepare(
          "mkdir -p home/src/repository/Sources; echo 'hook phase=before-clone run=./h' >home/src/repository/stages.conf"
        )
        let bound = "\(sandbox.directory)/\(place)"
        // The first run keeps the filter.
        let first = try clone.run(file, in: bound, [], ["true"])
        try #require(first.ending == .exited(0), "\(first)")
        let paths = try traced(clone, file, below: bound)
        let known = ["littlectr", file].map { "\(clone.path)/\($0)" }.filter { $0.hasPrefix(bound + "/") }
        #expect(known.allSatisfy(paths.contains), "\(paths)")
        let all = Set(paths + clone.targets.filter { $0.hasPrefix(bound + "/") }).sorted()
        let before = all.map { "\($0): \(Clone.state($0))" }
        try sandbox.write(all.map { String($0.dropFirst(bound.count + 1)) + "\n" }.joined(), to: "list")
        let inside = clone.inside(file, bound)
        let script = "cd '\(inside)' || exit 9\n" + Clone.changing
        let words = clone.words(file, [], ["sh", "-c", script])
        let seen = try sandbox.execute(
          ["sh", "-c", "exec \"$@\" <'\(sandbox.directory)/list'", "sh"] + words, environment: ["HOME": clone.home],
          in: bound)
        #expect(seen.ending == .exited(0), "\(seen)")
        let after = all.map { "\($0): \(Clone.state($0))" }
        #expect(zip(before, after).filter { $0 != $1 }.map { "\($0) became \($1)" } == [])
        #expect(try traced(clone, file, below: bound) == paths)
        // Work goes on in what isn't littlectr's.
        let sources = place == "home" ? "src/clone/Sources" : "Sources"
        let work = try clone.run(
          file, in: bound, [],
          ["sh", "-c", "cd '\(inside)' && mkdir -p '\(sources)' && cd '\(sources)' && echo mine >new && cat new"])
        #expect(work.output == "mine\n", "\(work)")
      }
    }
  }

  @Test(arguments: Identity.all) func whereRootCouldTakeTheCoverOffTheRunIsRefused(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let clone = try Clone(sandbox)
      for options in [["--without", "capabilities", "--without", "seccomp"], ["--without", "seccomp"]] {
        let seen = try clone.run("stages.conf", in: clone.home, options, ["true"])
        seen.expectRefusal("bind (-v .:/work)", why: "taking off what would cover", fix: "'seccomp'")
      }
      // Nothing is made before it is refused.
      #expect(FileTree.entries(clone.home).filter { $0.hasPrefix(".config") } == [])
      let work = try clone.run("stages.conf", in: clone.path + "/Sources", ["--without", "seccomp"], ["true"])
      #expect(work.ending == .exited(0), "\(work)")
    }
  }

  /// Lines over the six stages that bind the home directory, and what they rely on there.
  private static let relied = [
    (["hook phase=before-clone run=home/h"], "home/h"), (["hook phase=after run=home/h"], "home/h"),
    (["seccomp profile=home/p"], "home/p"), (["bind from=home/d to=/d"], "home/d"),
    (["expect nonewprivs=yes attest=home/facts"], "home/facts"),
  ]

  @Test("files that a line relies on can't be changed from inside", arguments: Identity.all, Self.relied)
  func whatALineNamesStaysAsItIs(
    _ identity: Identity, _ it: (lines: [String], path: String)
  ) throws {
    try Sandbox.with(identity) { sandbox in
      let profile =
        #"{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mount","umount","umount2","move_mount","pivot_root","mount_setattr","open_tree","open_tree_attr","open_by_handle_at"],"action":"SCMP_ACT_ERRNO"}]}"#
      try sandbox.prepare("mkdir -p home/d; printf '#!/bin/sh\\n' >home/h; chmod 755 home/h")
      try sandbox.write(profile, to: "home/p")
      let filter = it.lines[0].hasPrefix("seccomp") ? it.lines : ["seccomp"]
      let others = it.lines[0].hasPrefix("seccomp") ? [] : it.lines
      let lines = ["overlay", "bind from=home to=/work"] + others.filter { !$0.hasPrefix("expect") }
      try sandbox.write(
        Sandbox.configuration(lines)
          + (["nonewprivs"] + filter + others.filter { $0.hasPrefix("expect") }).map { $0 + "\n" }
          .joined(), to: "stages.conf")
      let name = String(it.path.dropFirst(5))
      let script = "cd /work; echo \(name) >/tmp/list; (\(Clone.changing)) </tmp/list; echo tried"
      let path = "\(sandbox.directory)/\(it.path)"
      let before = Clone.state(path)
      let seen = try sandbox.sh(script)
      #expect(seen.output == "tried\n", "\(seen)")
      let after = Clone.state(path)
      if before == "nothing" {
        let facts = try FileTree.text(path)
        #expect(facts.hasPrefix("{") && facts.hasSuffix("}\n"), "\(facts)")
      } else {
        #expect(after == before)
      }
    }
  }

  @Test("a file that a later run reads and that has a second hard link is refused", arguments: Identity.all)
  func aFileWithTwoNamesIsRefused(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let clone = try Clone(sandbox)
      try sandbox.prepare("ln home/src/clone/agent.conf home/src/other")
      try clone.run("agent.conf", in: clone.home, [], ["true"]).expectRefusal(
        "bind (", why: "agent.conf, a file of this configuration, has 2 names", fix: "cp -p")
    }
  }

  /// A mount below what is bound that shows a directory which lies elsewhere.
  @Test("a mount below a bound directory is no way around the cover", arguments: Identity.all)
  func aMountBelowIsNoWayAround(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let clone = try Clone(sandbox)
      try sandbox.prepare("mkdir -p project/alias")
      let script = """
        mount --bind '\(clone.home)/src' project/alias && cd project && exec "$@"
        """
      let words = clone.words(
        "agent.conf", [], ["sh", "-c", "echo x >alias/clone/agent.conf; mv alias/clone alias/x; echo done"])
      let seen = try sandbox.execute(
        sandbox.asRoot + ["unshare", "-m", "--propagation", "private", "sh", "-c", script, "sh"] + words,
        environment: ["HOME": clone.home])
      #expect(seen.output == "done\n" && seen.error.contains("Read-only") && seen.error.contains("busy"), "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func whatIsBoundFromAnImageCanOnlyBeRead(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let clone = try Clone(sandbox)
      let image = clone.path + "/images/default"
      let seen = try clone.run(
        "stages.conf", in: clone.path + "/Sources", ["-v", "\(image)/etc:/mine"], ["sh", "-c", "echo x >/mine/passwd"])
      #expect(seen.error.contains("warning: ") && seen.error.contains("it can only be read"), "\(seen)")
      #expect(seen.error.contains("Read-only file system"), "\(seen)")
    }
  }
}
