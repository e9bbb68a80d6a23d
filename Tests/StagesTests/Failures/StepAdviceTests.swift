import Testing

@testable import Command
@testable import Pipeline
@testable import Stages

/// Each step of whole plans fails with each errno that is usual: a cause is told, and nothing is proposed that is so already.
struct StepAdviceTests {
  private static let errnos: [Errno] = [
    .notPermitted, .permissionDenied, .noSuchFileOrDirectory, .notDirectory, .isDirectory, .fileExists,
    .invalidArgument, .tooManyOpenFiles, .tooManyOpenFilesInSystem, .noMemory, .noSpace, .diskQuotaExceeded,
    .readOnlyFileSystem,
    .resourceBusy, .resourceTemporarilyUnavailable, .ioError, .tooManySymbolicLinkLevels, .fileNameTooLong, .noFunction,
    .operationNotSupportedByDevice, .notSupportedOnSocket, .fileTooLarge, .noSuchProcess, .overflow, .protocolError,
  ]

  private static let texts = [
    "userns\nuts\npid\nipc\ncgroupns\nnet\ntime boottime=1d\nmount\nchroot readonly\noverlay\nproc\nsys\ndev\nterminal\netc",
    "userns\nmount\nhostroot\nproc\nbind from=/srv to=/work\ntmpfs to=/tmp\nfile to=/motd text=x\nuser uid=7\nworkdir path=/work",
    "userns\nmount\nchroot\noverlay upper=/srv/kept\nrlimit nofile=9\nscheduling nice=1 cpus=0 oom=9\nhook run=/usr/bin/newuidmap",
    "userns\npid\nmount\nchroot\nproc\nfds\nkeyring\ncapabilities\ndumpable\nnonewprivs\nlandlock execute=/usr\nseccomp",
    "uts\nmount\nchroot method=chroot", "chroot method=chroot root=/srv", "userns\nmount\nchroot root=/", "", "uts",
    "userns\nmount\nbind from=/srv to=/srv\nexpect nonewprivs=no",
  ]

  private func plan(_ text: String, _ machine: FakeHost) throws(Failure) -> Plan {
    let file = ConfigurationFile(name: "stages.conf", bytes: Array(text.utf8))
    let configuration = try Configuration(file, catalog: tool.catalog, host: machine.host)
    return try Plan(
      configuration.entries, CommandOptions().container([Array("sh".utf8)], configuration, machine.host))
  }

  /// What a remedy must not say, since it is so already or can't be.
  private func contradictions(_ plan: Plan) -> [String] {
    let used = plan.container.stagesInUse.flatMap { stage in
      [
        "switch \(stage) on", "write '\(stage)' above", "write '\(stage)' on", "write '\(stage)' with",
        "with \(stage) ",
      ]
    }
    let unused = tool.catalog.names.filter { !plan.container.stagesInUse.contains($0) }
    return used + unused.flatMap { ["switch \($0) off", "move '\($0)'"] }
      + (plan.container.rootPath == "/" ? ["install it in the image"] : [])
      + (plan.container.host.isRoot ? ["or run as root\n", "sudo"] : [])
  }

  @Test(
    "each step that fails tells a cause, and proposes nothing that is so already",
    arguments: ["user with ranges", "user", "root", "root in a user namespace", "root without setpcap"])
  func aCauseIsTold(host: String) throws {
    let machine = try #require(FakeHost.named(host))
    // Many steps are those of other plans too, and most of what is told is told often.
    var (tried, seen): (Set<String>, Set<String>) = ([], [])
    for text in Self.texts {
      let plan: Plan
      do throws(Failure) { plan = try self.plan(text, machine) } catch { continue }
      let contradictions = contradictions(plan)
      let kind = "\(plan.container.rootPath == "/") \(plan.container.stagesInUse.contains("userns")) "
      let runner = Runner(plan)
      for index in plan.items.indices where tried.insert(kind + plan.items[index].step.text).inserted {
        for errno in Self.errnos {
          let failure = runner.explain(Runner.StepFailure(step: index, errno: errno))
          guard let why = failure.why, let fix = failure.fix, !why.isEmpty, !fix.isEmpty else {
            Issue.record("nothing is told: \(failure.text)")
            continue
          }
          guard seen.insert(why + fix + kind).inserted else { continue }
          let told = why + "\n" + fix + "\n"
          for words in contradictions where told.contains(words) {
            Issue.record("\(words): it is so already, or can't be: \(failure.text)")
          }
          if told.contains("{") { Issue.record("a name isn't filled: \(failure.text)") }
        }
      }
    }
  }

