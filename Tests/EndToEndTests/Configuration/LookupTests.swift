import Glibc
import Testing

/// Where the configuration and the images are found, and where never.
@Suite struct LookupTests {
  /// The six stages over the small root above, with a host name.
  private func configuration(_ name: String) -> String {
    "userns\nuts hostname=\(name)\npid\nmount\nchroot root=../root\nproc\n"
  }

  /// A cloned repository brings a stages.conf with a hook, and git makes it yours.
  @Test("a stages.conf or an image in the working directory isn't used unasked", arguments: Identity.all)
  func theDirectoryThatOneIsInDecidesNothing(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.prepare("mkdir repository")
      let hook = "hook phase=before-clone run=touch args=\(sandbox.directory)/owned\n"
      try sandbox.write(configuration("hostile") + hook, to: "repository/stages.conf")
      for words in [["run", "--root", sandbox.root, "true"], ["explain", "--root", sandbox.root]] {
        let seen = try sandbox.execute([sandbox.littlectr] + words, in: sandbox.directory + "/repository")
        let notes = seen.error.split(separator: "\n").filter { $0.contains("isn't used") }
        #expect(seen.ending == .exited(0) && notes.count == 1, "\(seen)")
        #expect(notes.first?.hasSuffix("; to use it: --conf ./stages.conf") == true, "\(seen)")
      }
      #expect(access(sandbox.directory + "/owned", F_OK) != 0, "the repository's hook ran")
      let named = [sandbox.littlectr, "run", "--conf", "./stages.conf", "hostname"]
      let seen = try sandbox.execute(named, in: sandbox.directory + "/repository")
      #expect(seen.output == "hostile\n" && seen.error == "", "\(seen)")
      #expect(access(sandbox.directory + "/owned", F_OK) == 0)
    }
  }

  @Test(
    "no environment variable makes littlectr search the working directory", arguments: Identity.all,
    [["HOME": "."], ["HOME": ".", "XDG_CONFIG_HOME": ".config"], ["XDG_CONFIG_HOME": "./"]])
  func noVariableMakesItTheDirectoryThatOneIsIn(_ identity: Identity, _ variables: [String: String]) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.prepare("mkdir -p here/.config/littlectr here/littlectr here/.local/share/littlectr/images/default")
      for place in [".config/littlectr", "littlectr"] {
        try sandbox.write(configuration("hostile"), to: "here/\(place)/stages.conf")
      }
      let words = [sandbox.littlectr, "explain", "--json", "--root", sandbox.root]
      let seen = try sandbox.execute(words, environment: variables, in: sandbox.directory + "/here")
      #expect(seen.ending == .exited(0) && !seen.output.contains("hostile"), "\(seen)")
      let image = try sandbox.execute(
        [sandbox.littlectr, "run", "true"], environment: variables, in: sandbox.directory + "/here")
      image.expectRefusal("image=\"default\"", why: "there is no image 'default' in /")
    }
  }

  /// Makes `tool`, with the program in it, and `other`, with a link to it.
  private func makeTool(_ sandbox: Sandbox) throws {
    try sandbox.prepare(
      "mkdir -p tool other && cp \(sandbox.littlectr) tool/littlectr && ln -s ../tool/littlectr other/ctr")
  }

  @Test(arguments: Identity.all) func theFileBesideTheProgramIsUsed(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try makeTool(sandbox)
      try sandbox.write(configuration("beside"), to: "tool/stages.conf")
      try sandbox.write(configuration("hostile"), to: "other/stages.conf")
      func seen(_ program: String, _ words: String..., variable: String = "") throws -> Outcome {
        let environment = ["LITTLECTR_CONF": variable]
        return try sandbox.execute([program] + words, environment: environment, in: sandbox.directory + "/other")
      }
      let tool = sandbox.directory + "/tool"
      for program in ["\(tool)/littlectr", "../tool/littlectr", "./ctr"] {
        #expect(try seen(program, "run", "hostname").output == "beside\n", "\(program)")
      }
      let first = "Configuration\n  \(tool)/stages.conf: beside the program\n"
      #expect(try seen("./ctr", "explain").output.hasPrefix(first))
      let json = try seen("./ctr", "explain", "--json").output
      #expect(json.contains("\"configuration\": \"\(tool)/stages.conf\"") && json.contains("\"beside the program\""))

      // A name alone is one of the usual places', never of the directory that one is in.
      try sandbox.write(configuration("box"), to: "tool/box.conf")
      try sandbox.write(configuration("hostile"), to: "other/box.conf")
      for name in ["box", "box.conf"] {
        #expect(try seen("./ctr", "run", "--conf", name, "hostname").output == "box\n", "\(name)")
        #expect(try seen("./ctr", "run", "hostname", variable: name).output == "box\n", "\(name)")
      }
      #expect(try seen("./ctr", "run", "--conf", "./box.conf", "hostname").output == "hostile\n")
      try sandbox.write(configuration("hostile"), to: "other/only.conf")
      try seen("./ctr", "run", "--conf", "only", "hostname").expectRefusal(
        "no configuration is called \"only\"", why: "is looked for in \(tool), ", fix: "--conf ./only.conf")
    }
  }

  @Test(arguments: Identity.all) func theImageBesideTheProgramIsFound(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try makeTool(sandbox)
      try sandbox.prepare("mkdir conf tool/images && mv root tool/images/small")
      try sandbox.write("userns\nmount\nchroot image=small\n", to: "conf/image.conf")
      let words = ["other/ctr", "run", "--conf", "conf/image.conf", "cat", "/etc/small-root"]
      let seen = try sandbox.execute(words)
      #expect(seen.output == "the small root\n", "\(seen)")
    }
  }

  /// Of a program that has been removed the kernel tells the old path, with a word behind it.
  @Test("nothing is searched beside a program whose file was deleted", arguments: Identity.all)
  func aProgramThatIsGoneLiesNowhere(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try makeTool(sandbox)
      try sandbox.write(configuration("beside"), to: "tool/stages.conf")
      let script = "exec 3<tool/littlectr; rm tool/littlectr; exec /proc/self/fd/3 explain --root \(sandbox.root)"
      let seen = try sandbox.execute(["sh", "-c", script], environment: ["LITTLECTR_CONF": ""])
      #expect(seen.ending == .exited(0) && !seen.output.contains("tool/stages.conf"), "\(seen)")
    }
  }

  @Test(arguments: Identity.all, ["", "# cut off\n"]) func aFileWithoutAnyStageIsRefused(
    _ identity: Identity, _ text: String
  ) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write(text, to: "stages.conf")
      try sandbox.run([], "touch", "owned").expectRefusal(
        "stages.conf: the configuration can't be used", why: "names no stage", fix: "copy it again")
      #expect(access(sandbox.directory + "/owned", F_OK) != 0)
      try sandbox.write("off userns\noff pid\n", to: "stages.conf")
      let seen = try sandbox.run([], "echo", "ran")
      #expect(seen.output == "ran\n" && seen.error.contains("warning: no stage is used"), "\(seen)")
    }
  }
}
