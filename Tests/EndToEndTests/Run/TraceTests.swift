import Glibc
import Testing

/// What strace sees is what explain tells.
@Suite struct TraceTests {
  /// The stage's line with which standard input is a terminal.
  private static let atTerminal = "terminal pty=auto"
  private static let plans =
    [
      [], ["--set", "pid.init=no"], ["--set", "chroot.method=chroot", "--readonly", "--set", "userns.map=root"],
      ["--without", "pid"], ["--without", "pid", "--without", "chroot", "--set", "mount.propagation=slave"],
      ["--set", "proc.hidepid=invisible", "--set", "mount.propagation=unchanged"],
      ["--without", "userns", "--without", "proc"], ["--with", "fds"],
      ["--set", "proc.mask=/proc/tty", "--set", "proc.readonly=/proc/driver", "--with", "sys readonly=/sys/class"],
      ["--with", "net", "--with", "sys mask=/sys/class/net mask=default"], ["--without", "userns", "--with", "sys"],
      ["--with", "fds keep=7 keep=5-6", "--set", "pid.init=no"],
      ["--with", "dev", "--with", "terminal pty=yes"], ["--with", "dev", "--with", atTerminal],
      ["--without", "pid", "--with", atTerminal], ["--with", "terminal pty=no"],
      [
        "--with", "net", "--with", "time boottime=5d monotonic=-1s", "--with", "scheduling nice=19 cpus=0 oom=300",
        "--with", "rlimit nofile=512:1000 core=0 cpu=1024 fsize=64M", "--with", "diewith",
      ],
      ["--with", "keyring", "--with", "capabilities", "--with", "dumpable core=0:1M", "--with", "nonewprivs"],
      ["--with", "capabilities drop=all keep=bpf", "--set", "userns.nested=no", "--set", "pid.init=no"],
      ["--without", "userns", "--without", "proc", "--with", "capabilities"],
      ["--with", "nonewprivs", "--with", "landlock execute=/ write=/tmp write=/etc/passwd"],
      [
        "--set", "pid.init=no", "--with", "nonewprivs", "--with",
        "landlock execute=/bin read=/etc tcp-bind=8080 tcp-connect=443 tcp-connect=80 scope=signal scope=abstract-unix-socket",
      ],
      ["--with", "nonewprivs", "--with", "seccomp"],
      ["--with", "nonewprivs", "--with", "seccomp deny=ptrace", "--set", "pid.init=no"],
      ["--with", "fds", "--with", "expect nonewprivs=no network=host descriptors=0-2 writable=/"],
      ["--conf", "./files.conf"], ["--conf", "./image.conf"],
      ["--conf", "./files.conf", "--set", "overlay.upper=tmpfs", "--readonly"], ["--conf", "./host.conf"],
    ] + (geteuid() == 0 ? asAnother : [["-u", "0", "--set", "pid.init=no"]])
  /// These take a range of ids, and with it newuidmap, which an ordinary user's strace can't follow.
  private static let asAnother = [
    ["--with", "user name=7:8 groups=3 groups=29", "-w", "/tmp"], ["-u", "7", "--set", "pid.init=no"],
    ["-u", "7:8", "--with", "keyring", "--with", "capabilities keep=all"],
  ]
  /// Calls by which a process gets memory for itself: they do nothing to the container.
  private static let memory: Set = ["brk", "mmap", "munmap", "gettid"]
  private static let command = ["sleep", "0"]

  /// The calls without those that read on where the one before has stopped, and those that ask the same of the next.
  private func once(_ calls: [SystemCallTrace.Call]) -> [SystemCallTrace.Call] {
    calls.indices.filter { index in
      guard index > 0, calls[index].name == calls[index - 1].name else { return true }
      func file(_ index: Int) -> Substring { calls[index].text.prefix { $0 != "," } }
      return calls[index].name != "fcntl"
        && (!["read", "getdents64"].contains(calls[index].name) || file(index) != file(index - 1))
    }.map { calls[$0] }
  }

  /// Writes configurations that hold every stage that has to do with files.
  private func write(_ sandbox: Sandbox) throws {
    let files = [
      "overlay upper=kept", "tmpfs to=/run size=1M", "bind from=root/etc to=/bound readonly",
      "file to=/bound/passwd text=x mode=1777", "file to=/new/file text=x mode=666",
      "etc resolv=192.0.2.1 hosts=none hostname=box", "sys", "dev",
    ]
    try sandbox.write(Sandbox.configuration(files), to: "files.conf")
    let image = ["tmpfs to=/tmp", "file to=/etc/passwd text=x", "bind from=root to=/root", "sys"]
    try sandbox.write(Sandbox.configuration(image), to: "image.conf")
    try sandbox.write("userns\nuts\npid\nmount\nhostroot size=8M\nproc\nsys\ndev\n", to: "host.conf")
  }

  /// Runs littlectr under strace. It is strace that is root: else newuidmap would lose its set-user-ID bit.
  private func trace(_ sandbox: Sandbox, _ options: [String], _ input: Int32? = nil) throws -> SystemCallTrace {
    let file = "/tmp/\(sandbox.token).strace"
    defer { unlink(file) }
    let strace = ["strace", "-f", "-s", "4096", "-o", file]
    let prefix = sandbox.identity.prefix + through(sandbox, options)
    let words = strace + prefix + [sandbox.littlectr, "run"] + options + Self.command
    let seen = try sandbox.startAsCaller(words, input: input).wait()
    try #require(seen.ending == .exited(0), "\(seen)")
    return SystemCallTrace(try FileTree.text(file))
  }

