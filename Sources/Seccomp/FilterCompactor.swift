/// Makes a filter short: the kernel takes 0.2 µs for each instruction when it is installed, which is on the way to exec.
///
/// What a filter says to a call depends on the call's number, mostly on nothing else, and neighbours get the same answer. So
/// the filter is asked for every range of numbers in which its answer can't change; ranges with one answer are joined, and
/// found by halving. What looks at arguments is kept as it is. The result says the same to every call.
struct FilterCompactor {
  /// What is known of a call by its number and architecture alone.
  private enum Outcome: Equatable {
    case answer(UInt32)
    /// The filter goes on at that instruction, which loads an argument.
    case looks(at: Int)
  }

  private struct Span {
    let start: UInt32
    let outcome: Outcome
  }

  private let code: [FilterInstruction]
  private var result: [FilterInstruction] = []
  /// Jumps to what is kept, by their places in the result, with the place where that was.
  private var jumps: [(place: Int, target: Int)] = []

  private init(_ code: FilterCode) { self.code = code.instructions.map { FilterInstruction(bits: $0) } }

  /// The same filter, shorter; itself if it does what isn't understood.
  static func compacted(_ code: FilterCode, _ architectures: [FilterArchitecture]) -> FilterCode {
    var compactor = FilterCompactor(code)
    var audits: [UInt32] = []
    for architecture in architectures where !audits.contains(architecture.audit) { audits.append(architecture.audit) }
    return compactor.run(audits).map { FilterCode($0.map(\.bits)) } ?? code
  }

  private mutating func run(_ audits: [UInt32]) -> [FilterInstruction]? {
    let starts = boundaries()
    // No architecture has the number 0.
    guard let foreign = spans(starts, on: 0), foreign.count == 1, case .answer(let refusal) = foreign[0].outcome else {
      return nil
    }
    var sections: [[Span]] = []
    for audit in audits {
      guard let spans = spans(starts, on: audit), spans.count < 240 else { return nil }
      sections.append(spans)
    }
    result.append(FilterInstruction(FilterInstruction.load, FilterInstruction.architectureOffset))
    for (audit, spans) in zip(audits, sections) {
      let size = 1 + spans.count - 1 + Self.distinct(spans).count
      result.append(FilterInstruction(FilterInstruction.jumpIfEqual, audit, ifTrue: 1))
      result.append(FilterInstruction(FilterInstruction.jump, UInt32(size)))
      addSection(spans)
    }
    result.append(FilterInstruction(FilterInstruction.answer, refusal))
    keepRest()
    return result
  }

  /// The numbers at which the filter's answer may change.
  private func boundaries() -> [UInt32] {
    var numbers: [UInt32] = [0]
    for instruction in code where instruction.isConditional {
      numbers.append(instruction.operand)
      if instruction.operand < .max { numbers.append(instruction.operand + 1) }
    }
    numbers.sort()
    var last: UInt32?
    return numbers.filter { number in
      defer { last = number }
      return number != last
    }
  }

  /// What the filter says to each range of numbers; nil if it does with them what isn't understood.
  private func spans(_ starts: [UInt32], on architecture: UInt32) -> [Span]? {
    var spans: [Span] = []
    for start in starts {
      guard let outcome = outcome(start, architecture) else { return nil }
      if spans.last?.outcome != outcome { spans.append(Span(start: start, outcome: outcome)) }
    }
    return spans
  }

  private func outcome(_ number: UInt32, _ architecture: UInt32) -> Outcome? {
    var (index, value, isNumber) = (0, UInt32(0), false)
    while code.indices.contains(index) {
      let instruction = code[index]
      switch instruction.code {
      case FilterInstruction.load:
        isNumber = instruction.operand == FilterInstruction.numberOffset
        if !isNumber, instruction.operand != FilterInstruction.architectureOffset { return .looks(at: index) }
        value = isNumber ? number : architecture
      case FilterInstruction.jump: index += Int(instruction.operand)
      case FilterInstruction.answer: return .answer(instruction.operand)
      // Single bits of a number would make its ranges meaningless.
      case FilterInstruction.jumpIfAnyBit where isNumber, FilterInstruction.and: return nil
      default:
        guard instruction.isConditional else { return nil }
        index += instruction.holds(value) ? instruction.ifTrue : instruction.ifFalse
      }
      index += 1
    }
    return nil
  }

  private static func distinct(_ spans: [Span]) -> [Outcome] {
    var outcomes: [Outcome] = []
    for span in spans where !outcomes.contains(span.outcome) { outcomes.append(span.outcome) }
    return outcomes
  }

  /// A tree over the ranges, and below it each answer once.
  private mutating func addSection(_ spans: [Span]) {
    result.append(FilterInstruction(FilterInstruction.load, FilterInstruction.numberOffset))
    let outcomes = Self.distinct(spans)
    let end = result.count + spans.count - 1
    addTree(spans[...]) { outcome in end + (outcomes.firstIndex(of: outcome) ?? 0) }
    for outcome in outcomes {
      switch outcome {
      case .answer(let action): result.append(FilterInstruction(FilterInstruction.answer, action))
      case .looks(let target):
        jumps.append((result.count, target))
        result.append(FilterInstruction(FilterInstruction.jump, 0))
      }
    }
  }

  /// One comparison less than there are ranges: the lower half follows, and then the upper one.
  private mutating func addTree(_ spans: ArraySlice<Span>, _ place: (Outcome) -> Int) {
    if spans.count < 2 { return }
    let (middle, here) = (spans.startIndex + spans.count / 2, result.count)
    let (lower, upper) = (spans[..<middle], spans[middle...])
    func distance(_ half: ArraySlice<Span>, _ begins: Int) -> Int {
      half.count == 1 ? place(half[half.startIndex].outcome) - here - 1 : begins
    }
    result.append(
      FilterInstruction(
        FilterInstruction.jumpIfAtLeast, upper[middle].start, ifTrue: distance(upper, lower.count - 1),
        ifFalse: distance(lower, 0)))
    addTree(lower, place)
    addTree(upper, place)
  }

  /// Keeps what looks at arguments, in its order, and has the jumps lead there.
  private mutating func keepRest() {
    var isReached = [Bool](repeating: false, count: code.count)
    for (_, target) in jumps { isReached[target] = true }
    var places = [Int](repeating: 0, count: code.count)
    var next = result.count
    for index in code.indices where isReached[index] {
      places[index] = next
      next += 1
      for target in targets(index) where code.indices.contains(target) { isReached[target] = true }
    }
    for (place, target) in jumps {
      result[place] = FilterInstruction(FilterInstruction.jump, UInt32(places[target] - place - 1))
    }
    for index in code.indices where isReached[index] {
      let (instruction, here) = (code[index], places[index])
      let distances = targets(index).map { places[$0] - here - 1 }
      switch instruction.code {
      case FilterInstruction.jump:
        result.append(FilterInstruction(FilterInstruction.jump, UInt32(distances[0])))
      case _ where instruction.isConditional:
        result.append(
          FilterInstruction(instruction.code, instruction.operand, ifTrue: distances[0], ifFalse: distances[1]))
      default: result.append(instruction)
      }
    }
  }

  private func targets(_ index: Int) -> [Int] {
    let instruction = code[index]
    switch instruction.code {
    case FilterInstruction.answer: return []
    case FilterInstruction.jump: return [index + 1 + Int(instruction.operand)]
    case _ where instruction.isConditional: return [index + 1 + instruction.ifTrue, index + 1 + instruction.ifFalse]
    default: return [index + 1]
    }
  }
}
