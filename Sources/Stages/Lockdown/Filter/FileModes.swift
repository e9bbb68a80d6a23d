internal import Pipeline

/// Which bits of a file's mode may be set inside: the 07777 of chmod(2).
enum FileModes: String, CaseIterable {
  case all
  /// All but set-user-ID and set-group-ID.
  case nosetid
  /// Neither these, nor that everybody may write what is there.
  case plain

  /// A call that takes a mode, with the places of its arguments.
  struct Call {
    let name: String
    let mode: Int
    /// Where the flags are that say whether a file is made; nil for a call that always uses the mode.
    var flags: Int?
    /// Whether it changes a file that is there. What is made anew loses the bits of the umask, and programs rely on that.
    var changes = false
  }

  static let calls = [
    Call(name: "chmod", mode: 1, changes: true), Call(name: "fchmod", mode: 1, changes: true),
    Call(name: "fchmodat", mode: 2, changes: true), Call(name: "fchmodat2", mode: 2, changes: true),
    Call(name: "mkdir", mode: 1), Call(name: "mkdirat", mode: 2), Call(name: "mknod", mode: 1),
    Call(name: "mknodat", mode: 2), Call(name: "creat", mode: 1),
    Call(name: "open", mode: 2, flags: 1), Call(name: "openat", mode: 3, flags: 2),
  ]
  /// Their modes are out of a filter's sight; programs know how to live without them.
  static let hidden = ["openat2", "io_uring_setup"]
  /// A list of access (acl(5)) is an attribute, and opens a file as chmod(2) does; what it says is out of sight.
  static let attributes = ["setxattr", "lsetxattr", "fsetxattr", "setxattrat"]

  /// S_ISUID and S_ISGID; S_IWOTH.
  private static let setID: UInt64 = 0o6000
  private static let others: UInt64 = 0o2
  /// O_CREAT and O_TMPFILE, without the O_DIRECTORY in it.
  private static let making: UInt64 = 0o20_000_100

  /// What lets a call through, as rules of a program that refuses all else.
  func rules(_ call: Call, _ action: FilterAction) -> [FilterRule] {
    func without(_ bits: UInt64, _ place: Int) -> FilterRule {
      FilterRule([call.name], action, [FilterCondition(argument: place, .masked, bits, 0)])
    }
    let mode = without(self == .plain && call.changes ? Self.setID | Self.others : Self.setID, call.mode)
    return call.flags.map { [without(Self.making, $0), mode] } ?? [mode]
  }
}

extension FilterSource {
  /// Has the calls that set modes looked at, as far as they are let through.
  ///
  /// - Returns: a call whose arguments are looked at already, so that nothing is changed; nil if there is none.
  mutating func restrict(to modes: FileModes, _ refusal: FilterAction) -> String? {
    var first = programs[0]
    if programs.count == 1 { first.leaveNothingToTracers() }
    var added = FilterProgram(otherwise: refusal)
    for call in FileModes.calls {
      let rules = first.rules.filter { $0.calls.contains(call.name) }
      if rules.contains(where: { !$0.conditions.isEmpty }) { return call.name }
      let actions = rules.isEmpty ? [first.otherwise] : rules.map(\.action)
      guard actions.allSatisfy(\.isLetThrough) else { continue }
      added.rules += modes.rules(call, actions[0])
      first.replace(call.name, .program(programs.count))
    }
    for name in FileModes.hidden where first.mayLetThrough(name) { first.replace(name, .errno(38)) }
    if modes == .plain {
      for name in FileModes.attributes where first.mayLetThrough(name) { first.replace(name, .errno(95)) }
    }
    programs[0] = first
    programs.append(added)
    return nil
  }
}

extension FilterProgram {
  fileprivate func mayLetThrough(_ name: String) -> Bool {
    let rules = rules.filter { $0.calls.contains(name) }
    return rules.isEmpty ? otherwise.isLetThrough : rules.contains { $0.action.isLetThrough }
  }

  /// One rule for a call, whatever its arguments, instead of those that there are.
  fileprivate mutating func replace(_ name: String, _ action: FilterAction) {
    for index in rules.indices { rules[index].calls.removeAll { $0 == name } }
    rules.append(FilterRule([name], action))
  }

  /// Has SCMP_ACT_TRACE answer what it does where nobody traces: its numbers are those of further programs.
  fileprivate mutating func leaveNothingToTracers() {
    func untraced(_ action: FilterAction) -> FilterAction {
      action.rawValue >> 16 == FilterAction.trace(0).rawValue >> 16 ? .errno(38) : action
    }
    otherwise = untraced(otherwise)
    for index in rules.indices { rules[index].action = untraced(rules[index].action) }
  }
}
