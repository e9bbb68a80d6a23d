internal import Pipeline

/// Reads a profile in the form of OCI's runtime specification and of Docker, as runc and Docker understand it.
struct ProfileReader {
  /// The machine's hardware name.
  let machine: String
  /// What root inside has of root's privileges, as capabilities(7) names it; nil for all.
  let capabilities: [String]?
  /// Whether the kernel is that version or a newer one.
  let hasKernel: (Int, Int) -> Bool
  /// What a call that is refused answers, where the profile doesn't say.
  let errno: Int32

  private static let actions = [
    "SCMP_ACT_ALLOW", "SCMP_ACT_LOG", "SCMP_ACT_ERRNO", "SCMP_ACT_TRACE", "SCMP_ACT_TRAP", "SCMP_ACT_KILL",
    "SCMP_ACT_KILL_THREAD", "SCMP_ACT_KILL_PROCESS",
  ]
  private static let comparisons = [
    "SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE", "SCMP_CMP_EQ", "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ",
  ]
  /// The machine's name in `includes` and `excludes`.
  private var arch: String { ["x86_64": "amd64", "aarch64": "arm64"][machine] ?? machine }

  func read(_ bytes: [UInt8]) throws(JSONError) -> FilterSource {
    let profile = try Fields(
      try JSONValue.parse(bytes),
      [
        "defaultAction", "defaultErrnoRet", "archMap", "architectures", "flags", "listenerPath", "listenerMetadata",
        "syscalls",
      ])
    for key in ["listenerPath", "listenerMetadata"] {
      if let member = profile[key] { throw JSONError("littlectr asks no listener about calls", at: member.offset) }
    }
    let rest = try action(profile, "defaultAction", "defaultErrnoRet")
    var rules: [FilterRule] = []
    for entry in try profile.list("syscalls") { rules += try self.rules(entry) }
    var source = FilterSource(
      [FilterProgram(otherwise: rest, rules)], try architectures(profile), foreign: .killProcess)
    // As runc has it, unless the profile says what a call without a rule answers.
    source.newerAreUnknown = profile["defaultErrnoRet"] == nil && rest == .errno(errno)
    for flag in try profile.list("flags") { source.flags.formUnion(try self.flag(flag)) }
    return source
  }

  private func action(_ fields: Fields, _ key: String, _ errnoKey: String) throws(JSONError) -> FilterAction {
    guard let word = fields[key] else { throw JSONError("the key '\(key)' is missing", at: fields.offset) }
    let number = try fields[errnoKey].map { value throws(JSONError) in Int32(try value.number("an errno", atMost: 4095))
    }
    switch try word.word(of: Self.actions, "an action") {
    case "SCMP_ACT_ALLOW": return .allow
    case "SCMP_ACT_LOG": return .log
    case "SCMP_ACT_ERRNO": return .errno(number ?? errno)
    case "SCMP_ACT_TRACE": return .trace(number ?? errno)
    case "SCMP_ACT_TRAP": return .trap
    case "SCMP_ACT_KILL_PROCESS": return .killProcess
    default: return .killThread
    }
  }

  private func flag(_ value: JSONValue) throws(JSONError) -> FilterFlags {
    let names = ["TSYNC", "LOG", "SPEC_ALLOW"].map { "SECCOMP_FILTER_FLAG_" + $0 }
    switch try value.word(of: names, "a flag") {
    case names[0]: return .allThreads
    case names[1]: return .log
    default: return .speculates
    }
  }

  /// The machine's own, and those beside it that the profile names.
  private func architectures(_ profile: Fields) throws(JSONError) -> [FilterArchitecture] {
    let all = FilterArchitecture.run(by: machine)
    guard let own = all.first else { return [] }
    var named: [String] = []
    for value in try profile.list("architectures") { named.append(try value.architecture()) }
    if let map = profile["archMap"], profile["architectures"] != nil {
      throw JSONError("'archMap' and 'architectures' can't be there both", at: map.offset)
    }
    for value in try profile.list("archMap") {
      let entry = try Fields(value, ["architecture", "subArchitectures"])
      guard let name = entry["architecture"] else {
        throw JSONError("the key 'architecture' is missing", at: entry.offset)
      }
      let isOwn = try name.architecture() == own.name
      for value in try entry.list("subArchitectures") {
        let below = try value.architecture()
        if isOwn { named.append(below) }
      }
    }
    return [own] + all.dropFirst().filter { named.contains($0.name) }
  }

