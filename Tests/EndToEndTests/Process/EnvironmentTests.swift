import Testing

/// What of the caller's environment comes in, and what is added.
@Suite struct EnvironmentTests {
  private static let secrets = ["TOKEN": "hunter2", "LC_ALL": "C", "LC_TIME": "de", "LD_LIBRARY_PATH": "/tmp"]

  private func variables(_ sandbox: Sandbox, _ options: [String]) throws -> [String] {
    let seen = try sandbox.execute([sandbox.littlectr, "run"] + options + ["env"], environment: Self.secrets)
    try #require(seen.status == 0 && seen.error == "", "\(seen)")
    return seen.lines.filter { !$0.hasPrefix("PATH=") }.sorted()
  }

  @Test("no variable of the caller's leaks, with env or without", arguments: Identity.all)
  func nothingLeaksWithOrWithoutTheLine(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox throws in
      for options in [[], ["--with", "env"]] {
        #expect(try variables(sandbox, options) == ["HOME=/root", "LANG=C.UTF-8"])
      }
    }
  }

  @Test("variables that env sets or passes are there", arguments: Identity.all)
  func whatIsAskedForIsThere(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox throws in
      let usual = ["HOME=/root", "LANG=C.UTF-8"]
      #expect(
        try variables(sandbox, ["-e", "A=1", "--env=B=two words", "-e", "C="]) == ["A=1", "B=two words", "C="] + usual)
      #expect(try variables(sandbox, ["-e", "TOKEN"]) == usual + ["TOKEN=hunter2"])
      #expect(try variables(sandbox, ["--with", "env pass=TOKEN unset=HOME"]) == ["LANG=C.UTF-8", "TOKEN=hunter2"])
      #expect(try variables(sandbox, ["--with", "env pass=LC_*"]) == usual + ["LC_ALL=C", "LC_TIME=de"])
      #expect(try variables(sandbox, ["--with", "env A=1", "-e", "A=2", "-e", "A=3"]) == ["A=3"] + usual)
      #expect(try variables(sandbox, ["--with", "env LANG=x HOME=/y"]) == ["HOME=/y", "LANG=x"])
    }
  }

  @Test(arguments: Identity.all) func theCommandIsLookedUpInThePathThatIsSet(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox throws in
      try sandbox.write("#!/bin/sh\necho mine $PATH\n", to: "root/tmp/ls", mode: 0o755)
      let seen = try sandbox.run(["-e", "PATH=/tmp:/bin"], "ls")
      #expect(seen.output == "mine /tmp:/bin\n", "\(seen)")
      try sandbox.run(["-e", "PATH=/tmp"], "cat").expectRefusal(127, "execve(\"cat\"", why: "it is in none of /tmp")
    }
  }

  @Test("the value of a passed variable is printed nowhere", arguments: Identity.all)
  func aSecretIsShownNowhere(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox throws in
      for words in [
        ["explain", "-e", "TOKEN"], ["explain", "--json", "-e", "TOKEN"], ["run", "--trace", "-e", "TOKEN"],
      ] {
        let seen = try sandbox.execute([sandbox.littlectr] + words + ["true"], environment: Self.secrets)
        #expect(seen.status == 0 && !"\(seen)".contains("hunter2"), "\(seen)")
        if words[0] == "explain" { #expect(seen.output.contains("TOKEN"), "\(seen)") }
      }
    }
  }

  @Test("a variable that can't be set or passed is refused", arguments: Identity.all)
  func whatCantBeIsTold(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox throws in
      try sandbox.run(["-e", "GONE"], "true").expectRefusal(
        "env (-e GONE): pass=GONE", why: "GONE isn't set where littlectr is called", fix: "GONE=…")
      for text in ["", "=", "=x", "1A=x", "A B=x", "A-B=x", "Ä=x", "A*"] {
        try sandbox.run(["--env=\(text)"], "true").expectRefusal(
          "--env=\(text): invalid value '\(text)' for 'NAME': expected NAME=VALUE or NAME, with a name of letters")
      }
      try sandbox.write("userns\nenv 1A=x\n", to: "bad.conf")
      let seen = try sandbox.run(["--conf", "./bad.conf"], "true")
      #expect(
        seen.status == 125 && seen.error.hasPrefix("littlectr: bad.conf:2:8: invalid value '1A=x' for 'NAME': "),
        "\(seen)")
    }
  }
}
