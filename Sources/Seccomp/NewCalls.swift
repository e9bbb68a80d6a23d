internal import Kernel
internal import SystemPackage

extension FilterSource {
  /// A program that answers ENOSYS to calls of higher numbers than any that has a rule, and leaves all others to the next.
  func lookingForNewer() -> FilterCode {
    let calls = programs.flatMap(\.rules).flatMap(\.calls)
    var highest: [(audit: UInt32, number: UInt32)] = []
    for architecture in architectures where architecture != .x32 {
      var own = calls.flatMap { numbers(of: $0) }
        .filter { $0.architecture == architecture.audit && $0.number < Self.x32 }.map(\.number)
      if architecture == .i386 {
        let shared = calls.compactMap { SharedCall(FilterLibrary.number(of: $0, on: architecture.rawValue) ?? 0) }
        own += shared.flatMap(\.numbers)
      }
      highest.append((architecture.audit, own.max() ?? 0))
    }
    let unknown = FilterInstruction(FilterInstruction.answer, FilterAction.errno(Errno.noFunction.rawValue).rawValue)
    let leaving = FilterInstruction(FilterInstruction.answer, FilterAction.program(1).rawValue)
    var code = [FilterInstruction(FilterInstruction.load, FilterInstruction.architectureOffset)]
    for (audit, number) in highest {
      code += [
        FilterInstruction(FilterInstruction.jumpIfEqual, audit, ifFalse: 5),
        FilterInstruction(FilterInstruction.load, FilterInstruction.numberOffset),
        FilterInstruction(FilterInstruction.jumpIfAtLeast, Self.x32, ifTrue: 2),
        FilterInstruction(FilterInstruction.jumpIfMore, number, ifFalse: 1), unknown, leaving,
      ]
    }
    return FilterCode((code + [leaving]).map(\.bits))
  }

  /// The calls that libseccomp doesn't know, and so can't translate, but which are refused on the architectures beside the
  /// machine's own; none if what has no rule is refused in any case. A profile that lets through all but what it names would let
  /// them through there. Arguments aren't compared: they are refused, whatever these are.
  var refusedElsewhere: [(number: UInt32, action: FilterAction)] {
    let first = programs[0]
    if !first.otherwise.isLetThrough || architectures.count < 2 { return [] }
    var calls: [(number: UInt32, action: FilterAction)] = []
    for rule in first.rules where !rule.action.isLetThrough {
      for name in rule.calls where FilterLibrary.number(of: name) == nil {
        guard let number = NewCalls.numbers.first(where: { $0.name == name })?.number else { continue }
        if number < NewCalls.firstCommon { continue }
        // Where nobody traces the process, that is what SCMP_ACT_TRACE answers; as it is it would lead on to the next program.
        let unknown = FilterAction.errno(Errno.noFunction.rawValue)
        calls.append((UInt32(number), rule.action == .program(1) ? unknown : rule.action))
      }
    }
    return calls
  }

  /// A program that refuses `refusedElsewhere`, and leaves all others to the next; nil if there are none.
  func refusingNewElsewhere() -> FilterCode? {
    let calls = refusedElsewhere
    if calls.isEmpty { return nil }
    let leaving = FilterInstruction(FilterInstruction.answer, FilterAction.program(1).rawValue)
    var code = [FilterInstruction(FilterInstruction.load, FilterInstruction.architectureOffset)]
    for architecture in architectures.dropFirst() {
      // The numbers follow, and then what leaves the call to the next program.
      let size = UInt32(2 * calls.count + 2)
      code += [
        FilterInstruction(FilterInstruction.jumpIfEqual, architecture.audit, ifTrue: 1),
        FilterInstruction(FilterInstruction.jump, size),
        FilterInstruction(FilterInstruction.load, FilterInstruction.numberOffset),
      ]
      for (number, action) in calls {
        let own = architecture == .x32 ? number | Self.x32 : number
        code.append(FilterInstruction(FilterInstruction.jumpIfEqual, own, ifFalse: 1))
        code.append(FilterInstruction(FilterInstruction.answer, action.rawValue))
      }
      code.append(leaving)
    }
    return FilterCode((code + [leaving]).map(\.bits))
  }

  /// The bit of x32's numbers.
  static let x32: UInt32 = 0x4000_0000
}

/// Calls that are newer than the oldest libseccomp, 2.5.3, with their numbers: from 424 on, every architecture has the same.
enum NewCalls {
  /// From here on, a number is the same call everywhere.
  static let firstCommon: Int32 = 424
  static let numbers: [(name: String, number: Int32)] = [
    // x86_64 alone has it, and other architectures nothing with that number.
    ("uretprobe", 335),
    ("process_mrelease", 448), ("futex_waitv", 449), ("set_mempolicy_home_node", 450), ("cachestat", 451),
    ("fchmodat2", 452), ("map_shadow_stack", 453), ("futex_wake", 454), ("futex_wait", 455), ("futex_requeue", 456),
    ("statmount", 457), ("listmount", 458), ("lsm_get_self_attr", 459), ("lsm_set_self_attr", 460),
    ("lsm_list_modules", 461), ("mseal", 462), ("setxattrat", 463), ("getxattrat", 464), ("listxattrat", 465),
    ("removexattrat", 466), ("open_tree_attr", 467), ("file_getattr", 468), ("file_setattr", 469),
  ]
}
