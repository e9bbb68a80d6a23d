import Glibc
import Testing

/// What the caller has open stays the caller's.
@Suite struct DescriptorTests {
  @Test(arguments: Identity.all, [[], ["--set", "pid.init=no"], ["--without", "pid"]])
  func noDescriptorOfTheCallersIsInherited(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      // A directory's descriptor would be a way out, as in CVE-2024-21626; a high number as well as a low one.
      let directory = open("/", O_RDONLY | O_DIRECTORY)
      let high = fcntl(directory, F_DUPFD, 500)
      defer { [directory, high].forEach { close($0) } }
      let words = [sandbox.littlectr, "run"] + options
      let script = "ls /proc/self/fd; cd /proc/self/fd; ls \(high)/ \(directory)/; ls -l /proc/$$/fd"
      let seen = try sandbox.start(words + ["--", "sh", "-c", script], inherits: [directory, high]).wait()
      #expect(!seen.output.contains("\(high)") && !seen.output.contains("-> /\n"), "\(seen)")
      // `ls` itself holds the directory that it lists, as number 3.
      #expect(seen.lines.prefix(4) == ["0", "1", "2", "3"], "\(seen)")
      #expect(seen.lines.dropFirst(4).first.map { Int($0) == nil } ?? true, "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func processOneHoldsNoneEither(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let directory = open("/", O_RDONLY | O_DIRECTORY)
      defer { close(directory) }
      // It closes them while the command begins already.
      let script = "while [ $(ls /proc/1/fd | wc -l) -gt 3 ]; do sleep 0.01; done; ls /proc/1/fd"
      let seen = try sandbox.start([sandbox.littlectr, "run", "sh", "-c", script], inherits: [directory]).wait()
      // An ordinary user's command may not even ask for their numbers.
      #expect(seen.lines == (identity.isRoot ? ["0", "1", "2"] : []), "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func theCommandsInputComesFromTheCaller(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let words = ["sh", "-c", "printf 'one\\ntwo\\n' | \"$0\" run cat; echo closed >&2", sandbox.littlectr]
      let seen = try sandbox.execute(words)
      #expect(seen.output == "one\ntwo\n" && seen.error == "closed\n", "\(seen)")
      let closed = try sandbox.execute(["sh", "-c", "exec \"$0\" run sh -c 'echo out' <&- 2>&-", sandbox.littlectr])
      #expect(closed.output == "out\n", "standard input and error closed: \(closed)")
    }
  }
}
