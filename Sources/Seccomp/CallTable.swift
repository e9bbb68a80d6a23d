internal import SystemPackage

/// What a filter has to say to the calls of one architecture, by their numbers.
struct CallTable {
  /// So many numbers, from the first one on, are looked up; rules for others are few.
  static let usual: UInt32 = 1024

  let architecture: FilterArchitecture
  /// The first number: x32's have bit 30.
  let first: UInt32
  private(set) var answers = [UInt64](repeating: ExpectedCalls.Answer.unruled.bits, count: Int(Self.usual))
  private(set) var others: [UInt32] = []
  private var otherAnswers: [UInt64] = []
  /// The rules of each call whose arguments decide: `ExpectedCalls.Place`.
  private(set) var rules: [[UInt64]] = []
  /// Whether two rules without conditions contradict each other.
  private(set) var isContradictory = false
  /// Calls of higher numbers get ENOSYS; nil if they don't.
  private(set) var newest: UInt32?

  private static let unknown = FilterAction.errno(Errno.noFunction.rawValue).rawValue
  /// The numbers that are refused, whatever rules say.
  private var refused: [UInt32] = []
  private let isForeignAbove: Bool
  private let otherwise: UInt32
  private let foreign: UInt32

  init(_ architecture: FilterArchitecture, _ source: FilterSource) {
    self.architecture = architecture
    first = architecture == .x32 ? FilterSource.x32 : 0
    newest = source.newerAreUnknown && architecture != .x32 ? 0 : nil
    isForeignAbove = architecture == .amd64 && !source.architectures.contains(.x32)
    (otherwise, foreign) = (source.programs[0].otherwise.rawValue, source.foreign.rawValue)
  }

  /// What is said to a call, which has one of this table's numbers.
  func answer(_ number: UInt32) -> ExpectedCalls.Answer {
    if number &- first < Self.usual { return ExpectedCalls.Answer(bits: answers[Int(number - first)]) }
    for (index, other) in others.enumerated() where other == number {
      return ExpectedCalls.Answer(bits: otherAnswers[index])
    }
    return .unruled
  }

  /// What is said to a call that no rule is for.
  func unruled(_ number: UInt32) -> UInt32 {
    // x32's numbers are another architecture's; -1 is what a tracer sets to have a call not made.
    if number >= FilterSource.x32 { return isForeignAbove && number != .max ? foreign : otherwise }
    return newest.map { number > $0 } == true ? Self.unknown : otherwise
  }

  /// The numbers from which on another thing is said to calls without a rule.
  var boundaries: [UInt32] {
    [0, Self.usual, (newest ?? 0) + 1, FilterSource.x32, FilterSource.x32 + Self.usual, .max].sorted()
  }

  /// Adds a rule for a call of that number, as libseccomp knows it: negative, if there is none here.
  mutating func add(
    _ number: Int32, _ place: ExpectedCalls.Place, _ plain: UInt32?, _ rule: FilterRule, _ isTold: Bool
  ) {
    if number >= 0 {
      let number = UInt32(number)
      if let newest, number < FilterSource.x32 { self.newest = max(newest, number) }
      if isTold { add(number, place, plain, rule) }
      return
    }
    guard architecture == .i386, let shared = SharedCall(number) else { return }
    if let newest { self.newest = max(newest, shared.number, shared.own ?? 0) }
    if !isTold { return }
    if let own = shared.own { add(own, place, plain, rule) }
    add(
      shared.number, ExpectedCalls.Place(program: place.program, rule: place.rule, through: shared.argument), nil, rule)
  }

  private mutating func add(_ number: UInt32, _ place: ExpectedCalls.Place, _ plain: UInt32?, _ rule: FilterRule) {
    if rule.needsArguments, architecture == .i386 { return }
    let old = answer(number)
    if let call = old.call {
      // A name that a rule has twice makes it no other rule.
      if rules[call].last != place.bits { rules[call].append(place.bits) }
    } else if place.program > 0 {
      // What isn't left to a later program isn't asked there.
      return
    } else if let action = old.action {
      // A rule without conditions counts before all others.
      if rule.conditions.isEmpty, place.through == nil, plain != action { isContradictory = true }
    } else if let plain {
      set(number, .plain(plain))
    } else {
      set(number, .asked(rules.count))
      rules.append([place.bits])
    }
  }

  /// Has a call refused, whatever other rules say.
  mutating func refuse(_ number: UInt32, _ action: UInt32) {
    // Of two rules, the first counts.
    if !refused.contains(number) { set(number | first, .plain(action)) }
    refused.append(number)
  }
  private mutating func set(_ number: UInt32, _ answer: ExpectedCalls.Answer) {
    if number &- first < Self.usual {
      answers[Int(number - first)] = answer.bits
    } else if let index = others.firstIndex(of: number) {
      otherAnswers[index] = answer.bits
    } else {
      others.append(number)
      otherAnswers.append(answer.bits)
    }
  }

  /// Fills in what is said to calls without a rule.
  mutating func finish(_ source: FilterSource) {
    for index in answers.indices where answers[index] == ExpectedCalls.Answer.unruled.bits {
      answers[index] = UInt64(unruled(first + UInt32(index)))
    }
  }
}
