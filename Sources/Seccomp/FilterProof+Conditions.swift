extension FilterProof {
  /// Goes on with whether all conditions of a rule hold.
  ///
  /// - Parameter through: what the first argument must be, of a call that stands for several; no condition is for that then.
  mutating func test(
    _ conditions: [FilterCondition], _ through: UInt32?, _ body: (inout FilterProof, Bool) -> Bool
  ) -> Bool {
    guard let through else { return test(conditions[...], skipping: nil, body) }
    return fork(WordTest(word: 0, mask: .max, .equal, through)) { proof, holds in
      holds ? proof.test(conditions[...], skipping: 0, body) : body(&proof, false)
    }
  }

  private mutating func test(
    _ conditions: ArraySlice<FilterCondition>, skipping skipped: Int?, _ body: (inout FilterProof, Bool) -> Bool
  ) -> Bool {
    guard let first = conditions.first else { return body(&self, true) }
    let rest = conditions.dropFirst()
    if first.argument == skipped { return test(rest, skipping: skipped, body) }
    return test(first) { proof, holds in
      holds ? proof.test(rest, skipping: skipped, body) : body(&proof, false)
    }
  }

  private mutating func test(_ condition: FilterCondition, _ body: (inout FilterProof, Bool) -> Bool) -> Bool {
    // What libseccomp makes of longer values, where arguments have 32 bits, isn't said anywhere.
    if call.isNarrow, max(condition.value, condition.second) > UInt64(UInt32.max) { return false }
    let (argument, value) = (condition.argument, condition.value)
    switch condition.comparison {
    case .equal: return isEqual(argument, .max, value, body)
    case .notEqual: return isEqual(argument, .max, value) { proof, holds in body(&proof, !holds) }
    case .masked: return isEqual(argument, value, condition.second, body)
    case .more: return isAbove(argument, .more, value, body)
    case .atMost: return isAbove(argument, .more, value) { proof, holds in body(&proof, !holds) }
    case .atLeast: return isAbove(argument, .atLeast, value, body)
    case .less: return isAbove(argument, .atLeast, value) { proof, holds in body(&proof, !holds) }
    }
  }

  private mutating func isEqual(
    _ argument: Int, _ mask: UInt64, _ value: UInt64, _ body: (inout FilterProof, Bool) -> Bool
  ) -> Bool {
    let low = WordTest(word: 2 * argument, mask: Self.low(mask), .equal, Self.low(value))
    let high = WordTest(word: 2 * argument + 1, mask: Self.low(mask >> 32), .equal, Self.low(value >> 32))
    let isNarrow = call.isNarrow
    return fork(low) { proof, holds in
      isNarrow || !holds ? body(&proof, holds) : proof.fork(high, body)
    }
  }

  private mutating func isAbove(
    _ argument: Int, _ comparison: WordTest.Comparison, _ value: UInt64, _ body: (inout FilterProof, Bool) -> Bool
  ) -> Bool {
    let low = WordTest(word: 2 * argument, mask: .max, comparison, Self.low(value))
    if call.isNarrow { return fork(low, body) }
    let (word, high) = (2 * argument + 1, Self.low(value >> 32))
    return fork(WordTest(word: word, mask: .max, .more, high)) { proof, isMore in
      if isMore { return body(&proof, true) }
      return proof.fork(WordTest(word: word, mask: .max, .equal, high)) { proof, isSame in
        isSame ? proof.fork(low, body) : body(&proof, false)
      }
    }
  }

  private static func low(_ value: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: value) }
}
