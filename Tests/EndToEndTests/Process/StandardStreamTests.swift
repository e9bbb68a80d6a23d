import Testing

/// Standard input, output and error, opened once more by name.
@Suite struct StandardStreamTests {
  private static let rules = ["--with", "nonewprivs", "--with", "landlock execute=/bin read=/proc write=/dev/null"]

  /// Runs littlectr by a shell's line, in which `"$@"` is littlectr with its words.
  private func run(_ sandbox: Sandbox, _ line: String, _ options: [String], _ script: String) throws -> Outcome {
    try sandbox.execute(["sh", "-c", line, "sh", sandbox.littlectr, "run"] + options + ["sh", "-c", script])
  }

  @Test(
    "/dev/stdin and the like are opened with the access that the caller's file has", arguments: Identity.all,
    [[], ["--with", "overlay"]])
  func aFileIsOpenedAsItIsOpen(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity, "dev") { sandbox in
      try sandbox.prepare("echo given >in; echo old >both; mkdir private; echo secret >private/file")
      let script = """
        echo first >/dev/stdout; echo second >>/dev/stderr; cat /dev/stdin
        (echo changed >/dev/stdin) 2>/dev/null || echo kept >>/dev/stdout
        """
      let seen = try run(sandbox, "exec \"$@\" <in >out 2>error", Self.rules + options, script)
      #expect(seen.ending == .exited(0), "\(seen)")
      #expect(try FileTree.text(sandbox.directory + "/in") == "given\n")
      #expect(try FileTree.text(sandbox.directory + "/error") == "second\n")
      let output = try FileTree.text(sandbox.directory + "/out")
      #expect(output.contains("given") && output.hasSuffix("kept\n"), "\(output)")
      let both = try run(
        sandbox, "exec \"$@\" 1<>both", Self.rules + options,
        "read line </dev/stdout; echo $line >&2; echo new >/dev/stdout")
      #expect(both.error == "old\n", "\(both)")
      #expect(try FileTree.text(sandbox.directory + "/both") == "new\n")
      // A directory gives no more than it is: what lies below it is out of reach.
      let directory = try run(
        sandbox, "exec \"$@\" <private", Self.rules + options, "cat /dev/stdin/file || echo refused")
      #expect(directory.output == "refused\n", "\(directory)")
    }
  }

  @Test("a command of another user can open its pipes by name", arguments: Identity.all, [[], rules])
  func anotherUserOpensAPipe(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity, "overlay", "dev") { sandbox in
      let line = """
        { echo in | "$@"; echo after >/dev/stdout; } 2>error | cat
        """
      let script = "echo out >/dev/stdout; cat </dev/stdin; id -u"
      let seen = try run(sandbox, line, ["-u", "7:8"] + options, script)
      let error = try FileTree.text(sandbox.directory + "/error")
      #expect(seen.output == "out\nin\n7\nafter\n", "\(seen)\(error)")
      // A file stays whose it is.
      try sandbox.prepare("echo x >file")
      let owner = "stat -c %u:%a file"
      let before = try sandbox.execute(["sh", "-c", owner]).output
      _ = try run(sandbox, "\"$@\" <file >>file", ["-u", "7:8"] + options, "id -u")
      #expect(try sandbox.execute(["sh", "-c", owner]).output == before)
    }
  }
}
