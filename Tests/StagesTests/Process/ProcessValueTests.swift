import Testing

@testable import Command
@testable import Pipeline
@testable import Stages

/// The values of time, rlimit, scheduling and hook, and what is told when the kernel refuses them.
struct ProcessValueTests {
  private let context = ValueContext(directory: "/conf")

  @Test(
    "offsets of time's clocks are read and written",
    arguments: [
      ("0", 0, 0), ("5d", 432_000, 0), ("-5d", -432_000, 0), ("1500ms", 1, 500_000_000), ("-1500ms", -2, 500_000_000),
      ("-1s", -1, 0), ("-1ms", -1, 999_000_000),
    ])
  func offsets(text: String, seconds: Int64, nanoseconds: Int64) throws {
    let offset = try TimeOffset.parse(text, context)
    #expect(offset.parts == (seconds, nanoseconds) && offset.optionText == text)
  }

  @Test(
    "texts that are no offset of a clock are refused",
    arguments: ["", "-", "--1s", "+1s", "1", "-1", "1y", "- 1s", "9999999999999999999d"])
  func noOffsets(text: String) {
    #expect(throws: ValueError.self) { try TimeOffset.parse(text, context) }
  }

  @Test(
    "limits of rlimit are read and written",
    arguments: [
      ("1", UInt64(1), UInt64(1)), ("1:2", 1, 2), ("0:unlimited", 0, .max), ("unlimited", .max, .max),
      ("18446744073709551614", .max - 1, .max - 1),
    ])
  func limits(text: String, soft: UInt64, hard: UInt64) throws {
    let limit = try Limit.parse(text, context)
    #expect(limit == Limit(soft: soft, hard: hard) && limit.optionText == text)
  }

  @Test("limits of rlimit in bytes take units", arguments: ["64M", "64K:1G", "0:unlimited", "unlimited", "1", "1023"])
  func sizes(text: String) throws {
    #expect(try ByteLimit.parse(text, context).optionText == text)
  }

  @Test(
    "texts that are no limit of rlimit are refused",
    arguments: ["", ":", "1:", ":1", "1:2:3", "2:1", "-1", "unlimited:1", "18446744073709551615", "1 "])
  func noLimits(text: String) {
    #expect(throws: ValueError.self) { try Limit.parse(text, context) }
    #expect(throws: ValueError.self) { try ByteLimit.parse(text, context) }
  }

  @Test(
    "lists of processors are read and written",
    arguments: [
      ("0", [0], "0"), ("0-2", [0, 1, 2], "0-2"), ("3,0-1", [0, 1, 3], "0-1,3"), ("1,1,2", [1, 2], "1-2"),
      ("8191", [8191], "8191"),
    ])
  func processors(text: String, numbers: [Int], shown: String) throws {
    let list = try ProcessorList.parse(text, context)
    #expect(list.numbers == numbers && list.optionText == shown)
  }

  @Test("a hook's program is a name for PATH, or a path that begins at the file")
  func programs() throws {
    for (text, path) in [("ls", nil), ("./a", "/conf/a"), ("b/a", "/conf/b/a"), ("/a", "/a"), ("../a", "/conf/../a")] {
      let program = try HookProgram.parse(text, context)
      #expect(program.path?.string == path && program.optionText == text)
    }
    #expect(throws: ValueError.self) { try HookProgram.parse("", context) }
  }

  /// What is told when the step of that beginning answers the errno.
  private func told(_ text: String, _ machine: FakeHost, _ beginning: String, _ errno: Errno) throws -> Failure {
    let host = machine.host
    let file = ConfigurationFile(name: "stages.conf", bytes: Array(text.utf8))
    let configuration = try Configuration(file, catalog: StageCatalog(builtin), host: host)
    let plan = try Plan(configuration.entries, CommandOptions().container([[0x61]], configuration, host))
    let index = try #require(plan.items.firstIndex { $0.step.text.hasPrefix(beginning) })
    return Runner(plan).explain(Runner.StepFailure(step: index, errno: errno))
  }

