import Testing

/// The options of run and explain, in good and in bad forms.
@Suite struct CommandLineTests {
  /// Words that are refused, and what is said of them.
  private static let refusals: [(words: [String], says: [String])] = [
    (["run", "--set", "uts.hostnam=x", "true"], ["unknown key 'hostnam' for stage 'uts'; did you mean 'hostname'?"]),
    (
      ["run", "--set", "ut.hostname=x", "true"], ["unknown stage 'ut'; did you mean 'uts'?", "littlectr stages lists"]
    ),
    (["run", "--set", "uts=x", "true"], ["--set uts=x", "it names no stage and key", "--set STAGE.KEY=VALUE"]),
    (["run", "--set", ".hostname=x", "true"], ["it names no stage and key"]),
    (["run", "--set", "uts.hostname", "true"], ["'hostname' needs a value", "write hostname=TEXT"]),
    (["run", "--set", "pid.init=maybe", "true"], ["invalid value 'maybe' for 'init': expected yes or no"]),
    (
      ["run", "--set", "mount.propagation=privat", "true"],
      ["expected one of private, slave", "did you mean 'private'?"]
    ),
    (["run", "--set", "chroot.method=", "true"], ["invalid value '' for 'method': expected one of pivot, chroot"]),
    (["run", "--set"], ["--set needs a value", "write --set=STAGE.KEY=VALUE"]),
    (["run", "--conf"], ["--conf needs a value"]),
    (["run", "--hostname"], ["--hostname needs a value", "write --hostname=TEXT"]),
    (
      ["run", "--hostnam=x", "true"],
      ["unknown option '--hostnam'; did you mean '--hostname'?", "run --help lists them"]
    ),
    (["run", "-x", "true"], ["unknown option '-x'"]),
    (
      ["run", "--readonly=maybe", "true"],
      ["--readonly=maybe: invalid value 'maybe' for 'readonly': expected yes or no"]
    ),
    (["run", "--trace=maybe", "true"], ["--trace maybe: expected yes or no"]),
    (["run", "--json", "true"], ["unknown option '--json'"]),
    (["explain", "--fault=1=EIO"], ["unknown option '--fault"]),
    (["run", "--without", "pidd", "true"], ["unknown stage 'pidd'; did you mean 'pid'?"]),
    (["run", "--with", "pid", "true"], ["'pid' is there already (stages.conf:3)", "--set pid.KEY=VALUE"]),
    (["run", "--with", "nope", "true"], ["unknown stage 'nope'", "    ^^^^"]),
    (["run", "--with", "", "true"], ["a stage is missing"]),
    (["run", "--with", "include x", "true"], ["'include' stands only in files"]),
    (
      ["run", "--without", "chroot", "--image", "x", "true"],
      ["'chroot' is left out (stages.conf:5)", "leave out either --image=x or --without chroot"]
    ),
    (["run", "--set", "uts.hostname=" + String(repeating: "x", count: 65), "true"], ["1 to 64 bytes", "has 65"]),
    (["run"], ["no command given", "littlectr run bash"]),
    (["run", "--"], ["no command given"]),
    (["rum", "true"], ["unknown command 'rum'; did you mean 'run'?", "littlectr run rum"]),
    (["--nope"], ["unknown option '--nope'"]),
    ([""], ["unknown command ''"]),
    (["stages", "ut"], ["unknown stage 'ut'; did you mean 'uts'?"]),
    (["stages", "uts", "pid"], ["'pid' is one word too many", "usage: littlectr stages [STAGE]"]),
    (["help", "nope"], ["nothing is called 'nope'"]),
    (["completion"], ["no shell given"]), (["completion", "tcsh"], ["no completion for 'tcsh'", "bash|zsh|fish"]),
    (["manual"], ["no page given"]), (["manual", "x"], ["no page 'x'"]),
  ]

