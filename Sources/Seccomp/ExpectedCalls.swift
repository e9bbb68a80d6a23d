internal import Kernel
internal import SystemPackage

/// What a filter has to say to every call: its source's rules by the calls' numbers, for each architecture. Nothing in it comes
/// from a filter.
struct ExpectedCalls {
  /// What is said to a call: an action, or that rules with conditions decide, or that no rule is for it.
  struct Answer: Equatable {
    let bits: UInt64
    static let unruled = Answer(bits: .max)
    static func plain(_ action: UInt32) -> Answer { Answer(bits: UInt64(action)) }
    static func asked(_ call: Int) -> Answer { Answer(bits: 1 << 32 | UInt64(call)) }
    var action: UInt32? { bits >> 32 == 0 ? UInt32(bits) : nil }
    /// The place of its rules in `rules`.
    var call: Int? { bits >> 32 == 1 ? Int(bits & 0xffff_ffff) : nil }
  }

  /// A rule that is for a call, by its place.
  struct Place {
    let bits: UInt64
    init(bits: UInt64) { self.bits = bits }
    init(program: Int, rule: Int, through: UInt32?) {
      bits = UInt64(program) << 48 | UInt64(rule) << 16 | UInt64(through.map { $0 + 1 } ?? 0)
    }
    var program: Int { Int(bits >> 48) }
    var rule: Int { Int(bits >> 16 & 0xffff_ffff) }
    /// What the first argument must be, of a call that stands for several.
    var through: UInt32? { bits & 0xffff == 0 ? nil : UInt32(bits & 0xffff) - 1 }
  }

  let source: FilterSource
  private(set) var tables: [CallTable]
  /// The names that make no rule, since nobody knows their numbers.
  private(set) var unknown: [String] = []
  /// Whether no filter can be what the source says: it contradicts itself, or names what can't be refused.
  private(set) var isImpossible = false

  init(_ source: FilterSource) {
    self.source = source
    tables = source.architectures.map { CallTable($0, source) }
    let architectures = source.architectures.map(\.rawValue)
    var numbers = [Int32](repeating: FilterLibrary.unknown, count: architectures.count)
    for (index, program) in source.programs.enumerated() {
      for (place, rule) in program.rules.enumerated() {
        // A rule that changes nothing isn't told to libseccomp.
        let isTold = rule.action != program.otherwise
        let isPlain = index == 0 && rule.conditions.isEmpty && source.link(rule.action, from: 0) == nil
        let plain = isPlain ? rule.action.rawValue : nil
        for name in rule.calls {
          FilterLibrary.find(name, on: architectures, &numbers)
          if numbers[0] == FilterLibrary.unknown, !find(new: name, &numbers), isTold { note(name, rule, program) }
          for table in tables.indices {
            tables[table].add(numbers[table], Place(program: index, rule: place, through: nil), plain, rule, isTold)
          }
        }
      }
    }
    for (number, action) in source.refusedElsewhere {
      for table in tables.indices.dropFirst() { tables[table].refuse(number, action.rawValue) }
    }
    if tables.contains(where: \.isContradictory) { isImpossible = true }
    for table in tables.indices { tables[table].finish(source) }
  }

  /// Finds a call by a number of littlectr's own, which is the machine's alone.
  private func find(new name: String, _ numbers: inout [Int32]) -> Bool {
    for index in numbers.indices { numbers[index] = FilterLibrary.unknown }
    guard let number = NewCalls.numbers.first(where: { $0.name == name })?.number else { return false }
    numbers[0] = number
    return true
  }

  private mutating func note(_ name: String, _ rule: FilterRule, _ program: FilterProgram) {
    if source.strict.contains(name) || program.otherwise.isLetThrough && !rule.action.isLetThrough {
      isImpossible = true
    }
    if !unknown.contains(name) { unknown.append(name) }
  }
}

extension FilterSource {
  /// The program that an action leaves a call to; nil if it is an action of the kernel's.
  func link(_ action: FilterAction, from program: Int) -> Int? {
    if action.rawValue >> 16 != FilterAction.program(0).rawValue >> 16 { return nil }
    let next = Int(action.rawValue & 0xffff)
    return next > program && next < programs.count ? next : nil
  }
}