  @Test func whatTheKernelRefusesIsToldWithWhatThereIs() throws {
    var machine = try #require(FakeHost.named("user"))
    machine.files["/proc/self/limits"] = """
      Limit                     Soft Limit           Hard Limit           Units
      Max open files            1024                 4096                 files
      Max core file size        0                    unlimited            bytes
      """
    machine.files["/proc/self/status"] = "Name:\tx\nCpus_allowed_list:\t0-1\n"
    machine.files["/proc/self/stat"] = "7 (a ) b) R 1 7 7 0 -1 4194304 100 0 0 0 1 2 0 0 20 11 1 0 5"
    machine.files["/proc/self/oom_score_adj"] = "200\n"
    machine.files["/proc/uptime"] = "4711.25 9000.00\n"
    machine.set(sysctl: "fs.nr_open", 9999)
    let hard = try told("rlimit nofile=5000", machine, "prlimit64", .notPermitted)
    #expect(hard.why == "your hard limit for nofile is 4096, and only real root may raise it")
    let most = try told("rlimit nofile=10000", machine, "prlimit64", .notPermitted)
    #expect(most.why == "the kernel lets no process have more than 9999 open files: sysctl fs.nr_open")
    let processors = try told("scheduling cpus=0-3", machine, "sched_setaffinity", .invalidArgument)
    #expect(processors.why == "your cgroup doesn't let you have all of the processors 0-3")
    #expect(processors.fix == "choose among those that you have now: 0-1")
    #expect(try told("scheduling nice=1", machine, "setpriority", .permissionDenied).fix == "write nice=11, or more")
    let spared = try told("scheduling oom=1", machine, "openat(AT_FDCWD, \"/proc/self/oom", .permissionDenied)
    #expect(spared.fix == "write oom=200, or more")
    let early = try told("time boottime=-2h", machine, "openat(AT_FDCWD, \"/proc/self/timens", .outOfRange)
    #expect(early.fix == "go back by less than 4711s")
    let dead = try told("diewith", machine, "prctl(PR_SET_PDEATHSIG, SIGURG)", .noSuchProcess)
    #expect(dead.why == "what has started littlectr has ended already")
  }

  /// One call makes all namespaces; only the lines of the kind that can't be had are left out.
  @Test func onlyTheKindThatIsMissingIsLeftOut() throws {
    let cases: [(Namespaces, [String])] = [
      (.network, ["net"]), (.user, ["userns"]), ([.pid, .uts], ["uts", "pid"]), ([], ["userns", "uts", "pid", "net"]),
    ]
    let machine = try #require(FakeHost.named("user"))
    let text = "try userns map=root\ntry uts\ntry pid\nipc\ntry net"
    let configuration = try Configuration(
      ConfigurationFile(name: "stages.conf", bytes: Array(text.utf8)), catalog: StageCatalog(builtin),
      host: machine.host)
    let plan = try Plan(configuration.entries, CommandOptions().container([[0x61]], configuration, machine.host))
    let clone = try #require(plan.items.firstIndex { $0.phase == .clone })
    for errno in [Errno.noSpace, .tooManyUsers, .invalidArgument, .notPermitted] {
      for (lacking, names) in cases {
        let detail = CloneAdvice.detail(lacking)
        let failure = Runner(plan).explain(Runner.StepFailure(step: clone, errno: errno, detail: detail))
        #expect(plan.excusable(after: failure).map(\.name) == names)
      }
    }
  }

  /// A line that wants clocks of its own only isn't to blame when clone3 fails.
  @Test func theClocksAreNotMadeByClone() throws {
    var machine = try #require(FakeHost.named("user"))
    machine.environment["PATH"] = "/usr/bin"
    let host = machine.host
    let file = ConfigurationFile(name: "stages.conf", bytes: Array("userns map=root\ntry time\ntry net".utf8))
    let configuration = try Configuration(file, catalog: StageCatalog(builtin), host: host)
    let plan = try Plan(configuration.entries, CommandOptions().container([[0x61]], configuration, host))
    let clone = try #require(plan.items.firstIndex { $0.phase == .clone })
    let failure = Runner(plan).explain(Runner.StepFailure(step: clone, errno: .noSpace))
    #expect(plan.excusable(after: failure).map(\.name) == ["net"])
    #expect(plan.container.namespaces.contains(.time) && !plan.items[clone].step.text.contains("NEWTIME"))
  }
}
