import Testing

/// Each system call that the default profile refuses, tried under hardened.conf: by every number, in every way into the kernel
/// that the machine has.
@Suite struct HardenedCallsTests {
  /// The ways: the kernel's own, and on x86 those of programs of 32 bits. Each has a header with its numbers.
  #if arch(x86_64)
    private static let ways = [("n", "unistd_64.h"), ("i", "unistd_32.h"), ("x", "unistd_x32.h")]
  #else
    private static let ways = [("n", "unistd.h")]
  #endif

  /// The table of a way: the numbers of calls that are let through, and of those that depend on arguments.
  private static func table(_ way: String, _ header: String, _ names: [String], _ numbers: [Int]) -> String {
    let calls = names.map { "#ifdef __NR_\($0)\n  __NR_\($0),\n#endif\n" }.joined()
    return
      "#include <asm/\(header)>\nconst long passed_\(way)[] = {\n\(calls)\(numbers.map { "\($0),\n" }.joined())-1};\n"
  }

  /// Makes each call of another number, without any argument, and those that depend on arguments with the ones that are
  /// refused. Prints what the kernel hasn't refused, and how many were tried.
  private static let program = """
    #include <errno.h>
    #include <stdio.h>
    #include <sys/syscall.h>
    #include <unistd.h>
    static int tried;
    static long make(char way, long n, long a, long b) {
      errno = 0;
      tried++;
    #ifdef __x86_64__
      if (way == 'i') {
        long result;
        __asm__ volatile("int $0x80" : "=a"(result) : "a"(n), "b"(a), "c"(b), "d"(0L), "S"(0L), "D"(0L)
          : "memory", "r8", "r9", "r10", "r11");
        return (int)result < 0 ? -(errno = -(int)result, 1) : result;
      }
      if (way == 'x') n |= 0x40000000;
    #endif
      return syscall(n, a, b, 0, 0, 0, 0);
    }
    static void refuses(char way, const char *what, long n, long a, long b, int other) {
      long result = make(way, n, a, b);
      if (n == SYS_clone && result == 0) _exit(0);
      if (result != -1 || (errno != EPERM && errno != ENOSYS && errno != other)) printf("%c %s %ld %lx\\n", way, what, n, a);
    }
    static int holds(const long *list, long n) {
      for (; *list >= 0; list++) if ((*list & ~0x40000000L) == n) return 1;
      return 0;
    }
    static void every(char way, const long *passed) {
      for (long n = 0; n < 1024; n++) if (!holds(passed, n)) refuses(way, "call", n, 0, 0, EPERM);
    }
    /* clone, ioctl, personality, socket, socketpair: how many there are of the way. */
    static void some(char way, const long *numbers, int count) {
      for (int bit = 17; bit < 31; bit++)
        if (0x7e020000 & 1 << bit) refuses(way, "clone", numbers[0], 1L << bit | 17, 0, EPERM);
      for (int high = 0; high < (way == 'i' ? 1 : 3); high++) {
        refuses(way, "ioctl", numbers[1], 0, (long)high << 32 | 0x5412, EPERM);
        refuses(way, "ioctl", numbers[1], 0, (long)high << 32 | 0x541c, EPERM);
      }
      for (int bit = 0; bit < 32; bit++)
        if (bit != 3 && bit != 17 && bit != 18) refuses(way, "personality", numbers[2], 1L << bit, 0, EPERM);
      for (int family = 0; family < 256; family++)
        if (family != 1 && family != 2 && family != 10 && family != 16)
          for (int which = 3; which < count; which++)
            refuses(way, "socket", numbers[which], family, 1, EAFNOSUPPORT);
    }
    extern const long passed_n[], passed_i[], passed_x[];
    int main(int count, char **words) {
      static const long own[] = {SYS_clone, SYS_ioctl, SYS_personality, SYS_socket, SYS_socketpair};
      if (count == 1) every('n', passed_n);
      some('n', own, 5);
    #ifdef __x86_64__
      static const long i386[] = {120, 54, 136}, x32[] = {56, 514, 135, 41, 53};
      if (count == 1) every('i', passed_i), every('x', passed_x);
      some('i', i386, 3);
      some('x', x32, 5);
    #endif
      printf("%d tried", tried);
    }

    """

  /// Compiles the program into the root. The names are those that the stage's manual says are let through.
  private func compile(_ sandbox: Sandbox) throws {
    let manual = try sandbox.littlectr("stages", "seccomp").output
    let list = try #require(manual.firstRange(of: "beside the four calls above:")).upperBound
    let end = try #require(manual.firstRange(of: "It refuses:")).lowerBound
    let names = Set(manual[list..<end].split { !$0.isLowercase && !$0.isNumber && $0 != "_" }.map(String.init))
    try #require(names.count > 300 && names.contains("openat") && !names.contains("unshare"), "\(manual)")
    // Calls that are newer than the headers may be: from 424 on, all ways have the same numbers. And uprobe, 336, is let
    // through by the kernel whatever a filter says: programs don't make it, breakpoints do.
    let source = try Repository.text("Sources/Seccomp/NewCalls.swift")
    let new = source.matches(of: /\("(\w+)", (\d+)\)/).filter { names.contains(String($0.1)) }.compactMap {
      Int($0.2)
    }
    try #require(new.count > 10)
    var files = ["calls.c"]
    try sandbox.write(Self.program, to: "calls.c")
    for (way, header) in Self.ways {
      // With sockets, a program of 32 bits has all of its arguments out of sight.
      let some = ["clone", "ioctl", "personality"] + (way == "i" ? [] : ["socket", "socketpair"])
      try sandbox.write(
        Self.table(way, header, names.sorted() + some, (way == "n" ? new + [336] : new.filter { $0 >= 424 })),
        to: "\(way).c")
      files.append("\(way).c")
    }
    let words = ["gcc", "-static", "-D__X32_SYSCALL_BIT=0x40000000", "-o", "root/bin/calls"] + files
    let compiled = try sandbox.execute(words)
    try #require(compiled.status == 0, "\(compiled)")
  }

  private func run(_ sandbox: Sandbox, _ options: [String], _ command: [String]) throws -> Outcome {
    let words = [sandbox.littlectr, "run", "--conf", "./hardened.conf", "--root", "root"] + options + ["--"] + command
    return try sandbox.execute(words)
  }

  @Test(arguments: Identity.all) func noCallThatTheDefaultProfileRefusesSucceeds(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write(try Repository.text("hardened.conf"), to: "hardened.conf")
      try compile(sandbox)
      let seen = try run(sandbox, [], ["calls"])
      let count = try #require(seen.output.split(separator: " ").first.flatMap { Int($0) }, "\(seen)")
      #expect(seen.ending == .exited(0) && count > 600 * Self.ways.count, "\(seen)")
      // So that the test can fail: without the filter some are made.
      let without = try run(sandbox, ["--without", "expect", "--without", "seccomp"], ["calls", "some"])
      for made in ["n ioctl", "n personality"] {
        #expect(without.lines.contains { $0.hasPrefix(made) }, "\(made): \(without)")
      }
    }
  }
}
