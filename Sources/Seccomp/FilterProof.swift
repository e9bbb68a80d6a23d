/// Proves that a filter says to every call what its source does, whatever wrote it: all ways through it are followed, with all
/// numbers, architectures and arguments at once. What can't be proved counts as wrong.
///
/// A way knows the architecture, an interval of numbers, and of arguments what was compared before.
struct FilterProof {
  let code: FilterCode
  let expected: ExpectedCalls
  /// More than any filter of ours takes, and little enough to be no hindrance.
  var stepsLeft = 200_000
  /// How many comparisons of arguments are nested in each other: each takes some of the stack.
  var depth = 0
  /// Some four times what any filter of ours nests, and little enough for the smallest stack that littlectr starts with.
  static let deepest = 128
  /// What is known of the arguments on the way that is followed.
  var facts: [WordFact] = []
  /// The call whose arguments are followed.
  var call = Call()

  struct Call {
    var number: UInt32 = 0
    var audit: UInt32 = 0
    var answer = ExpectedCalls.Answer.unruled
    /// Its rules, `ExpectedCalls.Place`, if arguments decide.
    var rules: [UInt64] = []
    /// Of its arguments the upper halves don't count.
    var isNarrow = false
  }

  private struct Way {
    var index = 0
    var first: UInt32 = 0
    var last = UInt32.max
    /// Which word of the call was loaded last; nil for none.
    var loaded: UInt32?
  }

  /// Where in `struct seccomp_data` the arguments begin.
  static let argumentsOffset: UInt32 = 16

  mutating func holds() -> Bool {
    if expected.isImpossible || expected.tables.isEmpty || !code.isSound { return false }
    var audits: [UInt32] = []
    for table in expected.tables where !audits.contains(table.architecture.audit) {
      audits.append(table.architecture.audit)
    }
    for audit in audits where !isRight(on: audit) { return false }
    return isRight(beside: audits)
  }

  mutating func takeStep() -> Bool {
    stepsLeft -= 1
    return stepsLeft > 0
  }

  /// Whether all calls of an architecture get their answers.
  private mutating func isRight(on audit: UInt32) -> Bool {
    var open = [Way()]
    while var way = open.popLast() {
      walk: while true {
        if !takeStep() { return false }
        let instruction = code[way.index]
        way.index += 1
        switch instruction.code {
        case FilterInstruction.load:
          if instruction.operand >= Self.argumentsOffset {
            if !isRight(from: way.index - 1, way.first, way.last, audit) { return false }
            break walk
          }
          // Where a call comes from is nothing that a rule asks.
          if instruction.operand > FilterInstruction.architectureOffset { return false }
          way.loaded = instruction.operand
        case FilterInstruction.jump: way.index += Int(instruction.operand)
        case FilterInstruction.answer:
          if !isRight(instruction.operand, at: way.index - 1, way.first, way.last, audit) { return false }
          break walk
        case FilterInstruction.jumpIfEqual, FilterInstruction.jumpIfMore, FilterInstruction.jumpIfAtLeast:
          if way.loaded == FilterInstruction.architectureOffset {
            way.index += instruction.holds(audit) ? instruction.ifTrue : instruction.ifFalse
          } else if way.loaded == FilterInstruction.numberOffset {
            Self.split(way, instruction, &open)
            break walk
          } else {
            return false
          }
        default: return false
        }
      }
    }
    return true
  }

  /// Adds the ways on from a comparison of the number.
  private static func split(_ way: Way, _ jump: FilterInstruction, _ open: inout [Way]) {
    let value = jump.operand
    func add(_ first: UInt32, _ last: UInt32, _ holds: Bool) {
      open.append(
        Way(index: way.index + (holds ? jump.ifTrue : jump.ifFalse), first: first, last: last, loaded: way.loaded))
    }
    if jump.code == FilterInstruction.jumpIfEqual {
      if way.first < value { add(way.first, min(way.last, value - 1), false) }
      if way.first <= value, value <= way.last { add(value, value, true) }
      if way.last > value { add(max(way.first, value + 1), way.last, false) }
      return
    }
    // The first number for which it holds; there may be none.
    let isMore = jump.code == FilterInstruction.jumpIfMore
    if isMore, value == .max { return add(way.first, way.last, false) }
    let bound = isMore ? value + 1 : value
    if way.first < bound { add(way.first, min(way.last, bound - 1), false) }
    if way.last >= bound { add(max(way.first, bound), way.last, true) }
  }

  /// Whether calls of other architectures get theirs: all ways are followed but those that are taken for one of ours.
  private mutating func isRight(beside audits: [UInt32]) -> Bool {
    var seen = [Bool](repeating: false, count: 2 * code.instructions.count)
    var open = [Way()]
    while var way = open.popLast() {
      walk: while true {
        let isArchitecture = way.loaded == FilterInstruction.architectureOffset
        let place = 2 * way.index + (isArchitecture ? 1 : 0)
        if seen[place] { break walk }
        seen[place] = true
        let instruction = code[way.index]
        way.index += 1
        switch instruction.code {
        case FilterInstruction.load: way.loaded = instruction.operand
        case FilterInstruction.jump: way.index += Int(instruction.operand)
        case FilterInstruction.and: if isArchitecture { return false }
        case FilterInstruction.answer:
          if instruction.operand != expected.source.foreign.rawValue { return false }
          break walk
        default:
          var other = way
          other.index += instruction.ifTrue
          way.index += instruction.ifFalse
          let isOurs = instruction.code == FilterInstruction.jumpIfEqual && audits.contains(instruction.operand)
          if !isArchitecture || !isOurs { open.append(other) }
        }
      }
    }
    return true
  }
}

extension FilterSource {
  /// Whether a filter says to every call what this source does, and is installed as this source says.
  public func means(_ filter: CompiledFilter) -> Bool {
    if filter.flags != flags { return false }
    let expected = ExpectedCalls(self)
    if filter.unknown != expected.unknown { return false }
    var proof = FilterProof(code: filter.code, expected: expected)
    return proof.holds()
  }
}
