import Testing

/// Names are bytes: what isn't UTF-8 goes through as it is, or is refused; two spellings are two names.
@Suite struct BytesTests {
  @Test("variables that aren't UTF-8 go through unchanged", arguments: Identity.all)
  func variablesGoThroughAsTheyAre(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let script = """
        X=$(printf 'a\\377b') TERM=$(printf 't\\376') '\(sandbox.littlectr)' run \
        -e X --with 'env pass=X*' env | od -An -v -tx1 | tr -d ' \\n'
        """
      let seen = try sandbox.execute(["sh", "-c", script])
      #expect(seen.output.contains("583d61ff620a") && seen.output.contains("5445524d3d74fe0a"), "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func aDirectoryThatIsNotUTF8IsNeverAnother(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      // The second is what the first would be repaired to.
      try sandbox.prepare(
        """
        for name in 'd\\377' 'd\\357\\277\\275'; do mkdir "$(printf "$name")"; done
        cd "$(printf 'd\\377')"
        echo mine >file
        printf 'userns\\nmount\\nchroot root=../root\\nbind from=. to=/tmp readonly\\n' >own.conf
        printf 'userns\\nmount\\nchroot root=root\\nbind from=${PWD} to=/tmp readonly\\n' >../pwd.conf
        """)
      func run(_ words: String) throws -> Outcome {
        try sandbox.execute(["sh", "-c", "cd \"$(printf 'd\\377')\" && exec '\(sandbox.littlectr)' \(words)"])
      }
      let seen = try run("run --conf ./own.conf cat /tmp/file")
      #expect(seen.output == "mine\n" && seen.ending == .exited(0), "\(seen)")
      let refused = try run("run --conf ../pwd.conf touch /tmp/new")
      #expect(refused.status == 125, "\(refused)")
      #expect(refused.error.contains("the value of '${PWD}' isn't UTF-8"), "\(refused)")
      #expect(refused.error.contains("d\\377\""), "\(refused)")
      #expect(try sandbox.execute(["sh", "-c", "ls -A d*/new"]).status != 0)
      let explained = try run("explain --conf ./own.conf")
      #expect(explained.output.contains("d\\377") || explained.status == 0, "\(explained)")
    }
  }

  @Test(arguments: Identity.all) func whatStandsBelowABindIsNotReplacedForTwoSpellings(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let (one, other) = ("/tmp/caf\u{e9}", "/tmp/cafe\u{301}")
      try sandbox.configure([
        "overlay", "bind from=host to=\(one)", "tmpfs to=\(other)", "file to=\(one)/file text=new",
      ])
      try sandbox.prepare("mkdir host && echo old >host/file")
      let seen = try sandbox.execute([sandbox.littlectr, "run", "cat", one + "/file"])
      #expect(seen.output == "new" && seen.ending == .exited(0), "\(seen)")
      #expect(try FileTree.text(sandbox.directory + "/host/file") == "old\n")
    }
  }

  @Test("explain prints no control character of foreign names", arguments: Identity.all)
  func explainSpeaksToNoTerminal(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let name = "a\u{1b}[31m\n  fix  b\u{202e}c"
      try sandbox.configure(["bind from=/ to=/tmp readonly"])
      try sandbox.prepare(
        "mkdir '\(name)' && sed 's|root=root|root=../root|; s|from=/ |from=. |' stages.conf >'\(name)/x.conf'")
      let conf = "\(name)/x.conf"
      for words in [
        ["explain", "--conf", conf], ["explain", "--json", "--conf", conf], ["run", "--conf", conf, "gone"],
      ] {
        let seen = try sandbox.execute([sandbox.littlectr] + words)
        let text = seen.output + seen.error
        #expect(!text.unicodeScalars.contains { $0 == "\u{1b}" || $0 == "\u{202e}" }, "\(seen)")
        #expect(!text.contains("\n  fix  b"), "\(seen)")
      }
      let traced = try sandbox.execute([sandbox.littlectr, "run", "--trace", "--conf", conf, "true"])
      #expect(traced.ending == .exited(0), "\(traced)")
      #expect(!traced.error.unicodeScalars.contains { $0 == "\u{1b}" || $0 == "\u{202e}" }, "\(traced)")
    }
  }

  @Test("a name from the image stays on one line of an error", arguments: Identity.all)
  func whatAnImageNamesIsOneLine(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write("#!/gone\u{1b}[31m\u{202e}x\u{2028}y\n", to: "root/bin/script", mode: 0o755)
      let seen = try sandbox.run([], "script")
      #expect(seen.status == 126 && seen.error.contains(#"/gone\x1b[31m\u{202e}x\u{2028}y"#), "\(seen)")
    }
  }
}
