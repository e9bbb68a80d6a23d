import Testing

@testable import Kernel
@testable import Pipeline
@testable import Seccomp

/// Filters of system calls, asked for every call of every architecture.
struct FilterTests {
  static let architectures = FilterArchitecture.run(by: "x86_64")
  private static let refusal = FilterAction.errno(1)
  private static let unknown = FilterAction.errno(38)

  /// A filter of each kind of rule: calls that only some architectures have, comparisons, and a program of its own.
  private static let source = FilterSource(
    [
      FilterProgram(
        otherwise: unknown,
        [
          FilterRule(["read", "write", "exit_group", "getuid32", "fstatat64", "bind", "msgget", "cachestat"], .allow),
          FilterRule(["mount", "ptrace", "umount"], refusal),
          FilterRule(["kill"], .allow, [FilterCondition(argument: 1, .atMost, 9)]),
          FilterRule(["ioctl"], .program(1)), FilterRule(["socket"], .program(2), needsArguments: true),
        ]),
      FilterProgram(otherwise: .allow, [FilterRule(["ioctl"], refusal, [.int(1, is: 0x5412)])]),
      FilterProgram(otherwise: .errno(97), [FilterRule(["socket"], .allow, [.int(0, is: 1)], needsArguments: true)]),
    ], architectures)

  /// What a rule is for, by looking at the names alone.
  private static func expected(_ name: String, _ place: Int, _ arguments: [UInt64]) -> FilterAction? {
    switch name {
    case "read", "write", "exit_group", "getuid32", "fstatat64", "bind", "msgget": .allow
    // Other architectures have it only if the library knows it.
    case "cachestat": place == 0 || FilterLibrary.number(of: name) != nil ? .allow : nil
    case "mount", "ptrace", "umount": refusal
    case "kill": arguments[1] <= 9 ? .allow : unknown
    case "ioctl": arguments[1] & 0xffff_ffff == 0x5412 ? refusal : .allow
    case "socket": place == 1 ? unknown : arguments[0] & 0xffff_ffff == 1 ? .allow : .errno(97)
    default: nil
    }
  }

  @Test(arguments: [
    [UInt64(0), 0], [1, 9], [0x1_0000_0001, 10], [2, 0x5412], [1, 0x1_0000_5412], [0xffff_ffff_0000_0001, 0x5413],
  ])
  func everyCallOfEveryArchitectureGetsItsAnswer(arguments: [UInt64]) throws {
    let code = try Self.source.compiled().code
    #expect(code.isSound)
    let named =
      ["read", "write", "exit_group", "getuid32", "fstatat64", "bind", "msgget", "cachestat", "mount", "ptrace"]
      + ["umount", "kill", "ioctl", "socket"]
    for (place, architecture) in Self.architectures.enumerated() {
      var answers: [UInt32: FilterAction] = [:]
      for name in named {
        let new = name == "cachestat" && place == 0 ? Int32(451) : nil
        guard let number = FilterLibrary.number(of: name, on: architecture.rawValue) ?? new, number >= 0 else {
          continue
        }
        answers[UInt32(number)] = Self.expected(name, place, arguments)
      }
      let bit: UInt32 = architecture == .x32 ? 0x4000_0000 : 0
      for number in (0..<600).map({ bit | $0 }) + [bit | 0x3fff_ffff, 0xffff_ffff] {
        // i386 has one call each for all that has to do with sockets, and with System V IPC.
        if place == 1, number == 102 || number == 117 { continue }
        // And beside them calls of their own.
        if place == 1 { for direct: UInt32 in [361, 399] { answers[direct] = .allow } }
        let answer = code.answer(to: number, on: architecture.audit, arguments)
        #expect(answer == answers[number] ?? Self.unknown, "\(architecture.name) \(number) \(arguments)")
      }
    }
    for foreign in [UInt32(0), 0xc000_00b7, 0x4000_003e, .max] {
      #expect(code.answer(to: 0, on: foreign, arguments) == .killProcess)
    }
  }

