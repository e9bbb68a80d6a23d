/// Asks a compiled filter what it says to calls whose rules have conditions, at the values where those conditions change, and
/// compares that with the rules. libseccomp 2.5 makes wrong filters of some that compare an argument in several ways.
struct FilterVerifier {
  let program: FilterProgram
  let source: FilterSource
  let code: FilterCode

  /// The first call that the filter treats in another way than the rules; nil if there is none.
  func mistaken() -> String? {
    let conditional = program.rules.filter { !$0.conditions.isEmpty }
    var seen: [String] = []
    for name in conditional.flatMap(\.calls) where !seen.contains(name) {
      seen.append(name)
      let rules = program.rules.filter { $0.calls.contains(name) }
      for arguments in probes(rules) where !agrees(name, rules, arguments) { return name }
    }
    return nil
  }

  /// Whether the filter says to a call what one of its rules does, with those arguments.
  func agrees(_ name: String, _ rules: [FilterRule], _ arguments: [UInt64]) -> Bool {
    let holding = rules.filter { rule in rule.conditions.allSatisfy { $0.holds(for: arguments) } }
    // Of several rules that hold, any may count; and one without conditions counts before all others.
    let certain = holding.filter(\.conditions.isEmpty)
    let actions = holding.isEmpty ? [program.otherwise] : (certain.isEmpty ? holding : certain).map(\.action)
    let isLong = (arguments + rules.flatMap(\.conditions).map(\.value)).contains { $0 > UInt64(UInt32.max) }
    for found in source.numbers(of: name) where !isHidden(found.architecture, rules) {
      // Of arguments of 32 bits, libseccomp doesn't look at what is above: there is nothing.
      if isLong, found.architecture & Self.has64Bits == 0 || found.number & Self.x32 != 0 { continue }
      if !actions.contains(code.answer(to: found.number, on: found.architecture, arguments)) { return false }
    }
    return true
  }

  /// The bit of AUDIT_ARCH_… that says so, and that of x32's numbers.
  private static let has64Bits: UInt32 = 0x8000_0000
  private static let x32: UInt32 = 0x4000_0000

  private func isHidden(_ architecture: UInt32, _ rules: [FilterRule]) -> Bool {
    architecture == FilterArchitecture.i386.audit && rules.contains(where: \.needsArguments)
  }

  /// Arguments around each value that a condition has, one argument at a time, over some that hold for each rule.
  private func probes(_ rules: [FilterRule]) -> [[UInt64]] {
    var probes: [[UInt64]] = []
    for base in [[UInt64](repeating: 0, count: 6), [UInt64](repeating: .max, count: 6)] + rules.map(satisfying) {
      probes.append(base)
      for condition in rules.flatMap(\.conditions) where probes.count < 1000 {
        for value in condition.edges {
          var arguments = base
          arguments[condition.argument] = value
          probes.append(arguments)
        }
      }
      if probes.count >= 1000 { break }
    }
    return probes
  }

  private func satisfying(_ rule: FilterRule) -> [UInt64] {
    var arguments = [UInt64](repeating: 0, count: 6)
    for condition in rule.conditions {
      arguments[condition.argument] = condition.edges.first { condition.holds(for: $0) } ?? condition.value
    }
    return arguments
  }
}

extension FilterCondition {
  func holds(for arguments: [UInt64]) -> Bool { holds(for: arguments[argument]) }

  func holds(for value: UInt64) -> Bool {
    switch comparison {
    case .notEqual: value != self.value
    case .less: value < self.value
    case .atMost: value <= self.value
    case .equal: value == self.value
    case .atLeast: value >= self.value
    case .more: value > self.value
    case .masked: value & self.value == second
    }
  }

  /// Values at which the condition changes, in either half.
  var edges: [UInt64] {
    let middle = comparison == .masked ? second : value
    let inverted = comparison == .masked ? second ^ (value & (~value &+ 1)) : value
    return [
      middle, middle &+ 1, middle &- 1, inverted, middle ^ 1 << 32, middle & 0xffff_ffff, middle | 0xffff_ffff << 32, 0,
      .max,
    ]
  }
}
