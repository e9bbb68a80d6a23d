import Glibc
import Testing

/// What each process of the container may use, and when it runs.
@Suite struct LimitTests {
  /// Too little even to begin: said in so many words, and not by SIGSEGV. What littlectr does first of all, in a program that has
  /// nothing else: the one that is tested may need a dynamic linker, whose own needs are larger.
  @Test(
    arguments: [
      ("--stack=16384", "the stack is 16 KiB", "ulimit -s"), ("--stack=65535", "the stack is 63 KiB", "ulimit -s"),
      ("--stack=163840", "the stack is 160 KiB", "ulimit -s"),
      ("--data=1000000", "memory for data is 976 KiB", "ulimit -d"),
      ("--as=11000000", "the address space is 10742 KiB", "ulimit -v"),
    ])
  func aLimitBelowWhatLittlectrNeedsIsNamed(_ limit: String, _ what: String, _ fix: String) throws {
    try Sandbox.with(.unprivileged) { sandbox in
      let sources = "Sources/CKernel"
      for name in ["start.c", "limits.c", "call.h", "include/ckernel.h"] {
        let copy = String(name.split(separator: "/").last ?? "")
        try sandbox.write(try Repository.text("\(sources)/\(name)"), to: copy)
      }
      try sandbox.write("int main(void) { return 0; }\n", to: "main.c")
      try sandbox.prepare("gcc -static -I. -o start start.c limits.c main.c")
      let seen = try sandbox.execute(["prlimit", limit, "--", "./start"])
      #expect(seen.ending == .exited(125) && seen.output.isEmpty, "\(seen)")
      #expect(seen.error.hasPrefix("littlectr: your limit on \(what)\n  why  ") && seen.error.contains("  fix  \(fix)"))
      #expect(try sandbox.execute(["./start"]).ending == .exited(0))
      // The environment is on the stack too.
      let large = ["LARGE": String(repeating: "x", count: 90_000)]
      let narrow = try sandbox.execute(["prlimit", "--stack=204800", "--", "./start"], environment: large)
      #expect(narrow.ending == .exited(125), "\(narrow)")
      #expect(narrow.error.contains(" KiB of your arguments and environment\n"), "\(narrow)")
      #expect(try sandbox.execute(["prlimit", "--stack=204800", "--", "./start"]).ending == .exited(0))
      #expect(
        try sandbox.execute(["prlimit", "--stack=286720", "--", "./start"], environment: large).ending == .exited(0))
    }
  }

  /// The proof of a filter stays on it, however many rules a profile has for a call.
  @Test(arguments: Identity.all) func aNarrowStackIsEnoughForEachFilter(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      func rules(_ count: Int, names: Int, _ value: (Int) -> Int) -> String {
        let all = [String](repeating: "\"syncfs\"", count: names).joined(separator: ",")
        let rules = (0..<count).map {
          #"{"names":[\#(all)],"action":"SCMP_ACT_ERRNO","args":[{"index":\#($0 % 6),"value":\#(value($0)),"op":"SCMP_CMP_EQ"}]}"#
        }
        return #"{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[\#(rules.joined(separator: ","))]}"#
      }
      try sandbox.write(rules(1, names: 12_000) { _ in 9 }, to: "names.json")
      try sandbox.write(rules(2000, names: 1) { _ in 9 }, to: "same.json")
      try sandbox.write(rules(200, names: 1) { $0 + 9 }, to: "other.json")
      for name in ["names", "same", "other"] {
        let options = ["--with", "nonewprivs", "--with", "seccomp profile=./\(name).json"]
        let words = [sandbox.littlectr, "run"] + options + ["true"]
        let seen = try sandbox.execute(["prlimit", "--stack=1048576", "--"] + words)
        #expect(seen.ending == .exited(0) && seen.error == "", "\(name): \(seen)")
      }
    }
  }

  private static let everyWay = [[], ["--set", "pid.init=no"], ["--set", "userns.map=root"], ["--without", "pid"]]

  /// The fields of a line of /proc/self/limits: the soft and the hard limit.
  private func limits(_ text: String, _ title: String) -> [String] {
    let line = text.split(separator: "\n").first { $0.hasPrefix(title + "  ") } ?? ""
    return line.dropFirst(title.count).split(separator: " ").prefix(2).map(String.init)
  }

  @Test("the limits of rlimit hold for the command", arguments: Identity.all, everyWay)
  func theyHoldForTheCommand(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let line = """
        rlimit as=1G core=0 cpu=100:200 data=512M:1G fsize=1M:2M locks=7:8 memlock=16K msgqueue=8K nice=0 nofile=100:200
          nproc=300:400 rss=64M rtprio=0 rttime=5000:6000 sigpending=50 stack=1M:2M
        """.replacing("\n", with: "")
      let seen = try sandbox.run(["--with", line] + options, "cat", "/proc/self/limits")
      let expected = [
        "Max address space": ["1073741824", "1073741824"], "Max core file size": ["0", "0"],
        "Max cpu time": ["100", "200"], "Max data size": ["536870912", "1073741824"],
        "Max file size": ["1048576", "2097152"], "Max file locks": ["7", "8"], "Max locked memory": ["16384", "16384"],
        "Max msgqueue size": ["8192", "8192"], "Max nice priority": ["0", "0"], "Max open files": ["100", "200"],
        "Max processes": ["300", "400"], "Max resident set": ["67108864", "67108864"],
        "Max realtime priority": ["0", "0"], "Max realtime timeout": ["5000", "6000"],
        "Max pending signals": ["50", "50"], "Max stack size": ["1048576", "2097152"],
      ]
      for (title, values) in expected { #expect(limits(seen.output, title) == values, "\(title): \(seen)") }
    }
  }

  @Test("a command that goes beyond a limit of rlimit is stopped", arguments: Identity.all)
  func theyStopWhatGoesBeyond(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let script = "ulimit -n; ulimit -Hn; ulimit -n 80 && ulimit -n 96; ulimit -n 129 2>/dev/null || echo no more"
      let files = try sandbox.run(["--with", "fds", "--with", "rlimit nofile=64:128"], "sh", "-c", script)
      #expect(files.lines == ["64", "128", "no more"], "\(files)")
      let write = "dd if=/dev/zero of=/tmp/file bs=1024 count=64 2>/dev/null; stat -c %s /tmp/file; rm /tmp/file"
      let size = try sandbox.run(["--with", "dev", "--with", "rlimit fsize=10K"], "sh", "-c", write)
      #expect(size.lines == ["10240"], "\(size)")
      let time = try sandbox.run(["--with", "rlimit cpu=1"], "sh", "-c", "while :; do :; done")
      #expect([128 + SIGKILL, 128 + SIGXCPU].contains(time.status), "\(time)")
    }
  }

  @Test(arguments: Identity.all) func raisingAboveTheHardLimitIsRefusedWithIt(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let lowered = ["prlimit", "--nofile=100:200", "--core=0:4096", "--", sandbox.littlectr, "run", "--with"]
      let more = try sandbox.execute(lowered + ["rlimit nofile=300", "true"])
      more.expectRefusal(
        "rlimit (--with 'rlimit nofile=300'): prlimit64(0, RLIMIT_NOFILE, {rlim_cur=300, rlim_max=300}, NULL): EPERM",
        why: "your hard limit for nofile is 200, and only real root may raise it", fix: "write nofile=200, or less")
      try sandbox.execute(lowered + ["rlimit core=unlimited", "true"]).expectRefusal(
        "rlim_max=RLIM64_INFINITY", why: "your hard limit for core is 4096", fix: "write core=4096")
      try sandbox.run(["--with", "rlimit nofile=unlimited"], "true").expectRefusal(
        "RLIMIT_NOFILE", why: "sysctl fs.nr_open", fix: "write nofile=")
      #expect(try sandbox.execute(lowered + ["rlimit nofile=200", "true"]).ending == .exited(0))
    }
  }

  @Test(
    "a text that is no limit is refused",
    arguments: [
      ("nofile", "a number such as"), ("cpu", "a number such as"), ("stack", "a size such as"),
      ("as", "a size such as"),
    ] as [(String, String)])
  func aLimitThatIsNoneIsRefused(_ key: String, _ expected: String) throws {
    try Sandbox.with(.unprivileged) { sandbox in
      for text in ["-1", "1:2:3", ":", "1:", ":1", "", "many", "0x10", "1e3", "18446744073709551615", "1.5M"] {
        let seen = try sandbox.run(["--with", "rlimit \(key)=\"\(text)\""], "true")
        #expect(seen.ending == .exited(125) && seen.error.contains("'\(key)': expected \(expected)"), "\(seen)")
      }
      let turned = try sandbox.run(["--with", "rlimit \(key)=2:1"], "true")
      #expect(turned.ending == .exited(125) && turned.error.contains("the soft limit before the hard one"), "\(turned)")
      try sandbox.run(["--with", "rlimit"], "true").expectRefusal(
        "rlimit (--with 'rlimit'): no limit is set", why: "the line limits nothing", fix: "nofile=1024:4096")
    }
  }

  @Test(arguments: Identity.all, everyWay)
  func theCommandIsScheduledAsAsked(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let ask = "cut -d' ' -f19 /proc/self/stat; grep Cpus_allowed_list /proc/self/status; cat /proc/self/oom_score_adj"
      let seen = try sandbox.run(["--with", "scheduling nice=19 cpus=0 oom=345"] + options, "sh", "-c", ask)
      #expect(seen.lines == ["19", "Cpus_allowed_list:\t0", "345"], "\(seen)")
    }
  }

  @Test(
    "a nice value, processor or OOM score that can't be had is refused with those that can", arguments: Identity.all)
  func whatCantBeHadIsRefusedWithWhatCan(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      // The tests themselves may run with a nice value.
      let yours = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) + 5
      let run = ["nice", "-n", "5", "choom", "-n", "300", "--", sandbox.littlectr, "run"]
      let user = try Sandbox.with(.unprivileged) { sandbox in
        let words = run.map { $0.hasSuffix("/littlectr") ? sandbox.littlectr : $0 }
        return (
          try sandbox.execute(words + ["--with", "scheduling nice=4", "true"]),
          try sandbox.execute(words + ["--with", "scheduling oom=-1000", "true"])
        )
      }
      user.0.expectRefusal(
        "setpriority(PRIO_PROCESS, 0, 4): EACCES", why: "yours is \(yours)", fix: "write nice=\(yours), or more")
      user.1.expectRefusal(
        "write(\"/proc/self/oom_score_adj\", \"-1000\", 5): EACCES", why: "yours is 300", fix: "write oom=300, or more")
      try sandbox.run(["--with", "scheduling cpus=0,8000"], "true").expectRefusal(
        "cpus=0,8000", why: "there is no processor 8000: this machine has 0", fix: "write cpus=0")
      try sandbox.run(["--with", "scheduling"], "true").expectRefusal(
        "nothing is set", why: "the line asks for nothing", fix: "nice=10")
      for (key, values) in [
        "nice": ["-21", "20", "x", "", "+1", "1.0"], "oom": ["-1001", "1001", "x", ""],
        "cpus": ["", "a", "1-", "-1", "2-1", "0,,1", "0-1-2", "8192", "0x1", "0 1"],
      ] {
        for value in values {
          let seen = try sandbox.run(["--with", "scheduling \(key)=\"\(value)\""], "true")
          #expect(seen.ending == .exited(125) && seen.error.contains("for '\(key)': expected "), "\(value): \(seen)")
        }
      }
    }
  }
}
