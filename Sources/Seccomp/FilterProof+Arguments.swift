extension FilterProof {
  /// What a filter's accumulator holds.
  enum Loaded {
    case nothing
    case number(UInt32)
    /// Bits of a half of an argument.
    case word(Int, mask: UInt32)
  }

  /// Whether all ways from an instruction on end in the answer that the call is to get.
  mutating func follow(_ index: Int, _ loaded: Loaded) -> Bool {
    var (index, loaded) = (index, loaded)
    while true {
      if !takeStep() { return false }
      let instruction = code[index]
      index += 1
      switch instruction.code {
      case FilterInstruction.load:
        switch instruction.operand {
        case FilterInstruction.numberOffset: loaded = .number(call.number)
        case FilterInstruction.architectureOffset: loaded = .number(call.audit)
        default:
          if instruction.operand < Self.argumentsOffset { return false }
          loaded = .word(Int(instruction.operand - Self.argumentsOffset) / 4, mask: .max)
        }
      case FilterInstruction.and:
        switch loaded {
        case .nothing: return false
        case .number(let value): loaded = .number(value & instruction.operand)
        case .word(let word, let mask): loaded = .word(word, mask: mask & instruction.operand)
        }
      case FilterInstruction.jump: index += Int(instruction.operand)
      case FilterInstruction.answer: return isWanted(instruction.operand)
      default:
        switch loaded {
        case .nothing: return false
        case .number(let value): index += instruction.holds(value) ? instruction.ifTrue : instruction.ifFalse
        case .word(let word, let mask):
          let (test, negates) = WordTest.of(instruction, word, mask)
          return fork(test) { proof, holds in
            proof.follow(index + (holds != negates ? instruction.ifTrue : instruction.ifFalse), loaded)
          }
        }
      }
    }
  }

  /// Goes on with a test's outcome; with both, where what is known doesn't tell it.
  mutating func fork(_ test: WordTest, _ body: (inout FilterProof, Bool) -> Bool) -> Bool {
    if !takeStep() || depth == Self.deepest { return false }
    depth += 1
    defer { depth -= 1 }
    switch test.outcome(facts) {
    case .holds: return body(&self, true)
    case .fails: return body(&self, false)
    case .never: return true
    case .open:
      for holds in [true, false] {
        facts.append(WordFact(test: test, holds: holds))
        let isRight = body(&self, holds)
        facts.removeLast()
        if !isRight { return false }
      }
      return true
    }
  }

  /// Whether the call is to get that answer, on the way that is followed.
  private mutating func isWanted(_ answer: UInt32) -> Bool {
    if let action = call.answer.action { return action == answer }
    return program(0, allows: answer)
  }

  /// Whether the rules of a program, and of those to which it leaves the call, allow an answer.
  private mutating func program(_ program: Int, allows answer: UInt32) -> Bool {
    for bits in call.rules {
      let (place, rule) = rule(bits)
      guard place.program == program, rule.conditions.isEmpty, place.through == nil else { continue }
      // It counts before all others.
      return accepts(rule.action, from: program, answer)
    }
    return rules(of: program, from: 0, allow: answer, anyHolds: false)
  }

  private func rule(_ bits: UInt64) -> (place: ExpectedCalls.Place, rule: FilterRule) {
    let place = ExpectedCalls.Place(bits: bits)
    return (place, expected.source.programs[place.program].rules[place.rule])
  }

  /// Of several rules that hold, any may count.
  private mutating func rules(of program: Int, from start: Int, allow answer: UInt32, anyHolds: Bool) -> Bool {
    var index = start
    while index < call.rules.count {
      let (place, rule) = rule(call.rules[index])
      index += 1
      if place.program != program { continue }
      let next = index
      return test(rule.conditions, place.through) { proof, holds in
        if holds, proof.accepts(rule.action, from: program, answer) { return true }
        return proof.rules(of: program, from: next, allow: answer, anyHolds: anyHolds || holds)
      }
    }
    return !anyHolds && accepts(expected.source.programs[program].otherwise, from: program, answer)
  }

  private mutating func accepts(_ action: FilterAction, from program: Int, _ answer: UInt32) -> Bool {
    if let next = expected.source.link(action, from: program) { return self.program(next, allows: answer) }
    return action.rawValue == answer
  }
}
