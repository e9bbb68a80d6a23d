import Glibc
import Testing

/// System calls that are filtered: seccomp(2).
@Suite struct SeccompTests {
  private static let stage = ["--with", "nonewprivs", "--with", "seccomp"]

  /// Makes the calls that its arguments name, KIND:NUMBER:ARGUMENT:…, each in a child, and prints what comes of them. KIND is
  /// n for the machine's own way, i for int 0x80, x for a number with x32's bit.
  private static let program = """
    #include <errno.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/wait.h>
    #include <unistd.h>
    static long make(char kind, long n, long *a) {
    #ifdef __x86_64__
      if (kind == 'i') {
        long result;
        __asm__ volatile("int $0x80" : "=a"(result)
          : "a"(n), "b"(a[0]), "c"(a[1]), "d"(a[2]), "S"(a[3]), "D"(a[4]) : "memory", "r8", "r9", "r10", "r11");
        return (int)result < 0 ? -(errno = -(int)result, 1) : result;
      }
    #endif
      return syscall(kind == 'x' ? n | 0x40000000 : n, a[0], a[1], a[2], a[3], a[4], a[5]);
    }
    int main(int count, char **words) {
      for (int index = 1; index < count; index++) {
        fflush(stdout);
        int child = fork(), status;
        if (child == 0) {
          long a[6] = {0};
          char *rest = words[index] + 2;
          long n = strtol(rest, &rest, 0);
          for (int place = 0; *rest == ':'; place++) a[place] = strtoul(rest + 1, &rest, 0);
          errno = 0;
          make(words[index][0], n, a);
          _exit(errno);
        }
        waitpid(child, &status, 0);
        if (WIFSIGNALED(status)) printf("signal %d\\\\n", WTERMSIG(status));
        else puts(WEXITSTATUS(status) ? strerrorname_np(WEXITSTATUS(status)) : "made");
      }
    }

    """

  /// Compiles the program into the root.
  private func compile(_ sandbox: Sandbox) throws {
    try sandbox.write("#define _GNU_SOURCE\n" + Self.program.replacing("\\\\n", with: "\\n"), to: "ask.c")
    let compiled = try sandbox.execute(["gcc", "-static", "-o", "root/bin/ask", "ask.c"])
    try #require(compiled.status == 0, "\(compiled)")
  }

  private func answers(_ sandbox: Sandbox, _ options: [String], _ calls: [String]) throws -> [String] {
    let seen = try sandbox.execute([sandbox.littlectr, "run"] + options + ["--", "ask"] + calls)
    #expect(seen.ending == .exited(0) && seen.error == "", "\(seen)")
    return seen.lines
  }

