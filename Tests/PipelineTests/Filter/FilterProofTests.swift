import Testing

@testable import Kernel
@testable import Pipeline
@testable import Seccomp

/// Whether a filter that was kept is told from another, whatever the other is.
struct FilterProofTests {
  private static let architectures = FilterArchitecture.run(by: "x86_64")
  private static let refusal = FilterAction.errno(1)
  private static let unknown = FilterAction.errno(38)
  private static let calls = [
    "read", "write", "exit_group", "getuid32", "fstatat64", "bind", "msgget", "socket", "kill", "mount", "ptrace",
    "ioctl", "clone", "prctl", "semop", "recvmmsg", "execve", "personality", "lseek", "accept",
  ]

  /// A source of each kind of rule: calls that some architectures have, that others stand for, comparisons, further programs.
  static func source(_ architectures: [FilterArchitecture] = architectures, newer: Bool = false) -> FilterSource {
    var source = FilterSource(
      [
        FilterProgram(
          otherwise: unknown,
          [
            FilterRule(
              ["read", "write", "exit_group", "getuid32", "fstatat64", "bind", "msgget", "cachestat"], .allow),
            FilterRule(["mount", "ptrace", "umount"], refusal), FilterRule(["reboot"], .killProcess),
            FilterRule(["kill"], .allow, [FilterCondition(argument: 1, .atMost, 9)]),
            FilterRule(["prctl"], .allow, [.int(0, is: 4), FilterCondition(argument: 1, .notEqual, 7)]),
            FilterRule(["lseek"], .log, [FilterCondition(argument: 1, .more, 0x1234_5678)]),
            FilterRule(["ioctl"], .program(1)), FilterRule(["socket"], .program(2), needsArguments: true),
          ]),
        FilterProgram(
          otherwise: .allow, [0x5412, 0x541c].map { FilterRule(["ioctl"], refusal, [.int(1, is: $0)]) }),
        FilterProgram(
          otherwise: .errno(97),
          [1, 2, 10].map { FilterRule(["socket"], .allow, [.int(0, is: $0)], needsArguments: true) }),
      ], architectures)
    source.newerAreUnknown = newer
    return source
  }

  @Test(arguments: [[0], [0, 1], [0, 2], [0, 1, 2]], [false, true])
  func whatIsCompiledIsRight(_ places: [Int], _ newer: Bool) throws {
    let source = Self.source(places.map { Self.architectures[$0] }, newer: newer)
    let filter = try source.compiled()
    #expect(source.means(filter))
    var other = source
    other.programs[0].rules[0].calls.append("kexec_load")
    #expect(!other.means(filter), "it refuses a call that is to be let through")
    #expect(!source.means(try other.compiled()), "it lets a call through")
    for change in [
      { $0.foreign = .allow }, { $0.flags = .speculates }, { $0.programs[2].otherwise = .errno(1) },
      { $0.programs[0].rules[2].action = .errno(1) }, { $0.programs[0].otherwise = .log },
      { $0.programs[1].rules.removeLast() }, { $0.programs[0].rules[3].conditions = [] },
      { $0.programs[0].rules[4].conditions.removeLast() },
    ] as [(inout FilterSource) -> Void] {
      var other = source
      change(&other)
      #expect(!source.means(try other.compiled()))
      #expect(!other.means(filter))
    }
    for others in [[Self.architectures[0]], Self.architectures] where others != source.architectures {
      #expect(!source.means(try Self.source(others, newer: newer).compiled()))
    }
    #expect(!source.means(CompiledFilter(FilterCode([FilterInstruction(FilterInstruction.answer, 0x7fff_0000).bits]))))
    #expect(!source.means(CompiledFilter(FilterCode([]))))
    #expect(!source.means(CompiledFilter(filter.code, flags: filter.flags, unknown: ["\u{1b}[2J"])))
  }

  /// Each comparison that is nested takes some of the stack.
  @Test func noNumberOfRulesIsTooLargeForTheStack() throws {
    func source(_ rules: [FilterRule]) -> FilterSource {
      FilterSource([FilterProgram(otherwise: .allow, rules)], [Self.architectures[0]])
    }
    let conditions = [FilterCondition(argument: 0, .equal, 9)]
    let named = source([FilterRule([String](repeating: "syncfs", count: 12_000), Self.refusal, conditions)])
    #expect(named.means(try named.compiled()), "a name that a rule has twice is one")
    let many = source((0..<12_000).map { _ in FilterRule(["syncfs"], Self.refusal, conditions) })
    #expect(!many.means(try many.compiled()))
    // As many as people write.
    let usual = source((0..<32).map { FilterRule(["syncfs"], Self.refusal, [.int(0, is: $0)]) })
    #expect(usual.means(try usual.compiled()))
  }

