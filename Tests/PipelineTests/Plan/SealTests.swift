import SystemPackage
import Testing

@testable import Pipeline

/// A stage after whose last steps setpriority(2) can't be called.
private struct Sealing: IsolationStage {
  static let name = "sealing"
  static let help = "Refuses setpriority."
  static let isSeal = true
  init() {}

  func beforeExec(_ container: Container) -> [Step] { [.noting("seccomp(…)")] }
  func refusal(of call: String, _ container: Container) -> Advice? {
    call == "setpriority" ? Advice(why: "it refuses {call}, which {stage} calls", fix: "leave one out") : nil
  }
}

/// A stage of another package, which Pipeline and all other stages have never heard of.
private struct Foreign: IsolationStage {
  static let name = "foreign"
  static let help = "Acts when and how its line says."
  static let options = [
    StageOption("call", \Self.call, "what it calls"), StageOption("phase", \Self.phase, "when it does"),
  ]
  static let isRepeatable = true
  enum When: String, CaseIterable { case early, late, last }
  var call = "umask"
  var phase = When.late
  init() {}

  private var steps: [Step] { [.noting("\(call)(0)")] }
  func inChild(_ container: Container) -> [Step] { phase == .early ? steps : [] }
  func beforeExec(_ container: Container) -> [Step] { phase == .late ? steps : [] }
  func readBack(_ container: Container) -> [Step] { phase == .last ? steps : [] }
}

/// A stage that gives up what `Rightful` needs.
private struct Renouncing: IsolationStage {
  static let name = "renouncing"
  static let help = "Gives something up."
  static let provides = [Facet("poverty")]
  static let options = [StageOption("early", \Self.isEarly, "whether it does so early")]
  var isEarly = false
  init() {}

  func inChild(_ container: Container) -> [Step] { isEarly ? [.noting("give up")] : [] }
  func beforeExec(_ container: Container) -> [Step] { isEarly ? [] : [.noting("give up")] }
}

private struct Rightful: IsolationStage {
  static let name = "rightful"
  static let help = "Needs what is given up."
  static let precedes: KeyValuePairs = [Facet("poverty"): "it takes money"]
  static let options = [StageOption("early", \Self.isEarly, "whether it acts early")]
  var isEarly = false
  init() {}

  func inChild(_ container: Container) -> [Step] { isEarly ? [.noting("spend")] : [] }
  func beforeExec(_ container: Container) -> [Step] { isEarly ? [] : [.noting("spend")] }
}

/// A stage that gives what it must not follow, and one that needs what only it gives.
private struct Alike: IsolationStage {
  static let name = "alike"
  static let help = "Several lines of one kind."
  static let isRepeatable = true
  static let provides = [Facet("alike")]
  static let precedes: KeyValuePairs = [Facet("alike"): "another kind would be in its way"]
  static let needs: KeyValuePairs = [Facet("poverty"): "it is of no use to the rich"]
  init() {}

  func beforeExec(_ container: Container) -> [Step] { [.noting("alike")] }
}

/// One of two that give what only one may.
private struct OneKing: IsolationStage {
  static let name = "king"
  static let help = "Reigns."
  static let provides = [Facet("crown", onlyOnce: "there is one crown")]
  init() {}
}

private struct OneQueen: IsolationStage {
  static let name = "queen"
  static let help = "Reigns too."
  static let provides = [Facet("crown", onlyOnce: "there is one crown")]
  init() {}
}

@Suite("order that follows from what stages do") struct SealTests {
  private static let catalog = StageCatalog([
    Sealing.self, Foreign.self, Renouncing.self, Rightful.self, OneKing.self, OneQueen.self, Alike.self,
  ])

  private func plan(_ lines: String...) throws(Failure) -> Plan {
    let host = FakeHost().host
    let configuration = try Configuration(
      ConfigurationFile(name: "stages.conf", bytes: Array(lines.joined(separator: "\n").utf8)), catalog: Self.catalog,
      host: host)
    return try Plan(configuration.entries, Container(command: [Array("/bin/true".utf8)], host: host))
  }

  private func texts(_ plan: Plan) -> [String] {
    plan.items.filter { $0.phase == .beforeExec && $0.entry != nil }.map(\.step.text)
  }

