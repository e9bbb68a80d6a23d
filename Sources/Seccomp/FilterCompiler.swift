internal import Kernel
public import SystemPackage

/// A filter, ready for the kernel.
public struct CompiledFilter: Sendable, Equatable {
  /// What the kernel gets.
  public let code: FilterCode
  /// How the kernel gets it.
  public let flags: FilterFlags
  /// Names of calls that libseccomp doesn't know, so that no rule was made for them.
  public let unknown: [String]

  /// A filter.
  public init(_ code: FilterCode, flags: FilterFlags = [], unknown: [String] = []) {
    (self.code, self.flags, self.unknown) = (code, flags, unknown)
  }
}

/// Why a filter can't be compiled.
public enum FilterError: Error, Sendable, Equatable {
  /// There is no call of that name.
  case unknownCall(String)
  /// There is no call of that name, so that it can't be refused where all others are let through.
  case notRefused(String)
  /// There are several rules for the call, and they contradict each other.
  case conflict(String)
  /// The filter that libseccomp made treats the call otherwise than the rules say.
  case wrong(String)
  /// It has more instructions than the kernel takes.
  case tooLong(Int)
  /// libseccomp refuses it.
  case refused(Errno)
}

extension FilterSource {
  /// Compiles the filter with libseccomp, links its programs, and makes it short.
  public func compiled() throws(FilterError) -> CompiledFilter {
    var unknown: [String] = []
    var codes: [FilterCode] = []
    for program in programs { codes.append(try compiled(program, &unknown)) }
    var linked = FilterCode.linking(codes)
    if newerAreUnknown { linked = FilterCode.linking([lookingForNewer(), linked]) }
    if let refusing = refusingNewElsewhere() { linked = FilterCode.linking([refusing, linked]) }
    let code = FilterCompactor.compacted(linked, architectures)
    if code.instructions.count > FilterCode.largest { throw .tooLong(code.instructions.count) }
    if !code.isSound { throw .refused(.invalidArgument) }
    return CompiledFilter(code, flags: flags, unknown: unknown)
  }

  private func compiled(_ program: FilterProgram, _ unknown: inout [String]) throws(FilterError) -> FilterCode {
    var (rules, names) = ([FilterLibrary.Rule](), [String]())
    let every = (UInt32(1) << UInt32(architectures.count)) - 1
    // The kernel's mistake would be the caller's: a rule that changes nothing is one to libseccomp.
    for rule in program.rules where rule.action != program.otherwise {
      let conditions = rule.conditions.map {
        FilterLibrary.Condition(
          argument: UInt32($0.argument), comparison: $0.comparison.rawValue, value: $0.value, second: $0.second)
      }
      for name in rule.calls {
        let call: Int32
        var places = every
        if let number = FilterLibrary.number(of: name) {
          call = number
          for (place, architecture) in architectures.enumerated()
          where rule.needsArguments && architecture == .i386 { places &= ~(1 << UInt32(place)) }
        } else if let number = NewCalls.numbers.first(where: { $0.name == name })?.number {
          // A number that the library doesn't know can't be translated for other architectures.
          (call, places) = (number, 1)
        } else if strict.contains(name) {
          throw .unknownCall(name)
        } else if program.otherwise.isLetThrough, !rule.action.isLetThrough {
          throw .notRefused(name)
        } else {
          if !unknown.contains(name) { unknown.append(name) }
          continue
        }
        rules.append(
          FilterLibrary.Rule(
            call: call, action: rule.action.rawValue, architectures: places, conditions: conditions))
        names.append(name)
      }
    }
    let code: FilterCode
    do throws(FilterLibrary.Refusal) {
      code = FilterCode(
        try FilterLibrary.compile(
          rules, otherwise: program.otherwise.rawValue, foreign: foreign.rawValue,
          architectures: architectures.map(\.rawValue)))
    } catch {
      if error.errno == .argListTooLong { throw .tooLong(8192) }
      if error.errno == .fileExists, let rule = error.rule { throw .conflict(names[rule]) }
      throw .refused(error.errno)
    }
    if code.instructions.count > FilterCode.largest { throw .tooLong(code.instructions.count) }
    if let name = FilterVerifier(program: program, source: self, code: code).mistaken() { throw .wrong(name) }
    return code
  }

  /// A call's numbers, with the architectures that have it, as the kernel tells them to filters.
  public func numbers(of name: String) -> [(architecture: UInt32, number: UInt32)] {
    var found: [(UInt32, UInt32)] = []
    for (place, architecture) in architectures.enumerated() {
      let new = place == 0 ? NewCalls.numbers.first { $0.name == name }?.number : nil
      if let number = FilterLibrary.number(of: name, on: architecture.rawValue) ?? new, number >= 0 {
        found.append((architecture.audit, UInt32(number)))
      }
    }
    return found
  }
}
