import Glibc
import Testing

/// The four maps of userns.
@Suite struct MapTests {
  /// Asks a container for its ids and maps; the words of each line.
  private func ask(_ sandbox: Sandbox, _ map: String?) throws -> [[String]] {
    let files = "/proc/self/uid_map /proc/self/gid_map /proc/self/setgroups"
    let options = map.map { ["--set", "userns.map=\($0)"] } ?? []
    let seen = try sandbox.run(options, "sh", "-c", "id -u; cat \(files)")
    try #require(seen.status == 0 && seen.error == "", "\(seen)")
    return seen.lines.map { $0.split(separator: " ").map(String.init) }
  }

  @Test(arguments: Identity.all) func mapRootIsOneID(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let ids = try identity.existing()
      let setgroups = identity.isRoot ? "allow" : "deny"
      let seen = try ask(sandbox, "root")
      #expect(seen == [["0"], ["0", "\(ids.user)", "1"], ["0", "\(ids.group)", "1"], [setgroups]])
    }
  }

  @Test(arguments: Identity.all) func mapSelfKeepsTheID(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let (user, group) = try identity.existing()
      let seen = try ask(sandbox, "self")
      #expect(seen.dropLast() == [["\(user)"], ["\(user)", "\(user)", "1"], ["\(group)", "\(group)", "1"]])
      let home = try sandbox.run(["--set", "userns.map=self"], "sh", "-c", "echo $HOME")
      #expect(home.output == (identity.isRoot ? "/root\n" : "/\n"), "\(home)")
    }
  }

  @Test(arguments: Identity.all, ["full", nil])
  func mapFullIsAllSubordinateIDs(_ identity: Identity, _ map: String?) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try ask(sandbox, map)
      let (user, group) = try identity.existing()
      guard !identity.isRoot else {
        // As many as the tests' own user namespace has: all of them, unless they run in a container themselves.
        let own = try FileTree.text("/proc/self/uid_map").split(separator: "\n")
        let expected = own.map { line in
          let words = line.split(separator: " ").map(String.init)
          return [words[0], words[0], words[2]]
        }
        #expect(seen.first == ["0"] && seen.last == ["allow"] && Array(seen.dropFirst().prefix(own.count)) == expected)
        return
      }
      let users = try subordinates("/etc/subuid", sandbox)
      let groups = try subordinates("/etc/subgid", sandbox)
      let (owner, owners) = (["0", "\(user)", "1"], ["0", "\(group)", "1"])
      let expected: [[String]] = [["0"], owner] + users + [owners] + groups + [["allow"]]
      #expect(seen == expected)
    }
  }

  /// The ranges of a file, as the container's map has them.
  private func subordinates(_ file: String, _ sandbox: Sandbox) throws -> [[String]] {
    var inside = 1
    var ranges: [[String]] = []
    for line in try FileTree.text(file).split(separator: "\n") {
      let fields = line.split(separator: ":").map(String.init)
      guard fields.count == 3, fields[0] == sandbox.identity.name else { continue }
      ranges.append([String(inside), fields[1], fields[2]])
      inside += Int(fields[2]) ?? 0
    }
    return ranges
  }

  @Test("map=full without newuidmap is refused with the remedy")
  func mapFullSaysWhenNewuidmapIsMissing() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      let script = "PATH=/nowhere exec \"$0\" run --set userns.map=full true"
      let seen = try sandbox.execute(["sh", "-c", script, sandbox.littlectr])
      #expect(seen.status == 125 && seen.error.hasPrefix("littlectr: userns (stages.conf:1): map=full\n"), "\(seen)")
      #expect(seen.error.contains("  why  newuidmap isn't in PATH"), "\(seen)")
      #expect(seen.error.contains("  fix  apt install uidmap; or write map=root\n"), "\(seen)")
    }
  }

  @Test func mapAutoTakesOneIDWhenNewuidmapIsMissing() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      let script = "PATH=/nowhere exec \"$0\" run cat /proc/self/uid_map"
      let seen = try sandbox.execute(["sh", "-c", script, sandbox.littlectr])
      #expect(seen.status == 0, "\(seen)")
      let words = seen.output.split { $0 == " " || $0 == "\n" }.map(String.init)
      #expect(words == ["0", "\(try user())", "1"], "\(seen)")
    }
  }

  @Test func mapFullSaysWhenThereAreNoSubordinateIDs() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      // A mount namespace in which /etc/subuid is empty.
      let cover = "mount --bind /dev/null /etc/subuid && exec \"$@\""
      let unshare = ["unshare", "-Um", "--map-root-user", "sh", "-c", cover, "sh"]
      // The outer namespace shows root there, for whom no range is needed: back to the own id first.
      let back = ["unshare", "-U", "--map-user=\(try user())", "--map-group=\(try user())", "--"]
      let seen = try sandbox.execute(unshare + back + [sandbox.littlectr, "run", "--set", "userns.map=full", "true"])
      #expect(seen.status == 125 && seen.error.hasPrefix("littlectr: userns (stages.conf:1): map=full\n"), "\(seen)")
      #expect(seen.error.contains("user \(sandbox.identity.name) has no line in /etc/subuid"), "\(seen)")
      #expect(seen.error.contains("fix  as root: usermod --add-subuids "), "\(seen)")
      #expect(seen.error.contains("\(sandbox.identity.name); or write map=root"), "\(seen)")
    }
  }

  /// A file that is reached by a supplementary group alone: the container drops it, unless told not to.
  @Test(arguments: ["full", "self"]) func groupsAreKeptIfTheLineSaysSo(_ map: String) throws {
    try Sandbox.with(.unprivileged) { sandbox in
      // Only root can put a process into a group; anybody can count those that it is in already.
      guard Identity.caller.isRoot else {
        let count = "set -- $(grep Groups: /proc/self/status); echo $#"
        let seen = try sandbox.run(
          ["--set", "userns.map=\(map)", "--set", "userns.groups=keep"], "sh", "-c", count)
        #expect(try seen.output == sandbox.execute(["sh", "-c", count]).output, "\(seen)")
        return
      }
      let directory = sandbox.directory + "/grouped"
      mkdir(directory, 0o750)
      try FileTree.write([0x78, 0x0a], to: directory + "/file", mode: 0o640)
      for path in [directory, directory + "/file"] { try FileTree.give(path, to: (0, 64242)) }
      chmod(directory, 0o750)
      func run(_ options: [String], _ command: [String]) throws -> Outcome {
        let ids = try sandbox.identity.existing()
        let prefix = ["setpriv", "--reuid", "\(ids.user)", "--regid", "\(ids.group)", "--groups", "64242", "--"]
        let words =
          [sandbox.littlectr, "run", "--set", "userns.map=\(map)", "--with", "overlay"] + options + ["--"] + command
        return try sandbox.startAsCaller(prefix + words).wait()
      }
      let file = ["-v", "\(directory)/file:/etc/grouped"]
      try run(file, ["cat", "/etc/grouped"]).expectRefusal(
        "EACCES", why: "you enter \(directory) only as a member of group 64242", fix: "write groups=keep at userns")
      let kept = try run(file + ["--set", "userns.groups=keep"], ["cat", "/etc/grouped"])
      #expect(kept.output == "x\n" && kept.error == "", "\(kept)")
      // The directory itself can be bound: then the file is what can't be read.
      let bound = try run(["-v", "\(directory):/mnt"], ["cat", "/mnt/file"])
      #expect(bound.output == "" && bound.status != 0, "\(bound)")
      let read = try run(["-v", "\(directory):/mnt", "--set", "userns.groups=keep"], ["cat", "/mnt/file"])
      #expect(read.output == "x\n", "\(read)")
    }
  }

  private func user() throws -> UInt32 { try Identity.unprivileged.existing().user }
}
