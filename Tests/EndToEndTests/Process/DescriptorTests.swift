import Glibc
import Testing

/// What the caller has open stays the caller's.
@Suite struct DescriptorTests {
  private static let ways = [[], ["--set", "pid.init=no"], ["--without", "pid"]]

  @Test(arguments: Identity.all, ways)
  func noDescriptorOfTheCallersIsInherited(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      // A directory's descriptor would be a way out, as in CVE-2024-21626; a high number as well as a low one.
      let directory = open("/", O_RDONLY | O_DIRECTORY)
      let high = fcntl(directory, F_DUPFD, 500)
      defer { [directory, high].forEach { close($0) } }
      let words = [sandbox.littlectr, "run", "--with", "fds"] + options
      let script = "ls /proc/self/fd; cd /proc/self/fd; ls \(high)/ \(directory)/; ls -l /proc/$$/fd"
      let seen = try sandbox.start(words + ["--", "sh", "-c", script], inherits: [directory, high]).wait()
      #expect(!seen.output.contains("\(high)") && !seen.output.contains("-> /\n"), "\(seen)")
      // `ls` itself holds the directory that it lists, as number 3.
      #expect(seen.lines.prefix(4) == ["0", "1", "2", "3"], "\(seen)")
      #expect(seen.lines.dropFirst(4).first.map { Int($0) == nil } ?? true, "\(seen)")
    }
  }

  /// A command may be a link of the image's: what is closed by execve(2) only is open still when that is followed.
  @Test("inherited descriptors are closed before the command is looked up", arguments: Identity.all, ways)
  func noneIsOpenAnyMoreWhenTheCommandIsLookedFor(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let directory = open(sandbox.root + "/bin", O_RDONLY | O_DIRECTORY)
      defer { close(directory) }
      let busybox = "/proc/self/fd/\(directory)/busybox"
      try sandbox.prepare(
        "ln -s \(busybox) root/bin/busybox-link; echo '#!\(busybox) echo' >root/bin/script; chmod 755 root/bin/script")
      for command in ["busybox-link", "/bin/script", busybox] {
        let words = ["run", "--with", "fds"] + options + ["--", command, "echo", "ran"]
        let seen = try sandbox.start([sandbox.littlectr] + words, inherits: [directory]).wait()
        #expect(seen.output == "" && [.exited(126), .exited(127)].contains(seen.ending), "\(seen)")
        let with = try sandbox.start(
          [sandbox.littlectr, "run"] + options + ["--", command, "echo", "ran"], inherits: [directory])
        let leaking = try with.wait()
        #expect(leaking.output.contains("ran"), "without fds it is there: \(leaking)")
      }
    }
  }

  @Test("process 1 holds no inherited descriptor", arguments: Identity.all)
  func processOneHoldsNoneEither(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let directory = open("/", O_RDONLY | O_DIRECTORY)
      defer { close(directory) }
      // It closes them while the command begins already.
      let script = "while [ $(ls /proc/1/fd | wc -l) -gt 0 ]; do sleep 0.01; done; ls /proc/1/fd"
      let seen = try sandbox.start([sandbox.littlectr, "run", "sh", "-c", script], inherits: [directory]).wait()
      // An ordinary user's command may not even ask for their numbers.
      #expect(seen.lines == [] && seen.ending == .exited(identity.isRoot ? 0 : 1), "\(seen)")
    }
  }

  @Test("without fds the command gets the caller's open descriptors", arguments: Identity.all, ways)
  func withoutFdsWhatTheCallerHasOpenLeaks(
    _ identity: Identity, _ options: [String]
  ) throws {
    try Sandbox.with(identity) { sandbox in
      let directory = open("/", O_RDONLY | O_DIRECTORY)
      let high = fcntl(directory, F_DUPFD, 700)
      defer { [directory, high].forEach { close($0) } }
      let script = "ls -d /proc/self/fd/\(high)/etc; ls /proc/$$/fd; :"
      let words = [sandbox.littlectr, "run"] + options + ["sh", "-c", script]
      let outer = "ls /proc/$$/fd >before; exec \"$@\""
      let seen = try sandbox.start(["sh", "-c", outer, "sh"] + words, inherits: [high]).wait()
      #expect(seen.lines.first == "/proc/self/fd/\(high)/etc", "the way out: \(seen)")
      // None of littlectr's own leaks with it: what is open is what the caller has.
      let before = try FileTree.text(sandbox.directory + "/before").split(separator: "\n").map(String.init)
      #expect(Set(seen.lines.dropFirst()).isSubset(of: before), "\(before): \(seen)")
    }
  }

  @Test("a kept descriptor is the only one inherited", arguments: Identity.all, ways)
  func onlyAKeptDescriptorIsInherited(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write("five\n", to: "five")
      try sandbox.write("seven\n", to: "seven")
      // 5 and 7 are kept, 6 and 8 aren't, though they are open too.
      let outer = "exec \"$@\" 5<five 6<five 7<seven 8<seven"
      let inner = "cat <&5; cat <&7; for number in 3 4 6 8; do test -e /proc/self/fd/$number && echo $number; done; :"
      let words = [sandbox.littlectr, "run", "--with", "fds keep=7 keep=5"] + options + ["sh", "-c", inner]
      let seen = try sandbox.execute(["sh", "-c", outer, "sh"] + words)
      #expect(seen.output == "five\nseven\n" && seen.error == "", "\(seen)")
    }
  }

  @Test("a descriptor that isn't open can't be kept", arguments: Identity.all)
  func whatIsNotOpenCantBeKept(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let outer = "exec \"$@\" 5</dev/null 6</dev/null"
      for (keep, number) in [("3", 3), ("4", 4), ("5-7", 7), ("1000000", 1_000_000), ("5-2147483647", 7)] {
        for command in ["run", "explain"] {
          let words = [sandbox.littlectr, command, "--with", "fds keep=\(keep)", "true"]
          try sandbox.execute(["sh", "-c", outer, "sh"] + words).expectRefusal(
            "littlectr: fds (--with 'fds keep=\(keep)'): keep=\(keep)",
            why: "littlectr was started without a descriptor \(number), ", fix: "\(number)</dev/null")
        }
      }
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
