extension FilterProof {
  /// So many numbers at most lead to one look at arguments.
  private static let neighbours: UInt32 = 64

  /// Whether an answer to calls, by their numbers alone, is the one that each is to get.
  mutating func isRight(_ answer: UInt32, at index: Int, _ first: UInt32, _ last: UInt32, _ audit: UInt32) -> Bool {
    for place in expected.tables.indices where expected.tables[place].architecture.audit == audit {
      let start = expected.tables[place].first
      let end = start + CallTable.usual - 1
      if first <= end, last >= start {
        for number in max(first, start)...min(last, end) {
          let wanted = expected.tables[place].answers[Int(number - start)]
          if wanted != UInt64(answer), !isRight(from: index, number, place) { return false }
        }
      }
      for number in expected.tables[place].others where first <= number && number <= last {
        if !isRight(from: index, number, place) { return false }
      }
    }
    return isRightToOthers(answer, first, last, audit)
  }

  /// Whether it is for those numbers of an interval that no rule is for, beyond what is looked up.
  private func isRightToOthers(_ answer: UInt32, _ first: UInt32, _ last: UInt32, _ audit: UInt32) -> Bool {
    let tables = expected.tables
    for table in tables where table.architecture.audit == audit {
      if first &- table.first < CallTable.usual, last &- table.first < CallTable.usual { return true }
    }
    guard let own = tables.firstIndex(where: { $0.architecture.audit == audit }) else { return false }
    let boundaries = tables[own].boundaries
    for (index, start) in boundaries.enumerated() {
      let end = index + 1 < boundaries.count ? boundaries[index + 1] &- 1 : .max
      if start > end || end < first || start > last { continue }
      let (low, high) = (max(first, start), min(last, end))
      var isLookedUp = false
      var ruled: UInt64 = 0
      for table in tables where table.architecture.audit == audit {
        if low &- table.first < CallTable.usual, high &- table.first < CallTable.usual { isLookedUp = true }
        for number in table.others where low <= number && number <= high { ruled += 1 }
      }
      if isLookedUp || UInt64(high - low) + 1 == ruled { continue }
      if tables[own].unruled(low) != answer { return false }
    }
    return true
  }

  /// Whether calls get their answers from an instruction on that loads an argument.
  mutating func isRight(from index: Int, _ first: UInt32, _ last: UInt32, _ audit: UInt32) -> Bool {
    if last - first >= Self.neighbours { return false }
    for number in first...last {
      // Of two architectures that share a number for filters, a call is of that whose numbers begin below it.
      var place: Int?
      for index in expected.tables.indices where expected.tables[index].architecture.audit == audit {
        if expected.tables[index].first <= number { place = index }
      }
      guard let place, isRight(from: index, number, place) else { return false }
    }
    return true
  }

  /// Whether one call gets its answer from an instruction on, whatever its arguments.
  mutating func isRight(from index: Int, _ number: UInt32, _ place: Int) -> Bool {
    let architecture = expected.tables[place].architecture
    facts.removeAll(keepingCapacity: true)
    call.number = number
    call.audit = architecture.audit
    call.answer = expected.tables[place].answer(number)
    if call.answer == .unruled { call.answer = .plain(expected.tables[place].unruled(number)) }
    call.rules = call.answer.call.map { expected.tables[place].rules[$0] } ?? []
    call.isNarrow = architecture.isNarrow
    return follow(index, .nothing)
  }
}