  @Test("a call behind a seal that refuses it: the seal is to be moved") func aRefusedCall() {
    let failure = refusal { () throws(Failure) in try plan("sealing", "foreign call=setpriority") }
    #expect(
      failure?.text == """
        littlectr: sealing (stages.conf:1): must stand below 'foreign' (stages.conf:2)
          why  it refuses setpriority, which foreign calls
          fix  move 'sealing' from stages.conf:1 to below stages.conf:2
        """)
  }

  @Test("a call that the seal leaves is only odd") func anOddOrder() throws {
    let plan = try plan("sealing", "foreign call=umask", "foreign call=chdir")
    #expect(texts(plan) == ["seccomp(…)", "umask(0)", "chdir(0)"], "the file's order is the order of work")
    #expect(
      plan.container.warnings == [
        "sealing stands above foreign: it works, since nothing is refused of what is called there"
      ])
  }

  @Test("a call behind a seal that fails all the same: the seal may be why") func aCallThatFails() throws {
    let plan = try plan("sealing", "foreign call=umask")
    let step = try #require(plan.items.lastIndex { $0.step.text == "umask(0)" })
    func told(_ step: Int, _ errno: Errno) -> Failure {
      Runner(plan).explain(Runner.StepFailure(step: step, errno: errno))
    }
    let failure = told(step, .permissionDenied)
    #expect(
      failure.why?.hasSuffix("'sealing' (stages.conf:1), which acts before it, doesn't allow the call any more") == true
    )
    #expect(failure.fix?.hasSuffix("move 'sealing' from stages.conf:1 to below stages.conf:2") == true)
    #expect(told(step, .noMemory).why?.contains("sealing") != true, "a seal takes no memory")
    #expect(told(step - 1, .permissionDenied).why?.contains("acts before") != true, "that is the seal's own step")
  }

  @Test("what acts earlier may stand below a seal, without a word") func anEarlierPhase() throws {
    #expect(try plan("sealing", "foreign call=setpriority phase=early").container.warnings.isEmpty)
    #expect(try plan("foreign call=setpriority", "sealing").container.warnings.isEmpty)
  }

  @Test("what is read back comes behind all other steps, wherever its line stands") func readingBackIsLast() throws {
    let plan = try plan("foreign call=statx phase=last", "foreign call=unshare", "sealing")
    #expect(texts(plan) == ["unshare(0)", "seccomp(…)", "statx(0)"])
    let failure = refusal { () throws(Failure) in try self.plan("foreign call=setpriority phase=last", "sealing") }
    #expect(
      failure?.text == """
        littlectr: sealing (stages.conf:2): refuses setpriority
          why  it refuses setpriority, which foreign calls
          fix  leave one out
        """)
  }

  @Test("what takes rights stands above who gives them up, where both act in one phase") func rights() throws {
    #expect(try plan("rightful", "renouncing").container.warnings.isEmpty)
    #expect(
      refusal { () throws(Failure) in try plan("renouncing", "rightful") }?.text == """
        littlectr: renouncing (stages.conf:1): must stand below 'rightful' (stages.conf:2)
          why  it takes money
          fix  move 'renouncing' from stages.conf:1 to below stages.conf:2
        """)
    #expect(try plan("renouncing", "rightful early").items.count > 0)
    let never = refusal { () throws(Failure) in try plan("rightful", "renouncing early") }
    #expect(never?.what == "acts before 'rightful' (stages.conf:1), wherever the lines stand")
    #expect(never?.fix == "leave one of the two out: --without rightful, or --without renouncing")
  }

  @Test("lines of one stage aren't in each other's way, nor do they need themselves") func ofOneKind() throws {
    #expect(try plan("renouncing", "alike", "alike").entries.count == 3)
    #expect(refusal { () throws(Failure) in try plan("alike") }?.what == "needs 'poverty' above it")
  }

  @Test("what only one stage may give") func oneCrown() {
    let failure = refusal { () throws(Failure) in try plan("king", "queen") }
    #expect(failure?.text.contains("queen (stages.conf:2): can't be used beside 'king' (stages.conf:1)") == true)
    #expect(failure?.why == "there is one crown")
  }
}
