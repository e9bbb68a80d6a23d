import Glibc
import Testing

/// Which file is read, and which isn't trusted.
@Suite struct ConfigurationFileTests {
  @Test(arguments: Identity.all) func aFileThatIsntThere(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.littlectr("run", "--conf", "./nowhere.conf", "true")
      seen.expectRefusal(
        "littlectr: nowhere.conf: openat(AT_FDCWD, \"./nowhere.conf\", ", why: "there is no file nowhere.conf")
      #expect(seen.error.contains(": ENOENT\n"), "\(seen)")
    }
  }

  @Test(arguments: Identity.all, ["root", "fifo", "/dev/zero", "/dev/null"])
  func whatIsNoRegularFile(_ identity: Identity, _ name: String) throws {
    try Sandbox.with(identity) { sandbox in
      mkfifo(sandbox.directory + "/fifo", 0o644)
      if geteuid() == 0 { try FileTree.give(sandbox.directory + "/fifo", to: try identity.existing()) }
      for command in ["run", "explain"] {
        let seen = try sandbox.littlectr(command, "--conf", name.hasPrefix("/") ? name : "./" + name, "true")
        seen.expectRefusal(
          "littlectr: \(name): the configuration can't be used", why: "\(name) isn't a regular file",
          fix: "regular file")
      }
    }
  }

  @Test(arguments: Identity.all, [0o646, 0o666, 0o602] as [mode_t])
  func aFileThatOthersCanWrite(_ identity: Identity, _ mode: mode_t) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write(Sandbox.configuration, to: "open.conf", mode: mode)
      let digits = String(mode, radix: 8)
      try sandbox.littlectr("run", "--conf", "./open.conf", "true").expectRefusal(
        "littlectr: open.conf: ", why: "open.conf has mode \(digits), so that other users can write it",
        fix: "chmod go-w open.conf")
      // Neither may a trusted file include it.
      try sandbox.write("include open.conf\n", to: "closed.conf")
      try sandbox.littlectr("run", "--conf", "./closed.conf", "true").expectRefusal(
        "littlectr: closed.conf:1:9: this file can't be included", why: "other users can write it")
    }
  }

  @Test(arguments: Identity.all) func aFileThatAGroupOfSeveralCanWrite(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write(Sandbox.configuration, to: "group.conf", mode: 0o664)
      // Only root can give a file to a group that it isn't in: `users`, with the number 100.
      guard geteuid() == 0 else { return }
      chown(sandbox.directory + "/group.conf", try identity.existing().user, 100)
      try sandbox.littlectr("run", "--conf", "./group.conf", "true").expectRefusal(
        "group.conf: ", why: "has mode 664, so that other users can write it")
    }
  }

  @Test(arguments: Identity.all) func aFileOfSomebodyElse(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      // Root's files are trusted by everybody, and everybody else's by nobody but the owner.
      guard geteuid() == 0 else {
        let seen = try sandbox.littlectr("explain", "--conf", "/etc/passwd")
        seen.expectRefusal(
          "littlectr: /etc/passwd:1: this is no line of a configuration", why: "what stands there isn't shown",
          fix: "name a file that lists stages")
        return
      }
      let path = sandbox.directory + "/foreign.conf"
      try sandbox.write(Sandbox.configuration, to: "foreign.conf")
      chown(path, 12345, 12345)
      let user = try identity.existing().user
      try sandbox.littlectr("run", "--conf", "./foreign.conf", "true").expectRefusal(
        "littlectr: foreign.conf: ",
        why: "belongs to user 12345, who could make littlectr do anything in your name (you "
          + "are user \(user))", fix: "cp foreign.conf my.conf && littlectr run --conf ./my.conf")
      chown(path, 0, 0)
      let roots = try sandbox.littlectr("run", "--conf", "./foreign.conf", "true")
      #expect(roots.ending == .exited(0), "\(roots)")
    }
  }

  @Test(arguments: Identity.all) func aFileThatCantBeRead(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write(Sandbox.configuration, to: "secret.conf", mode: 0)
      let seen = try sandbox.littlectr("run", "--conf", "./secret.conf", "true")
      if identity.isRoot {
        #expect(seen.ending == .exited(0), "\(seen)")
      } else {
        seen.expectRefusal(": EACCES", why: "you may not read secret.conf", fix: "chmod u+r secret.conf")
      }
    }
  }

  @Test(arguments: Identity.all) func theFirstFileInTheManualsOrderIsTaken(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let made = try sandbox.execute(["mkdir", "-p", "empty", "config/littlectr", ".config/littlectr"])
      try #require(made.status == 0)
      func configuration(_ place: String = "", _ words: [String] = [], _ variables: [String: String] = [:]) throws
        -> String
      {
        let words = [sandbox.littlectr, "explain", "--json", "--root", sandbox.root] + words
        let seen = try sandbox.execute(words, environment: variables, in: sandbox.directory + place)
        return String(seen.output.split(separator: "\"").dropFirst(3).first ?? "")
      }
      let own = "userns\nmount\nchroot\n"
      let machines = access("/etc/littlectr/stages.conf", F_OK) == 0
      #expect(try configuration("/empty") == (machines ? "/etc/littlectr/stages.conf" : "built-in stages.conf"))
      try sandbox.write(own, to: ".config/littlectr/stages.conf")
      #expect(try configuration("/empty") == "\(sandbox.directory)/.config/littlectr/stages.conf")
      try sandbox.write(own, to: "config/littlectr/stages.conf")
      let xdg = ["XDG_CONFIG_HOME": sandbox.directory + "/config"]
      let second = "\(sandbox.directory)/config/littlectr/stages.conf"
      #expect(try configuration("/empty", [], xdg) == second)
      // What lies where one happens to be is not looked at.
      try sandbox.write(own, to: "empty/stages.conf")
      #expect(try configuration("/empty", [], xdg) == second)
      try sandbox.write(own, to: "variable.conf")
      let variable = xdg.merging(["LITTLECTR_CONF": sandbox.directory + "/variable.conf"]) { $1 }
      #expect(try configuration("/empty", [], variable) == "\(sandbox.directory)/variable.conf")
      try sandbox.write(own, to: "option.conf")
      #expect(try configuration("/empty", ["--conf", "../option.conf"], variable) == "../option.conf")
      // A variable that names none is no reason to go on with another file.
      let missing = try sandbox.littlectr("explain", environment: ["LITTLECTR_CONF": "/nowhere.conf"])
      missing.expectRefusal("littlectr: /nowhere.conf: ", why: "there is no file /nowhere.conf")
    }
  }
}
