public import Pipeline

/// Leaves root inside a few of root's privileges, and takes the others away for good: capabilities(7).
public struct Capabilities: IsolationStage {
  public static let name = "capabilities"
  public static let synonyms = ["caps", "cap", "capability"]
  public static let help = """
    The few of root's privileges that installing packages and serving take, and none beyond.
    Root's power is divided into some forty capabilities. By default root inside keeps chown, dac_override, fowner, \
    fsetid, kill, setgid, setuid, setpcap, net_bind_service, net_raw, sys_chroot and setfcap; it can't mount, make devices, \
    trace other users' processes or change limits and the host name. What is dropped leaves the bounding set too, so that no program \
    inside can gain it; inheritable and ambient capabilities there are none, in no case. A user who isn't root has no \
    capability at all. Without it root inside has all of them over what belongs to its user namespace, and without userns \
    over your machine: what the kernel offers to root alone, and the mistakes in it, lie open.
    keep= says which there are instead of the default list, keep=none that there are none; keep+= adds one to the list. \
    drop= takes some away: drop=all keep=chown leaves one. Names weigh more than all and default.
    Process 1 has what root inside has: without kill it can't forward signals to a program that has become another user.
    """
  public static let options = [
    StageOption(
      "keep", \Self.keep,
      "a capability that root inside has, by its name in capabilities(7); all; the default list; or none",
      none: "none", flag: "cap-add"),
    StageOption(
      "drop", \Self.drop, "a capability that nobody inside has; all; or those of the default list", none: "none",
      flag: "cap-drop"),
  ]
  public static let provides = [Facet.lesserPrivileges]
  public static let follows: KeyValuePairs = [
    Facet.userNamespace: "the capabilities are those in the user namespace"
  ]
  public static let diagnostics = [both, unprivileged, withheld, unknown, noSetpcap, takenAway, secureBits]

  static let both = Advice(
    why: "the line both keeps and drops {name}", fix: "leave out either keep={name} or drop={name}")
  static let unprivileged = Advice(
    why: "without userns you aren't root inside but user {user}, and only real root can make a container so",
    fix: "switch userns on, or run as root")
  static let withheld = Advice(
    why: "littlectr itself was started without {name}, and can't hand it down", fix: "leave keep={name} out")
  static let unknown = Advice(
    why: "this kernel ({release}) has no capability {name}", fix: "leave keep={name} out, or use a newer kernel")
  static let noSetpcap = Advice(
    .notPermitted,
    why: "it needs the capability setpcap to give others up for good, and littlectr doesn't have it here",
    fix: "switch userns on, or give it setpcap", without: "userns")
  static let takenAway = Advice(
    .notPermitted,
    why: "it needs the capability setpcap, which root of a user namespace has, but for what stands in between takes it",
    fix: "run littlectr outside of what does: a security module, as journalctl -k tells, or another container")
  static let secureBits = Advice(
    .invalidArgument, why: "littlectr was started with securebits that tie capabilities to user ids in an unusual way",
    fix: "start it without: setpriv --securebits=…, or switch userns on", without: "userns")

  /// A capability, or a word for several.
  enum Name: OptionValue, Equatable {
    case all, usual
    case one(Int)

    static let syntax = "NAME|all|default"
    static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> Name {
      switch text.lowercased() {
      case "all": return .all
      case "default": return .usual
      default: break
      }
      if let number = CapabilitySet.number(of: text) { return .one(number) }
      // A word is like another only in the same case, and with the same beginning.
      let isUpper = text == text.uppercased()
      let isLong = text.lowercased().begins(with: "cap_")
      let names = CapabilitySet.names.map { isLong ? "cap_" + $0 : $0 }.map { isUpper ? $0.uppercased() : $0 }
      throw ValueError(
        expected: "a name of capabilities(7) such as net_admin, all, default, or none",
        words: names + ["all", "default", "none"])
    }
    var optionText: String {
      switch self {
      case .all: "all"
      case .usual: "default"
      case .one(let number): CapabilitySet.names[number]
      }
    }
  }

  /// chown, dac_override, fowner, fsetid, kill, setgid, setuid, setpcap, net_bind_service, net_raw, sys_chroot, setfcap.
  static let usual = CapabilitySet(rawValue: 0x8004_25fb)

  var keep: [Name] = [.usual]
  var drop: [Name] = []
  public init() {}

  /// What root inside has.
  private func kept(_ container: Container) throws(Failure) -> CapabilitySet {
    for name in keep where name != .usual && drop.contains(name) {
      throw Failure("drop=\(name.optionText)", Self.both.filled(["name": name.optionText]))
    }
    let all = CapabilitySet.all(to: container.host.lastCapability)
    func set(_ names: [Name], words: Bool) -> CapabilitySet {
      var result: CapabilitySet = []
      for name in names {
        switch name {
        case .all: if words { result.formUnion(all) }
        case .usual: if words { result.formUnion(Self.usual) }
        case .one(let number): if !words { result.insert(CapabilitySet(number: number)) }
        }
      }
      return result
    }
    let named = set(keep, words: false)
    let base = set(keep, words: true).subtracting(set(drop, words: true))
    if let name = named.subtracting(all).names.first {
      throw Self.lacking("keep=\(name)", Self.unknown.filled(["name": name, "release": container.host.release]))
    }
    let wanted = base.union(named).subtracting(set(drop, words: false))
    if container.namespaces.contains(.user) { return wanted.intersection(all) }
    let own = container.host.capabilities
    if !container.host.isRoot {
      throw Failure(
        "only real root can go on without userns", Self.unprivileged.filled(["user": String(container.host.userID)]))
    }
    if let name = named.subtracting(own).names.first {
      throw Self.lacking("keep=\(name)", Self.withheld.filled(["name": name]))
    }
    if !own.contains(.setpcap) { throw Self.lacking("capabilities can't be given up", Self.noSetpcap) }
    return wanted.intersection(own)
  }

  private static func lacking(_ what: String, _ advice: Advice) -> Failure {
    var failure = Failure(what, advice)
    failure.hostLacks = true
    return failure
  }

  public func shape(_ container: inout Container) throws(Failure) {
    let kept = try kept(container)
    container.capabilities = kept
    if container.userID != 0 {
      container.notes.append(
        "the command isn't root, so it has no capabilities; what is kept is what it may gain by others")
    }
    if !container.allowsUserNamespaces, kept.contains(.sysResource), container.userID == 0 {
      container.warnings.append("root inside keeps sys_resource, and with it can allow user namespaces again")
    }
  }

  public func beforeExec(_ container: Container) -> [Step] {
    guard let kept = container.capabilities else { return [] }
    let dropped = CapabilitySet.all(to: container.host.lastCapability).subtracting(kept)
    let isRoot = container.userID == 0
    let left: CapabilitySet = isRoot ? kept : []
    var steps: [Step] = []
    if !isRoot {
      steps.append(.setCapabilities(.setpcap).remark("of what was kept so far it takes one, for the next step"))
    }
    if !dropped.isEmpty { steps.append(.forgo(dropped).remark("nobody inside can gain these")) }
    steps.append(.setCapabilities(left).remark("none is inheritable, so that none can be ambient"))
    if container.user != nil, !isRoot { steps.append(.keepCapabilities(false)) }
    steps.append(.checkCapabilities(left).advice(Self.secureBits).remark("read back what there is now"))
    if !dropped.isEmpty { steps.append(.checkForgone(dropped)) }
    return steps.map { $0.advice(container.idMap == nil ? Self.noSetpcap : Self.takenAway) }
  }
}