  @Test func onI386SocketcallLetsThroughWhatHasARuleAndNoSocket() throws {
    let code = try Self.source.compiled().code
    let audit = FilterArchitecture.i386.audit
    #expect(code.answer(to: 102, on: audit, [2]) == .allow, "bind")
    #expect(code.answer(to: 102, on: audit, [1]) == Self.unknown, "socket")
    #expect(code.answer(to: 359, on: audit, [1]) == Self.unknown, "socket")
    #expect(code.answer(to: 117, on: audit, [13]) == .allow, "msgget")
    #expect(code.answer(to: 117, on: audit, [21]) == Self.unknown, "shmat")
  }

  /// The short filter says the same as the long one, to each number at which either changes its mind.
  @Test func compactingChangesNothingButTheLength() throws {
    let codes = try Self.source.programs.map { program in
      let rules = program.rules.flatMap { rule in
        rule.calls.compactMap { name -> FilterLibrary.Rule? in
          guard let number = FilterLibrary.number(of: name) else { return nil }
          return FilterLibrary.Rule(
            call: number, action: rule.action.rawValue, architectures: rule.needsArguments ? 5 : 7,
            conditions: rule.conditions.map {
              FilterLibrary.Condition(
                argument: UInt32($0.argument), comparison: $0.comparison.rawValue, value: $0.value, second: $0.second)
            })
        }
      }
      return FilterCode(
        try FilterLibrary.compile(
          rules, otherwise: program.otherwise.rawValue, foreign: FilterAction.killProcess.rawValue,
          architectures: Self.architectures.map(\.rawValue)))
    }
    let long = FilterCode.linking(codes)
    let short = FilterCompactor.compacted(long, Self.architectures)
    #expect(short.isSound)
    let constants = (long.instructions + short.instructions).map { UInt32($0 >> 32) }
    let numbers = Set(constants.flatMap { [$0, $0 &+ 1, $0 &- 1] })
    for audit in [FilterArchitecture.amd64.audit, FilterArchitecture.i386.audit, 7] {
      for number in numbers {
        for arguments in [[0, 0], [1, 0x5412], [1, 9], [2, 0x2_0000_0000]] as [[UInt64]] {
          let (a, b) = (long.answer(to: number, on: audit, arguments), short.answer(to: number, on: audit, arguments))
          #expect(a == b, "\(audit) \(number) \(arguments)")
        }
      }
    }
  }

  @Test func whatTheCompactorDoesntUnderstandStaysAsItIs() {
    // A filter that looks at single bits of the number.
    let odd = FilterCode(
      [
        FilterInstruction(FilterInstruction.load, 0), FilterInstruction(FilterInstruction.jumpIfAnyBit, 1, ifTrue: 1),
        FilterInstruction(FilterInstruction.answer, 0), FilterInstruction(FilterInstruction.answer, 0x7fff_0000),
      ].map(\.bits))
    #expect(FilterCompactor.compacted(odd, Self.architectures) == odd)
    #expect(odd.answer(to: 3, on: 0) == .allow && odd.answer(to: 2, on: 0) == .killThread)
  }