  /// The options that can be traced: an ordinary user's strace can't follow newuidmap.
  private func traceable(_ options: [String]) -> [String] {
    geteuid() == 0 || options.contains("userns") ? options : options + ["--set", "userns.map=root"]
  }

  /// Without userns it needs root, if only that of an outer user namespace.
  private func through(_ sandbox: Sandbox, _ options: [String]) -> [String] {
    // What is kept must be there.
    let opened = ["sh", "-c", "exec \"$@\" 5</dev/null 6</dev/null 7</dev/null", "sh"]
    return (options.contains("userns") ? sandbox.asRoot : [])
      + (options.contains { $0.contains("keep=") } ? opened : [])
  }

  @Test(arguments: Identity.all, plans)
  func theChildMakesTheCallsThatExplainTellsAndNoOther(_ identity: Identity, _ plan: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      try write(sandbox)
      let options = traceable(plan)
      let terminal = try options.contains(Self.atTerminal) ? Terminal() : nil
      let input = try terminal?.opened()
      defer { if let input { close(input) } }
      let steps = try Explanation(
        sandbox, options, Self.command, through: through(sandbox, options), input: input
      ).steps
      let trace = try trace(sandbox, options, input)
      let clone = try #require(trace.calls.first { $0.name == "clone3" && !$0.text.contains("CLONE_THREAD") })
      let child = try #require(Int(clone.answer.prefix { $0.isNumber }))
      var calls = once(trace.calls(of: child).filter { !Self.memory.contains($0.name) })
      let expected = steps.filter { $0.performedBy == "child" }.flatMap(\.calls)
      if let fork = calls.firstIndex(where: { $0.name == "clone" || $0.name == "vfork" }) {
        // The command's own process goes on from there.
        let command = try #require(trace.processes.last)
        calls = Array(calls[...fork]) + trace.calls(of: command)
      }
      var matcher = CallMatcher()
      var done = 0
      for (call, text) in zip(calls, expected) {
        done += 1
        if call.name == "execve", text.hasPrefix("execve("), call.answer.hasPrefix("-1 ENOENT") { continue }
        // Of a process that forbids tracing, an ordinary user's strace sees the calls, but not what they point to.
        let isHidden = geteuid() != 0 && calls[..<done].contains { $0.text.hasPrefix("prctl(PR_SET_DUMPABLE") }
        let isSeen =
          !isHidden || !["rt_sigprocmask", "execve"].contains(call.name) && !call.text.contains("TIOCSPGRP")
        let mismatch = isSeen ? matcher.mismatch(call, text) : text.hasPrefix(call.name) ? nil : call.text
        #expect(mismatch == nil)
        if call.name == "execve" || mismatch != nil { break }
      }
      // Up to the directory of the PATH that has the command.
      #expect(expected.dropFirst(done).allSatisfy { $0.hasPrefix("execve(") } && calls[done - 1].name == "execve")
    }
  }

  @Test(arguments: Identity.all, plans)
  func theParentMakesTheCallsThatExplainTellsInOrder(_ identity: Identity, _ plan: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      try write(sandbox)
      let options = traceable(plan)
      let terminal = try options.contains(Self.atTerminal) ? Terminal() : nil
      let input = try terminal?.opened()
      defer { if let input { close(input) } }
      let steps = try Explanation(
        sandbox, options, Self.command, through: through(sandbox, options), input: input
      ).steps
      let trace = try trace(sandbox, options, input)
      let parent = try #require(trace.calls.first { $0.name == "clone3" }?.process)
      var (matcher, rest) = (CallMatcher(), trace.calls(of: parent)[...])
      for text in steps.filter({ $0.performedBy == "parent" }).flatMap(\.calls) {
        if text.hasPrefix("/") {
          // A program that is run; its arguments must be those.
          let words = text.split(separator: " ").map { "\"\($0)\"" }
          let (program, arguments) = (words[0], words[2...].joined(separator: ", "))
          let ran = trace.calls.contains { $0.text.contains(program) && $0.text.contains(arguments) }
          #expect(ran, "\(text)")
          continue
        }
        let name = text.prefix { $0 != "(" }
        let here = rest.firstIndex { call in
          guard call.name == name else { return false }
          var attempt = matcher
          guard attempt.mismatch(call, text) == nil else { return false }
          matcher = attempt
          return true
        }
        let index = try #require(here, "\(text)\namong \(rest.map(\.text).joined(separator: "\n"))")
        rest = rest[(index + 1)...]
      }
    }
  }

  @Test(arguments: Identity.all) func noThreadIsEverMade(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      for options in [[], ["--set", "pid.init=no"]] {
        let trace = try trace(sandbox, traceable(options))
        #expect(trace.calls.count > 40)
        let threads = trace.calls.filter { $0.text.contains("CLONE_THREAD") }.map(\.text)
        #expect(threads == [])
      }
    }
  }
}