  /// Each part of each instruction is changed, one at a time. What is taken all the same answers to every call as before.
  @Test("a filter with any one part changed is refused, or answers every call as before")
  func whatIsChangedIsFoundOrMeansTheSame() throws {
    let source = Self.source(newer: true)
    let filter = try source.compiled()
    let expected = ExpectedCalls(source)
    let constants = Set(filter.code.instructions.map { UInt32($0 >> 32) })
    var (taken, tried) = (0, 0)
    for index in filter.code.instructions.indices {
      for changed in Self.changes(filter.code[index]) {
        var instructions = filter.code.instructions
        instructions[index] = changed.bits
        let code = FilterCode(instructions)
        var proof = FilterProof(code: code, expected: expected)
        tried += 1
        guard proof.holds() else { continue }
        taken += 1
        if let call = Self.difference(filter.code, code, constants.union([changed.operand])) {
          Issue.record("instruction \(index) of \(filter.code.instructions.count), \(changed): \(call)")
        }
      }
    }
    #expect(taken < tried / 8, "\(taken) of \(tried)")
  }

  private static func changes(_ old: FilterInstruction) -> [FilterInstruction] {
    let constants = [old.operand &+ 1, old.operand &- 1, old.operand ^ 0x8000_0000, 0, 0x7fff_0000, 0x0005_0001]
    var changes = constants.map { FilterInstruction(old.code, $0, ifTrue: old.ifTrue, ifFalse: old.ifFalse) }
    for code: UInt16 in [0x20, 0x54, 0x05, 0x15, 0x25, 0x35, 0x45, 0x06, 0x16] {
      changes.append(FilterInstruction(code, old.operand, ifTrue: old.ifTrue, ifFalse: old.ifFalse))
    }
    for (yes, no) in [
      (old.ifTrue &+ 1, old.ifFalse), (max(old.ifTrue, 1) - 1, old.ifFalse), (old.ifTrue, old.ifFalse &+ 1),
      (old.ifTrue, max(old.ifFalse, 1) - 1), (old.ifFalse, old.ifTrue),
    ] { changes.append(FilterInstruction(old.code, old.operand, ifTrue: yes & 0xff, ifFalse: no & 0xff)) }
    return changes.filter { $0 != old }
  }

  /// A call to which two filters say different things; nil if none is found.
  private static func difference(_ one: FilterCode, _ other: FilterCode, _ constants: Set<UInt32>) -> String? {
    let words = constants.flatMap { [$0, $0 &+ 1, $0 &- 1] }.filter { $0 < 1 << 20 } + [.max]
    for audit in [FilterArchitecture.amd64.audit, FilterArchitecture.i386.audit, 0] {
      let isNarrow = audit & 0x8000_0000 == 0
      for number in Set(constants.flatMap { [$0, $0 &+ 1, $0 &- 1] }) {
        for (first, second) in [(4, 8), (1, 0x5412)] as [(UInt64, UInt64)] {
          let arguments = [first, second, 0, 0, 0, 0]
          if one.answer(to: number, on: audit, arguments) != other.answer(to: number, on: audit, arguments) {
            return "\(audit) \(number) \(arguments)"
          }
        }
      }
      for name in ["kill", "prctl", "lseek", "ioctl", "socket"] where audit != 0 {
        guard let number = FilterLibrary.number(of: name, on: audit), number >= 0 else { continue }
        for word in words {
          for high: UInt64 in isNarrow ? [0] : [0, 1 << 32] {
            let value = high | UInt64(word)
            for arguments: [UInt64] in [[value, 0], [0, value], [4, value]] {
              let first = one.answer(to: UInt32(number), on: audit, arguments)
              let second = other.answer(to: UInt32(number), on: audit, arguments)
              if first != second { return "\(name) \(audit) \(arguments): \(first), then \(second)" }
            }
          }
        }
      }
    }
    return nil
  }

  private static let values: [UInt64] = [
    0, 1, 2, 7, 8, 0xff, 0x5412, 0x7e02_0000, 0xffff_ffff, 0x1_0000_0000, 0x1_0000_0001, .max,
  ]
  private static let actions = [
    FilterAction.allow, .log, .killProcess, .killThread, .trap, .errno(1), .errno(38), .trace(3),
  ]