  /// As one that an outer filter, which answers for the kernel, has kept from being installed.
  @Test("seccomp: a filter that isn't installed, though the call succeeded, is noticed", arguments: Identity.all)
  func aFilterThatDoesNotRefuseIsNoticed(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let options = ["--set", "userns.map=root", "--with", "nonewprivs", "--with", "seccomp"]
      let words = [sandbox.littlectr, "run"] + options + ["echo", "ran"]
      for (call, isNoticed) in [("unshare", true), ("vhangup", false)] {
        let strace = ["strace", "-f", "-o", "/dev/null", "-e", "inject=\(call):retval=0"]
        let seen = try sandbox.execute(strace + words)
        #expect(seen.ending == .exited(isNoticed ? 125 : 0) && seen.output.isEmpty == isNoticed, "\(seen)")
        #expect(seen.error.contains("the kernel doesn't report what has just been applied") == isNoticed, "\(seen)")
      }
    }
  }

  @Test(arguments: Identity.all) func theKernelSaysThatThereIsAFilter(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let ask = ["grep", "-E", "^(Seccomp|NoNewPrivs):", "/proc/self/status"]
      for options in [[], ["--set", "pid.init=no"], ["--with", "terminal pty=yes", "--with", "dev"]] {
        let seen = try sandbox.execute([sandbox.littlectr, "run"] + Self.stage + options + ask)
        #expect(seen.output.replacing("\r\n", with: "\n") == "NoNewPrivs:\t1\nSeccomp:\t2\n", "\(seen)")
      }
      let first = try sandbox.run(Self.stage, "grep", "^Seccomp:", "/proc/1/status")
      #expect(first.output == "Seccomp:\t2\n", "process 1 is filtered too: \(first)")
      let without = try sandbox.run([], "grep", "^Seccomp:", "/proc/self/status")
      #expect(without.output == "Seccomp:\t0\n", "\(without)")
    }
  }

  #if arch(x86_64)
    /// clone with CLONE_NEWUSER, unshare, mount, keyctl, bpf, io_uring_setup, clone3, socket of AF_VSOCK, TIOCSTI, with its
    /// high bits set, personality, and two that don't exist.
    private static let own = [
      "n:56:0x10000011", "n:272:0x10000000", "n:165", "n:250", "n:321", "n:425", "n:435", "n:41:40:1", "n:16:0:0x5412",
      "n:16:0:0x100005412", "n:135:0x400000", "n:1000", "n:0x3fffffff",
    ]
    private static let refusals = [
      "EPERM", "EPERM", "EPERM", "EPERM", "EPERM", "EPERM", "ENOSYS", "EAFNOSUPPORT", "EPERM", "EPERM", "EPERM",
      "ENOSYS", "ENOSYS",
    ]

    @Test("seccomp: refused system calls fail", arguments: Identity.all)
    func whatIsRefusedFails(_ identity: Identity) throws {
      try Sandbox.with(identity) { sandbox in
        try compile(sandbox)
        #expect(try answers(sandbox, Self.stage, Self.own) == Self.refusals)
        // getpid, socket of AF_UNIX, TCGETS of what is none, personality's question, a FIFO.
        let made = try answers(
          sandbox, Self.stage,
          [
            "n:39", "n:41:1:1", "n:16:0:0x5401", "n:135:0xffffffff", "n:259:-1:0:0x11a4", "n:135:0x40000",
            "i:136:0x40000",
          ])
        #expect(made == ["made", "made", "ENOTTY", "made", "EFAULT", "made", "made"])
        let without = try answers(sandbox, [], ["n:56:0x10000011", "n:272:0x10000000", "n:425", "n:435"])
        #expect(without == ["made", "made", "EFAULT", "EINVAL"], "without the stage they reach the kernel")
      }
    }

    /// The same through the two other ways into the kernel of x86_64.
    @Test("seccomp: i386 and x32 are no way around the filter", arguments: Identity.all)
    func theOtherArchitecturesAreNoWayAround(_ identity: Identity) throws {
      try Sandbox.with(identity) { sandbox in
        try compile(sandbox)
        // i386: getpid, clone with CLONE_NEWUSER, unshare, mount, umount2, keyctl, bpf, clone3, TIOCSTI, socket by its own
        // call and by socketcall, socketpair by socketcall, pivot_root, personality.
        let i386 = [
          "i:20", "i:120:0x10000011", "i:310:0x10000000", "i:21", "i:52", "i:288", "i:357", "i:435", "i:54:0:0x5412",
          "i:359:40:1", "i:102:1", "i:102:8", "i:217", "i:136:0x400000",
        ]
        let wanted = [
          "made", "EPERM", "EPERM", "EPERM", "EPERM", "EPERM", "EPERM", "ENOSYS", "EPERM", "ENOSYS", "ENOSYS", "ENOSYS",
          "EPERM", "EPERM",
        ]
        #expect(try answers(sandbox, Self.stage, i386) == wanted)
        let x32 = [
          "x:56:0x10000011", "x:272:0x10000000", "x:165", "x:250", "x:321", "x:435", "x:41:40:1", "x:514:0:0x5412",
        ]
        let kernelHasNone = try answers(sandbox, [], ["x:39"]) == ["ENOSYS"]
        let seen = try answers(sandbox, Self.stage, x32)
        #expect(
          seen == ["EPERM", "EPERM", "EPERM", "EPERM", "EPERM", "ENOSYS", "EAFNOSUPPORT", "EPERM"], "\(kernelHasNone)")
      }
    }

    @Test("seccomp: action= and errno= say what becomes of a refused call", arguments: Identity.all)
    func theLineSaysWhatComesOfThem(_ identity: Identity) throws {
      try Sandbox.with(identity) { sandbox in
        try compile(sandbox)
        let nnp = ["--with", "nonewprivs"]
        let kill = try answers(
          sandbox, nnp + ["--with", "seccomp action=kill deny=sysinfo"], ["n:165", "n:99", "n:435"])
        #expect(kill == ["signal 31", "signal 31", "ENOSYS"])
        let errno = try answers(
          sandbox, nnp + ["--with", "seccomp errno=EXDEV deny=sysinfo"], ["n:165", "n:99", "n:435"])
        #expect(errno == ["EXDEV", "EXDEV", "ENOSYS"])
        let log = try answers(sandbox, nnp + ["--with", "seccomp action=log"], ["n:165", "n:272:0x10000000", "n:435"])
        #expect(log == ["EFAULT", "made", "EINVAL"])
        let allow = try answers(
          sandbox, nnp + ["--with", "seccomp allow=unshare allow=clone3"], ["n:272:0x10000000", "n:435", "n:165"])
        #expect(allow == ["made", "EINVAL", "EPERM"])
      }
    }
  #endif

  /// The list of what littlectr itself needs, as strace sees it.
  @Test("seccomp: every call that littlectr makes below the filter is in NeededCalls", arguments: Identity.all)
  func whatProcessOneMakesIsInTheListOfWhatItNeeds(_ identity: Identity) throws {
    let source = try Repository.text("Sources/Pipeline/Filter/NeededCalls.swift")
    func names(_ text: some StringProtocol) -> Set<String> {
      Set(String(text).matches(of: /\("(\w+)", \[/).map { String($0.1) })
    }
    let lists = source.components(separatedBy: "public static let ").map { names($0) }
    let (usual, witness, probe) = (lists[1], lists[2], lists[3])
    try #require(lists.count == 4 && usual.count > 20 && !witness.isEmpty && !probe.isEmpty)
    let expecting = ["--with", "fds", "--with", "expect nonewprivs=yes"]
    try Sandbox.with(identity) { sandbox in
      for options in [
        [], ["--set", "pid.init=no"], ["--with", "dev", "--with", "terminal pty=yes"], expecting,
        expecting + ["--set", "expect.landlock=no"], expecting + ["--attest", "2"],
      ] {
        let asks = options.contains("--attest") || options.contains("expect.landlock=no")
        let listed = options.starts(with: expecting) ? usual.union(witness).union(asks ? probe : []) : usual
        for command in [["true"], ["nothing-of-that-name"]] {
          let file = "/tmp/\(sandbox.token).strace"
          defer { unlink(file) }
          let words =
            ["strace", "-f", "-o", file] + identity.prefix + [sandbox.littlectr, "run"] + Self.stage
            + ["--set", "userns.map=root"] + options + command
          _ = try sandbox.startAsCaller(words).wait()
          let trace = SystemCallTrace(try FileTree.text(file))
          let installed = try #require(
            trace.calls.first { $0.name == "seccomp" && $0.text.contains("MODE_FILTER, 0, {") })
          var begun = Set<Int>()
          var executed = Set<Int>()
          var made = Set<String>()
          var isInstalled = false
          for call in trace.calls {
            if call.process == installed.process, call.name == "seccomp", call.text == installed.text {
              (isInstalled, begun) = (true, [call.process])
              continue
            }
            guard isInstalled, !executed.contains(call.process) else { continue }
            if ["clone", "vfork"].contains(call.name), let child = Int(call.answer.prefix { $0.isNumber }) {
              begun.insert(child)
            }
            // A child's first calls may be seen before its parent's clone has ended.
            let isOurs = begun.contains(call.process) || call.process > installed.process
            if isOurs { made.insert(call.name) }
            if call.name == "execve", call.answer.hasPrefix("0") { executed.insert(call.process) }
          }
          // What is refused is asked for to see that it is.
          let missing = made.subtracting(listed + ["unshare"])
          #expect(missing == [], "\(options) \(command)")
          #expect(made.contains("execve"))
        }
      }
    }
  }
}