  private func told(
    _ text: String, _ call: String, _ errno: Errno, _ change: (inout FakeHost) -> Void = { _ in }
  ) throws -> String {
    var machine = try #require(FakeHost.named("user with ranges"))
    change(&machine)
    let plan = try plan(text, machine)
    let index = try #require(plan.items.firstIndex { $0.step.text.hasPrefix(call + "(") })
    return Runner(plan).explain(Runner.StepFailure(step: index, errno: errno)).text
  }

  @Test func theMachineIsLookedAt() throws {
    let text = "userns\nmount\nchroot"
    for call in ["mount", "open_tree", "move_mount", "mount_setattr"] {
      #expect(try told(text, call, .notPermitted).contains("which are locked"), "\(call)")
      let filtered = try told(text, call, .notPermitted) { $0.files["/proc/self/status"] = "Seccomp:\t2\n" }
      #expect(filtered.contains("a filter of system calls that was there before littlectr may refuse \(call)"))
      let confined = try told(text, call, .permissionDenied) {
        $0.files["/proc/self/attr/current"] = "snap.x (enforce)\n"
      }
      #expect(confined.contains("under the AppArmor profile snap.x (enforce), which may refuse \(call)"), "\(confined)")
      let labelled = try told(text, call, .permissionDenied) { $0.files["/sys/fs/selinux/enforce"] = "1" }
      #expect(labelled.contains("SELinux is enforcing"))
    }
    let limits =
      "Limit                     Soft Limit           Hard Limit           Units\nMax open files            64  128 files\n"
    #expect(
      try told(text, "open_tree", .tooManyOpenFiles) { $0.files["/proc/self/limits"] = limits }.contains("than 64,"))
    #expect(
      try told(text, "clone3", .notPermitted) { $0.files["/proc/self/mountinfo"] = "1 2 8:1 / / rw - ext4 x rw" }
        .contains("chroot(2)"))
  }

  @Test("a failure of --fault says that it was made")
  func aMadeFailureSaysSo() throws {
    let machine = try #require(FakeHost.named("user"))
    var runner = Runner(try plan("userns\nuts", machine))
    runner.fault = .failing(step: 0, .ioError)
    #expect(
      runner.explain(Runner.StepFailure(step: 0, errno: .ioError)).text.hasSuffix(
        "\n  note this failure was made by --fault"))
    #expect(!runner.explain(Runner.StepFailure(step: 1, errno: .ioError)).text.contains("--fault"))
  }

  @Test(arguments: [(".", ""), ("./x", "/x"), ("../x", "/../x")])
  func aRelativeVolumeKeepsItsPath(word: String, below: String) throws {
    let machine = try #require(FakeHost.named("user"))
    var configuration = try Configuration(
      ConfigurationFile(name: "stages.conf", bytes: Array("userns\nmount".utf8)), catalog: tool.catalog,
      host: machine.host)
    try arguments(RunCommand.self, ["-v", word]).options.change(&configuration)
    let plan = try Plan(configuration.entries, CommandOptions().container([], configuration, machine.host))
    let place = FilePath(FakeHost.here + below).lexicallyNormalized().text
    #expect(plan.container.shared.contains { $0.what.hasSuffix(" at \(place)") }, "\(plan.container.shared)")
  }

  @Test("advice names the option of the command line, and no line of the file that isn't there")
  func anOptionIsNoLine() throws {
    let machine = try #require(FakeHost.named("user"))
    let file = ConfigurationFile(name: "stages.conf", bytes: Array("userns\nworkdir\nmount\nchroot\noverlay".utf8))
    var configuration = try Configuration(file, catalog: tool.catalog, host: machine.host)
    try arguments(RunCommand.self, ["-u", "7"]).options.change(&configuration)
    let order = refusal { () throws(Failure) in
      try Plan(configuration.entries, CommandOptions().container([], configuration, machine.host))
    }
    #expect(
      order?.fix?.hasPrefix("move 'workdir' from stages.conf:2 to below stages.conf:") == true, "\(order?.text ?? "")")
    var bound = try Configuration(
      ConfigurationFile(name: "stages.conf", bytes: Array("userns\nmount".utf8)), catalog: tool.catalog,
      host: machine.host)
    try arguments(RunCommand.self, ["-v", "/gone"]).options.change(&bound)
    let plan = try Plan(bound.entries, CommandOptions().container([], bound, machine.host))
    let index = try #require(plan.items.firstIndex { $0.step.text.hasPrefix("open_tree(") })
    let told = Runner(plan).explain(Runner.StepFailure(step: index, errno: .noSuchFileOrDirectory)).text
    #expect(told.contains("--with 'bind from=/gone to=PATH optional=yes' instead of -v /gone"), "\(told)")
  }
}