  /// Rules of any kind.
  private static func rules(_ random: inout SeededGenerator, most: Int, isLong: Bool) -> [FilterRule] {
    func pick<T>(_ list: [T]) -> T { list.randomElement(using: &random) ?? list[0] }
    return calls.shuffled(using: &random).prefix(5).flatMap { name in
      let action = pick(actions)
      return (0..<Int.random(in: 1...most, using: &random)).map { _ in
        let count = Int.random(in: 0...2, using: &random)
        let conditions = [0, 1, 2, 3].shuffled(using: &random).prefix(count).map { argument in
          let value = isLong ? pick(values) : pick(values) & 0xffff_ffff
          let comparison = FilterCondition.Comparison(rawValue: UInt32.random(in: 1...7, using: &random)) ?? .equal
          return FilterCondition(argument: argument, comparison, value, pick([value, 0, value & 0x5555_5555]))
        }
        return FilterRule([name], action, Array(conditions))
      }
    }
  }

  /// What libseccomp makes of one rule a call is what it says.
  @Test func rulesOfAnyKindAreUnderstood() throws {
    var random = SeededGenerator(seed: 9)
    for round in 0..<120 {
      let places = [[0], [0, 1], [0, 1, 2], [0, 2]][round % 4]
      let rules = Self.rules(&random, most: 1, isLong: places == [0])
      var source = FilterSource(
        [FilterProgram(otherwise: Self.actions[round % 8], rules)], places.map { Self.architectures[$0] },
        foreign: [.killProcess, .errno(1)][round / 4 % 2])
      source.newerAreUnknown = round % 3 == 0
      #expect(source.means(try source.compiled()), "\(round): \(source)")
    }
  }

  /// Several rules a call it mixes up now and then: what is taken of these is what they say.
  @Test("a filter that libseccomp made wrong of several rules for one call isn't accepted")
  func whatIsMixedUpIsntTaken() throws {
    var random = SeededGenerator(seed: 10)
    var taken = 0
    for round in 0..<120 {
      let program = FilterProgram(
        otherwise: Self.actions[round % 8], Self.rules(&random, most: 3, isLong: round % 2 == 0))
      let places = round % 2 == 0 ? [0] : [0, 1, 2]
      let source = FilterSource([program], places.map { Self.architectures[$0] })
      guard let filter = try? source.compiled(), source.means(filter) else { continue }
      taken += 1
      let verifier = FilterVerifier(program: program, source: source, code: filter.code)
      for name in Set(program.rules.flatMap(\.calls)) {
        let rules = program.rules.filter { $0.calls.contains(name) && $0.action != program.otherwise }
        for _ in 0..<100 {
          let arguments = (0..<6).map { _ in
            (Self.values.randomElement(using: &random) ?? 0) &+ UInt64.random(in: 0...2, using: &random) &- 1
          }
          #expect(verifier.agrees(name, rules, arguments), "\(round): \(name) \(arguments) \(source)")
        }
      }
    }
    #expect(taken > 60, "\(taken)")
    // A rule's last condition is lost behind another's: libseccomp refuses what neither says.
    let mixed = FilterSource(
      [
        FilterProgram(
          otherwise: .killProcess,
          [
            FilterRule(
              ["personality"], .errno(38),
              [FilterCondition(argument: 2, .notEqual, 0x5412), FilterCondition(argument: 0, .less, 255)]),
            FilterRule(
              ["personality"], .errno(38),
              [
                FilterCondition(argument: 1, .masked, 0x7e02_0000, 0x5400_0000),
                FilterCondition(argument: 0, .atMost, 2),
              ]),
          ])
      ], [.amd64])
    if let filter = try? mixed.compiled() {
      let answer = filter.code.answer(to: 135, on: FilterArchitecture.amd64.audit, [100, 0x5400_0000, 0x5412])
      #expect(mixed.means(filter) == (answer == .killProcess))
    }
  }

  /// A call that others are made through counts among those that a rule is for.
  @Test func sharedCallsArentTakenForNewerOnes() throws {
    let rule = FilterRule(["bind", "msgget"], .allow)
    var source = FilterSource([FilterProgram(otherwise: Self.unknown, [rule])], [.amd64, .i386])
    source.newerAreUnknown = true
    let filter = try source.compiled()
    #expect(source.means(filter))
    for (number, first) in [(102, 2), (117, 13), (361, 0), (399, 0)] as [(UInt32, UInt64)] {
      #expect(filter.code.answer(to: number, on: FilterArchitecture.i386.audit, [first]) == .allow, "\(number)")
    }
    #expect(filter.code.answer(to: 400, on: FilterArchitecture.i386.audit) == Self.unknown)
  }
}