  @Test("a wrong command line is refused with the reason", arguments: refusals.indices)
  func whatIsWrongIsRefusedWithTheReason(_ index: Int) throws {
    try Sandbox.with(.unprivileged) { sandbox in
      let (words, says) = Self.refusals[index]
      let seen = try sandbox.execute([sandbox.littlectr] + words)
      #expect(seen.ending == .exited(125) && seen.output == "", "\(words): \(seen)")
      for text in says { #expect(seen.error.contains(text), "\(words): \(seen)") }
    }
  }

  /// Options that are taken, with what the host name is then.
  private static let forms: [(options: [String], hostname: String)] = [
    (["--hostname", "a"], "a"), (["--hostname=a"], "a"), (["--set", "uts.hostname=a"], "a"),
    (["--set=uts.hostname=a"], "a"), (["--hostname=a", "--hostname=b"], "b"), (["--hostname=x=y"], "x=y"),
    (["--conf", "./off.conf", "--with", "uts hostname=c"], "c"),
    (["--conf=./off.conf", "--with=uts"], "off-but-known"),
    (["--conf", "./off.conf", "--with", "uts", "--hostname", "d"], "d"),
    (["--conf", "./bare.conf", "--with", "uts hostname=\"e\""], "e"),
    (["--readonly", "--trace=no", "--"], "littlectr"),
    (["--readonly=yes", "--set", "pid.init", "--set", "proc.hidepid=off"], "littlectr"),
  ]

  @Test("each right form of a command line is accepted", arguments: forms.indices)
  func whatIsRightIsTaken(_ index: Int) throws {
    try Sandbox.with(.unprivileged) { sandbox in
      let (options, hostname) = Self.forms[index]
      try sandbox.write(
        Sandbox.configuration.replacing("\nuts\n", with: "\noff uts hostname=off-but-known\n"), to: "off.conf")
      try sandbox.write(Sandbox.configuration.replacing("\nuts\n", with: "\n"), to: "bare.conf")
      let seen = try sandbox.execute([sandbox.littlectr, "run"] + options + ["hostname"])
      #expect(seen.ending == .exited(0) && seen.output == hostname + "\n" && seen.error == "", "\(options): \(seen)")
    }
  }

  @Test("options after the command belong to the command", arguments: Identity.all)
  func allAfterTheCommandIsTheCommands(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let words = ["--help", "--without", "uts", "--", "-x", "run", "--hostname=q"]
      let seen = try sandbox.execute([sandbox.littlectr, "run", "echo"] + words)
      #expect(seen.output == words.joined(separator: " ") + "\n", "\(seen)")
      let dashes = try sandbox.execute([sandbox.littlectr, "run", "--", "echo", "--"])
      #expect(dashes.output == "--\n", "\(dashes)")
    }
  }

  @Test(arguments: Identity.all) func aCommandMayBeginWithADash(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write("#!/bin/sh\necho dash \"$@\"\n", to: "root/bin/-dash", mode: 0o755)
      let seen = try sandbox.execute([sandbox.littlectr, "run", "--", "-dash", "-a"])
      #expect(seen.output == "dash -a\n", "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func argumentsArriveUnchanged(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let odd = ["two words", "", "new\nline", "tab\t", "\"quoted\" 'too' \\", "$HOME `id` ${UID}", "ünï→", " "]
      let seen = try sandbox.execute([sandbox.littlectr, "run", "printf", "<%s>"] + odd)
      #expect(seen.output == odd.map { "<\($0)>" }.joined(), "\(seen)")
      // Bytes that aren't UTF-8, in an argument, in a command's name, and in an error.
      let script =
        #"b=$(printf 'a\377\200b'); cp root/bin/busybox "root/bin/$b"; "$0" run printf %s "$b" | od -An -tx1"#
      let bytes = try sandbox.execute(["bash", "-c", script, sandbox.littlectr])
      #expect(bytes.output == " 61 ff 80 62\n", "\(bytes)")
      let missing = #"exec "$0" run "$(printf 'no\377thing')""#
      let refused = try sandbox.execute(["bash", "-c", missing, sandbox.littlectr])
      #expect(refused.ending == .exited(127) && refused.error.contains("execve(\"no"), "\(refused)")
    }
  }

  @Test(arguments: Identity.all) func traceTellsEachStep(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.run(["--trace"], "true")
      let lines = seen.error.split(separator: "\n").filter { $0.contains(" µs  ") }
      let steps = try Explanation(sandbox, [], ["true"]).steps
      #expect(seen.status == 0 && lines.count >= steps.count - 1, "\(seen)")
      for text in ["sethostname(\"littlectr\", 9)", "pivot_root(\".\", \".\")"] { #expect(seen.error.contains(text)) }
    }
  }
}