  @Test func whatCantBeAFilterIsntSound() {
    let allow = FilterInstruction(FilterInstruction.answer, 0x7fff_0000).bits
    #expect(FilterCode([allow]).isSound)
    let broken: [[UInt64]] = [
      [], [FilterInstruction(FilterInstruction.load, 0).bits], [FilterInstruction(FilterInstruction.jump, 0).bits],
      [FilterInstruction(FilterInstruction.jump, 1).bits, allow],
      [FilterInstruction(FilterInstruction.jumpIfEqual, 0, ifTrue: 1).bits, allow],
      [FilterInstruction(FilterInstruction.jumpIfEqual, 0, ifFalse: 255).bits, allow],
      [FilterInstruction(FilterInstruction.load, 2).bits, allow],
      [FilterInstruction(FilterInstruction.load, 64).bits, allow], [0x16, allow], [0x87, allow],
      [UInt64](repeating: allow, count: 4097),
    ]
    for code in broken { #expect(!FilterCode(code).isSound) }
  }

  @Test("rules that can't be compiled are refused with the reason")
  func mistakesAreTold() {
    func error(_ rules: [FilterRule], strict: [String] = []) -> FilterError? {
      var source = FilterSource([FilterProgram(otherwise: Self.unknown, rules)], Self.architectures)
      source.strict = strict
      do throws(FilterError) { _ = try source.compiled() } catch { return error }
      return nil
    }
    #expect(error([FilterRule(["nosuchcall"], .allow)], strict: ["nosuchcall"]) == .unknownCall("nosuchcall"))
    #expect(error([FilterRule(["nosuchcall"], .allow)]) == nil, "a profile may name what is newer")
    let open = FilterSource(
      [FilterProgram(otherwise: .allow, [FilterRule(["nosuchcall"], .errno(1))])], Self.architectures)
    #expect(throws: FilterError.notRefused("nosuchcall")) { try open.compiled() }
    #expect(error([FilterRule(["read"], .allow), FilterRule(["read"], .allow)]) == nil)
    let many = (0..<5000).map { FilterRule(["read"], .allow, [FilterCondition(argument: 0, .equal, UInt64($0 * 3))]) }
    guard case .tooLong(let count)? = error(many) else {
      Issue.record("it isn't too long")
      return
    }
    #expect(count > FilterCode.largest)
  }

  /// libseccomp 2.5 lets the second rule win where neither holds: such a filter is refused.
  @Test func aFilterThatIsntWhatTheRulesSayIsRefused() {
    let rules = [
      FilterRule(["kill"], .allow, [FilterCondition(argument: 1, .atMost, 9)]),
      FilterRule(["kill"], .killProcess, [FilterCondition(argument: 1, .more, 0x1_0000_0000)]),
    ]
    let source = FilterSource([FilterProgram(otherwise: Self.unknown, rules)], Self.architectures)
    do throws(FilterError) {
      let code = try source.compiled().code
      #expect(code.answer(to: 62, on: FilterArchitecture.amd64.audit, [0, 10]) == Self.unknown)
    } catch { #expect(error == .wrong("kill")) }
    let swapped = FilterCode([FilterInstruction(FilterInstruction.answer, FilterAction.allow.rawValue).bits])
    #expect(FilterVerifier(program: source.programs[0], source: source, code: swapped).mistaken() == "kill")
  }

  @Test func unknownNamesAreKept() throws {
    let rules = [FilterRule(["read", "future_call", "future_call"], .allow)]
    let source = FilterSource([FilterProgram(otherwise: Self.unknown, rules)], Self.architectures)
    #expect(try source.compiled().unknown == ["future_call"])
  }

  /// Where a kernel may lack a call, a filter that answers as if it did is taken.
  @Test func whatAKernelMayLackAFilterMayHide() throws {
    func refused(_ action: FilterAction, mayLack: Bool) throws -> String? {
      let rule = FilterRule(["landlock_restrict_self"], action)
      let source = FilterSource([FilterProgram(otherwise: .allow, [rule])], Self.architectures)
      return NeededCalls.refused(NeededCalls.probe, by: try source.compiled().code, of: source, mayLack: mayLack)
    }
    #expect(try refused(.allow, mayLack: false) == nil && refused(.log, mayLack: false) == nil)
    #expect(try refused(.errno(38), mayLack: true) == nil)
    #expect(try refused(.errno(38), mayLack: false) == "landlock_restrict_self")
    for action in [FilterAction.errno(1), .killProcess, .trap] {
      #expect(try refused(action, mayLack: true) == "landlock_restrict_self")
    }
  }

  @Test func aFilterThatRefusesWhatLittlectrNeedsIsFound() throws {
    let names = NeededCalls.all.map(\.name)
    for missing in [nil, "prctl", "execve", "wait4"] as [String?] {
      let rules = [FilterRule(names.filter { $0 != missing }, .allow)]
      let source = FilterSource([FilterProgram(otherwise: Self.unknown, rules)], Self.architectures)
      #expect(NeededCalls.refused(by: try source.compiled().code, of: source) == missing)
    }
    for name in names + (NeededCalls.witness + NeededCalls.probe).map(\.name) {
      #expect(FilterLibrary.number(of: name) != nil, "\(name)")
    }
  }
}
