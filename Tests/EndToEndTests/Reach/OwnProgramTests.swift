import Testing

/// littlectr's own program isn't overwritten from inside: CVE-2019-5736.
@Suite struct OwnProgramTests {
  private static let ways: [[String]] = [
    [], ["--set", "pid.init=no"], ["--without", "pid"], ["--with", "overlay"], ["--conf", "./host.conf"],
    ["-v", "own:/own:ro"], ["--without", "userns"],
  ]

  /// Opens the program of every process for writing, at once and by way of a descriptor that was opened to read.
  private static let script = """
    own=/own/littlectr; [ -e $own ] || own=
    for file in /proc/self/exe /proc/1/exe /proc/$PPID/exe /proc/[0-9]*/exe $own; do
      case "$(readlink $file)" in */littlectr) echo seen;; esac
      (echo x >>$file) 2>/dev/null && echo "written: $file"
      (exec 3<$file && echo x >>/proc/self/fd/3) 2>/dev/null && echo "written through a descriptor: $file"
    done
    """

  @Test("littlectr's own program can't be overwritten from inside (CVE-2019-5736)", arguments: Identity.all, ways)
  func itIsNotWritten(_ identity: Identity, _ way: [String]) throws {
    if way.contains("userns"), !identity.isRoot { return }
    try Sandbox.with(identity) { sandbox in
      try sandbox.write("userns\nuts\npid\nmount\nhostroot\nproc\n", to: "host.conf")
      let program = try FileTree.read(sandbox.littlectr)
      try FileTree.make(sandbox.directory + "/own")
      try FileTree.write(program, to: sandbox.directory + "/own/littlectr", mode: 0o755)
      if let ids = identity.ids, !identity.prefix.isEmpty { try FileTree.give(sandbox.directory + "/own", to: ids) }
      try FileTree.make(sandbox.root + "/own")
      let littlectr = sandbox.directory + "/own/littlectr"
      let seen = try sandbox.execute([littlectr, "run"] + way + ["--", "sh", "-c", Self.script])
      #expect(!seen.output.contains("written"), "\(seen)")
      // Only real root without a user namespace, and who has no processes of its own, even finds it.
      if !way.contains("userns") { #expect(!seen.output.contains("seen"), "\(seen)") }
      #expect(try FileTree.read(littlectr) == program)
    }
  }

  /// Process 1 leads nobody to the caller's terminal, even real root who may look at what it has open.
  @Test func processOneHasNothingOfTheCallersOpen() throws {
    guard Identity.caller.isRoot else { return }
    try Sandbox.with(.caller) { sandbox in
      let script = "while [ $(ls /proc/1/fd | wc -l) -gt 0 ]; do sleep 0.01; done; cat /proc/1/fd/0; ls -A /proc/1/fd"
      let seen = try sandbox.run(["--without", "userns"], "sh", "-c", script)
      #expect(seen.output == "" && seen.error.contains("No such file"), "\(seen)")
    }
  }
}
