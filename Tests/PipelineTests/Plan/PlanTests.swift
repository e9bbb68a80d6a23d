import SystemPackage
import Testing

@testable import Pipeline

struct PlanTests {
  @Test func stepsStandByPhaseAndLine() throws {
    let plan = try plan("sample\nplain")
    #expect(
      plan.texts(.beforeClone) == [
        "plain beforeClone", "socketpair(AF_UNIX, SOCK_SEQPACKET|SOCK_CLOEXEC, 0, [<parent>, <child-end>])",
      ])
    #expect(
      plan.texts(.clone) == ["clone3({flags=0, exit_signal=SIGCHLD, stack=NULL, stack_size=0}, 88) = <child>"])
    #expect(
      plan.texts(.whileChildWaits) == ["plain whileChildWaits", #"sendto(<parent>, "g", 1, MSG_NOSIGNAL, NULL, 0)"#])
    #expect(plan.texts(.inChild).last == "plain inChild")
    #expect(plan.texts(.beforeExec) == ["umask(<umask>)", "plain beforeExec"])
    #expect(plan.texts(.exec).last?.hasSuffix(#"execve("/bin/true", ["/bin/true"], <3 variables>)"#) == true)
    #expect(plan.items.map(\.phase) == plan.items.map(\.phase).sorted())
  }

  @Test func theChildWaitsBeforeAnythingElse() throws {
    let child = try plan("plain").texts(.inChild)
    #expect(child.count == 6)
    #expect(
      child[..<4] == ["prctl(PR_SET_PDEATHSIG, SIGKILL)", "setpgid(0, 0)", "umask(022) = <umask>", "close(<parent>)"])
    #expect(child[4].hasPrefix("recvfrom(<child-end>, \"g\""))
  }

  /// What another container's filter may only say to be done is looked at, and nothing is where there is no filter.
  @Test func underAFilterWhatIsDoneIsReadBack() throws {
    var machine = FakeHost()
    let added = ["recvfrom(<parent>, \"?\", 1, MSG_DONTWAIT, NULL, NULL) = 1", "\ngetpid()"]
    for isFiltered in [false, true] {
      machine.isFiltered = isFiltered
      let texts = try plan("plain", machine).items.map(\.step.text).joined(separator: "\n")
      for text in added { #expect(texts.contains(text) == isFiltered, "\(text)") }
    }
  }

  @Test func atATerminalTheProcessGroupStays() throws {
    var machine = FakeHost()
    machine.terminals = [0, 1, 2]
    #expect(try plan("plain", machine).texts(.inChild)[1] == "umask(022) = <umask>")
    #expect(try plan("plain", machine).texts(.exec).allSatisfy { !$0.contains("setpgid") })
  }

  @Test func aSessionOfItsOwnTakesTheGroupsPlace() throws {
    for terminals: Set<Int32> in [[], [0, 1, 2]] {
      var machine = FakeHost()
      machine.terminals = terminals
      #expect(try plan("apart", machine).texts(.inChild)[1] == "setsid()")
    }
  }

  @Test func namespacesAreMadeInOneCall() throws {
    #expect(try plan("broken namespace\nplain").texts(.clone).first?.contains("flags=CLONE_NEWIPC,") == true)
  }

  @Test func theCommandIsLookedForInTheContainersPath() throws {
    let text = try #require(try plan("", FakeHost(), ["sh", "-c", "a b"]).texts(.exec).last)
    let paths = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
    #expect(
      text.split(separator: "\n").dropFirst().map(String.init)
        == paths.map { #"execve("\#($0)/sh", ["sh", "-c", "a b"], <3 variables>)"# })
  }

  @Test func theEnvironmentStartsShort() {
    var machine = FakeHost()
    machine.environment = ["TERM": "vt100", "SECRET": "x", "PATH": "/home/ada/bin"]
    var container = Container(command: [], host: machine.host)
    #expect(container.environment.map(\.name) == ["PATH", "HOME", "LANG", "TERM"])
    #expect(container[environment: "TERM"] == "vt100")
    #expect(container[environment: "PATH"]?.hasPrefix("/usr/local/sbin:") == true)
    container[environment: "HOME"] = "/root"
    container[environment: "HOME"] = "/home"
    #expect(container[environment: "HOME"] == "/home")
    #expect(container.environment.filter { $0.name == "HOME" }.count == 1)
    container[environment: "HOME"] = nil
    #expect(container[environment: "HOME"] == nil)
  }

  @Test func aRefusalNamesStageAndLine() {
    #expect(
      refusal { () throws(Failure) in try plan("plain\nbroken") }?.text == """
        littlectr: broken (stages.conf:2): broken on purpose
          why  a test wants it
          fix  leave it out
        """)
  }

  @Test func aLineWithTryIsLeftOutWhereTheHostLacksSomething() throws {
    let plan = try plan("plain\ntry lacking")
    #expect(plan.entries.map(\.name) == ["plain"])
    #expect(
      plan.leftOut.map { Runner.note($0) } == [
        "littlectr: went on without lacking (stages.conf:2): nothing to work with"
      ])
  }

  @Test func aMistakeIsRefusedWithTryToo() {
    let failure = refusal { () throws(Failure) in try plan("plain\ntry broken") }
    #expect(failure?.text.hasPrefix("littlectr: broken (stages.conf:2): broken on purpose") == true)
  }

  @Test func aLineThatIsOffIsPassedOver() throws {
    #expect(try plan("off broken\nplain").entries.map(\.name) == ["plain"])
  }

  @Test("when the parent fails, only the lines with try that caused it are left out")
  func linesWithTryAreBlamedForWhatTheParentCanNot() throws {
    let plan = try plan("try sample\nplain\ntry broken namespace")
    let clone = try #require(plan.failure("clone3", .invalidArgument))
    #expect(plan.excusable(after: clone).map(\.name) == ["broken"], "only it wants a namespace")
    let other = try #require(plan.failure("plain beforeClone", .noSpace))
    #expect(plan.excusable(after: other).isEmpty, "plain isn't marked")
    let child = try #require(plan.failure("plain inChild", .noSpace))
    #expect(plan.excusable(after: child).isEmpty)
    #expect(plan.excusable(after: Failure("nothing")).isEmpty)
  }

  @Test func stepsOfAStageAreFound() throws {
    let plan = try plan("sample\nplain")
    #expect(plan.steps(of: 0).isEmpty)
    #expect(plan.steps(of: 1).map(\.item.phase) == [.beforeClone, .whileChildWaits, .inChild, .beforeExec])
    #expect(plan.steps(of: nil).count + 4 == plan.items.count)
  }

  @Test func mountsReachTheHostOnlyWithoutNamespaces() {
    var container = Container(command: [], host: FakeHost().host)
    #expect(container.mountsReachHost)
    for (propagation, reaches) in [
      (Container.Propagation.private, false), (.slave, false), (.shared, true), (.unchanged, true),
    ] {
      container.propagation = propagation
      container.namespaces = .mount
      #expect(container.mountsReachHost == reaches)
      container.namespaces = [.mount, .user]
      #expect(!container.mountsReachHost)
    }
  }
}
