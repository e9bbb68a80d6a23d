/// A comparison of a half of an argument, or of some bits of it.
struct WordTest {
  enum Comparison { case equal, more, atLeast }
  /// What is known of its outcome.
  enum Outcome {
    case holds, fails, open
    /// What is known contradicts itself: no call comes here.
    case never
  }

  /// Twice the argument's place, and one more for the upper half.
  let word: Int
  let mask: UInt32
  let comparison: Comparison
  let value: UInt32

  init(word: Int, mask: UInt32, _ comparison: Comparison, _ value: UInt32) {
    (self.word, self.mask, self.comparison, self.value) = (word, mask, comparison, value)
  }

  /// What a jump of a filter's tests, and whether it is taken if the test fails.
  static func of(_ jump: FilterInstruction, _ word: Int, _ mask: UInt32) -> (test: WordTest, negates: Bool) {
    switch jump.code {
    case FilterInstruction.jumpIfEqual: (WordTest(word: word, mask: mask, .equal, jump.operand), false)
    case FilterInstruction.jumpIfMore: (WordTest(word: word, mask: mask, .more, jump.operand), false)
    case FilterInstruction.jumpIfAtLeast: (WordTest(word: word, mask: mask, .atLeast, jump.operand), false)
    default: (WordTest(word: word, mask: mask & jump.operand, .equal, 0), true)
    }
  }

  /// The outcome, as far as some facts tell it.
  func outcome(_ facts: [WordFact]) -> Outcome {
    // Mostly it has been asked just so, or the whole word is known.
    for fact in facts where fact.test.word == word && fact.test.comparison == .equal && comparison == .equal {
      if fact.holds, fact.test.mask == .max { return fact.test.value & mask == value ? .holds : .fails }
      if !fact.holds, fact.test.mask == mask, fact.test.value == value { return .fails }
    }
    let known = KnownWord(word, facts)
    if known.least > known.most { return .never }
    switch comparison {
    case .equal:
      if value & ~mask != 0 || (known.value ^ value) & known.bits & mask != 0 { return .fails }
      if mask & ~known.bits == 0 { return .holds }
      let (bits, all) = (known.bits | mask, known.value | value)
      if bits == .max, all < known.least || all > known.most { return .fails }
      for fact in facts where fact.excludes(word) && fact.test.mask & ~bits == 0 {
        if all & fact.test.mask == fact.test.value { return .fails }
      }
      return bits == .max && known.least == known.most ? .holds : .open
    case .more: return outcome(known, above: value)
    case .atLeast: return value == 0 ? .holds : outcome(known, above: value - 1)
    }
  }

  private func outcome(_ known: KnownWord, above value: UInt32) -> Outcome {
    if mask & ~known.bits == 0 { return known.value & mask > value ? .holds : .fails }
    if mask <= value { return .fails }
    if mask != .max { return .open }
    return known.least > value ? .holds : known.most <= value ? .fails : .open
  }
}

/// A test whose outcome is known.
struct WordFact {
  let test: WordTest
  let holds: Bool

  /// Whether it says what a word isn't.
  func excludes(_ word: Int) -> Bool { !holds && test.comparison == .equal && test.word == word }
}

/// What some facts say of a word.
struct KnownWord {
  /// The bits that are known, and what they are.
  private(set) var bits: UInt32 = 0
  private(set) var value: UInt32 = 0
  private(set) var least: UInt32 = 0
  private(set) var most = UInt32.max

  init(_ word: Int, _ facts: [WordFact]) {
    for fact in facts where fact.test.word == word {
      let test = fact.test
      switch (test.comparison, fact.holds) {
      case (.equal, true):
        bits |= test.mask
        value |= test.value
      // What is compared without some bits says nothing about the order of the whole.
      case (.more, _) where test.mask != .max, (.atLeast, _) where test.mask != .max: break
      case (.more, true): least = max(least, test.value == .max ? .max : test.value + 1)
      case (.more, false): most = min(most, test.value)
      case (.atLeast, true): least = max(least, test.value)
      case (.atLeast, false): most = min(most, test.value == 0 ? 0 : test.value - 1)
      case (.equal, false): break
      }
    }
    least = max(least, value)
    most = min(most, value | ~bits)
    narrow(word, facts)
  }

  /// Takes off the ends what the word isn't.
  private mutating func narrow(_ word: Int, _ facts: [WordFact]) {
    var isChanged = true
    while isChanged {
      isChanged = false
      for fact in facts where fact.excludes(word) && fact.test.mask == .max && least < most {
        if fact.test.value == least { (least, isChanged) = (least + 1, true) }
        if fact.test.value == most, least < most { (most, isChanged) = (most - 1, true) }
      }
    }
  }
}