  /// The rules of an entry of `syscalls`.
  private func rules(_ value: JSONValue) throws(JSONError) -> [FilterRule] {
    let entry = try Fields(
      value, ["names", "name", "action", "errnoRet", "args", "comment", "includes", "excludes"])
    var names: [String] = []
    for name in try entry.list("names") { names.append(try name.string("the name of a call")) }
    if let name = entry["name"] {
      if entry["names"] != nil { throw JSONError("'name' and 'names' can't be there both", at: name.offset) }
      names.append(try name.string("the name of a call"))
    } else if entry["names"] == nil {
      throw JSONError("the key 'names' is missing", at: entry.offset)
    }
    _ = try entry["comment"]?.string("a comment")
    let action = try action(entry, "action", "errnoRet")
    var conditions: [FilterCondition] = []
    for value in try entry.list("args") { conditions.append(try condition(value)) }
    let isWanted = try applies(entry, "includes", all: true)
    let isUnwanted = try applies(entry, "excludes", all: false)
    if !isWanted || isUnwanted { return [] }
    // As runc has it: several comparisons of one argument are alternatives, since libseccomp takes one of each.
    let places = conditions.map(\.argument)
    if Set(places).count == places.count { return [FilterRule(names, action, conditions)] }
    return conditions.map { FilterRule(names, action, [$0]) }
  }

  private func condition(_ value: JSONValue) throws(JSONError) -> FilterCondition {
    let fields = try Fields(value, ["index", "value", "valueTwo", "op"])
    for key in ["index", "value", "op"] where fields[key] == nil {
      throw JSONError("the key '\(key)' is missing", at: fields.offset)
    }
    let word = try fields["op"]?.word(of: Self.comparisons, "a comparison") ?? ""
    let place = Self.comparisons.firstIndex(of: word) ?? 0
    return FilterCondition(
      argument: Int(try fields["index"]?.number("an argument's place", atMost: 5) ?? 0),
      FilterCondition.Comparison(rawValue: UInt32(place + 1)) ?? .equal,
      try fields["value"]?.number("a number", atMost: .max) ?? 0,
      try fields["valueTwo"]?.number("a number", atMost: .max) ?? 0)
  }

  /// Whether what `includes` asks for is so, all of it, or of what `excludes` names anything.
  private func applies(_ entry: Fields, _ key: String, all: Bool) throws(JSONError) -> Bool {
    guard let value = entry[key] else { return all }
    let filter = try Fields(value, ["arches", "caps", "minKernel"])
    var answers: [Bool] = []
    var arches: [String] = []
    for value in try filter.list("arches") { arches.append(try value.string("an architecture")) }
    if !arches.isEmpty { answers.append(arches.contains(arch)) }
    for value in try filter.list("caps") {
      let name = try value.string("a capability").lowercased()
      let bare = name.begins(with: "cap_") ? name.dropping(4) : name
      answers.append(capabilities.map { $0.contains(bare) } ?? true)
    }
    if let version = filter["minKernel"] {
      let numbers = try version.string("a kernel's version").fields(".")
      guard numbers.count == 2, let major = Int(numbers[0]), let minor = Int(numbers[1]), major >= 0, minor >= 0 else {
        throw JSONError("expected a kernel's version, as in \"4.8\"", at: version.offset)
      }
      answers.append(hasKernel(major, minor))
    }
    return all ? answers.allSatisfy { $0 } : answers.contains(true)
  }
}

/// An object's members, by their keys. What is null counts as not there.
private struct Fields {
  let offset: Int
  private let members: [JSONMember]

  init(_ value: JSONValue, _ keys: [String]) throws(JSONError) {
    guard case .object(let members) = value.kind else {
      throw JSONError("\(value.word) where an object is expected", at: value.offset)
    }
    for member in members where !keys.contains(member.key) {
      throw JSONError("unknown key '\(member.key.prefix(60))'" + didYouMean(member.key, among: keys), at: member.offset)
    }
    (offset, self.members) = (value.offset, members)
  }

  subscript(key: String) -> JSONValue? {
    for member in members where member.key == key {
      if case .null = member.value.kind { return nil }
      return member.value
    }
    return nil
  }

  func list(_ key: String) throws(JSONError) -> [JSONValue] {
    guard let value = self[key] else { return [] }
    guard case .array(let elements) = value.kind else {
      throw JSONError("\(value.word) where a list is expected", at: value.offset)
    }
    return elements
  }
}

extension JSONValue {
  fileprivate func string(_ wanted: String) throws(JSONError) -> String {
    guard case .string(let text) = kind else { throw JSONError("\(word) where \(wanted) is expected", at: offset) }
    return text
  }

  fileprivate func number(_ wanted: String, atMost most: UInt64) throws(JSONError) -> UInt64 {
    guard let number = unsigned, number <= most else {
      throw JSONError("expected \(wanted): a whole number from 0 to \(most)", at: offset)
    }
    return number
  }

  fileprivate func word(of words: [String], _ wanted: String) throws(JSONError) -> String {
    let text = try string(wanted)
    guard words.contains(text) else {
      let suggestion = didYouMean(text, among: words)
      throw JSONError(
        "'\(text.prefix(60))' isn't \(wanted) that littlectr knows"
          + (suggestion.isEmpty ? ": \(words.joined(separator: ", "))" : suggestion), at: offset)
    }
    return text
  }

  /// A name such as SCMP_ARCH_X86, without its beginning.
  fileprivate func architecture() throws(JSONError) -> String {
    let text = try string("an architecture")
    guard text.begins(with: "SCMP_ARCH_") else {
      throw JSONError("'\(text.prefix(60))' isn't an architecture: SCMP_ARCH_X86_64, for instance", at: offset)
    }
    return text.dropping(10)
  }
}
