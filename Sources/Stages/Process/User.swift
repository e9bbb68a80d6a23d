public import Pipeline

/// Runs the command as a user of the container's: setgroups(2), setresgid(2), setresuid(2).
public struct User: IsolationStage {
  public static let name = "user"
  public static let synonyms = ["uid", "setuid", "username"]
  public static let help = """
    A user of the container's instead of its root, by name as the image's own /etc/passwd and /etc/group have it, or by \
    number.
    HOME, USER and LOGNAME are that user's. Without it the command is the container's root, which may mount, change its \
    files' owners and do whatever else root may inside. A user by name gets the groups that /etc/group lists; with a group \
    after the name only that one, and those of groups=. A number without a line in /etc/passwd gets group 0 and HOME=/. \
    Process 1 of 'pid' becomes the user as well, and forwards signals with its rights: to a set-user-ID program that \
    has become root altogether they don't come. Such a program also loses the parent-death signal: with pid's \
    init=no, or pid off, it may outlive littlectr.
    """
  public static let options = [
    StageOption("name", \Self.account, "the user, and the group, each by name or number", flag: "user", letter: "u"),
    StageOption("uid", \Self.uid, "the user's id"),
    StageOption("gid", \Self.gid, "the group's id"),
    StageOption("groups", \Self.groups, "one more supplementary group"),
  ]
  public static let provides = [Facet.user, .lesserPrivileges]
  public static let follows: KeyValuePairs = [
    Facet.userNamespace: "the ids are those of the user namespace",
    .root: "the user is looked up in the container's root",
    .layer: "the user is looked up in the container's root", .terminal: "the terminal is given to the user",
  ]
  public static let precedes: KeyValuePairs = [
    Facet.lesserPrivileges: "ids are changed with rights that are given up there"
  ]
  public static let diagnostics = [
    nobody, noUser, noGroup, unreadable, tooMany, single, unmapped, denied, kept, unprivileged,
  ]

  static let nobody = Advice(why: "the line doesn't say which user", fix: "write user name=NAME, or user uid=NUMBER")
  static let noUser = Advice(
    why: "the container's /etc/passwd has no user {name}", fix: "add it to the image, or write a number: uid=1000")
  static let noGroup = Advice(
    why: "the container's /etc/group has no group {name}", fix: "add it to the image, or write a number: gid=1000")
  static let unreadable = Advice(
    why: "the container's {path} {cause}, so that nobody can be looked up in it", fix: "replace it by a regular file")
  static let tooMany = Advice(
    why: "there would be {count} supplementary groups, and the kernel takes 65536 at most",
    fix: "write a group after the user, name=USER:GROUP: then /etc/group isn't asked")
  static let single = Advice(
    why: "the container has one {kind} only, {ids}, and {id} isn't it",
    fix: "write map=full at userns; an ordinary user needs subordinate ids for that, which root gives you: {usermod}")
  static let unmapped = Advice(
    why: "the container has {count} {kind}s, {ids}, and {id} is none of them",
    fix: "take one of those, or have root give you more subordinate ids: {usermod}")
  static let denied = Advice(
    why: "the kernel denies setgroups to a user namespace whose only group an ordinary user has mapped",
    fix: "write map=full at userns, or leave the groups out: name=USER:GROUP without groups=")
  static let kept = Advice(
    why: "userns groups=keep keeps your own supplementary groups, and to set others would drop them",
    fix: "write groups=drop at userns, or leave the groups out: name=USER:GROUP without groups=")
  static let unprivileged = Advice(
    .notPermitted, why: "only root may become another user, and without userns you aren't root inside",
    fix: "switch userns on, or run as root", without: "userns")

  private var user: UserReference?
  private var group: UserReference?
  var groups: [UserReference] = []
  // One user, one group: a key that stands further right wins.
  var account: UserAndGroup? {
    get {
      user?.number != nil && group.map { $0.number != nil } ?? true
        ? nil : user.map { UserAndGroup(user: $0, group: group) }
    }
    set { (user, group) = (newValue?.user, newValue?.group ?? group) }
  }
  var uid: ID? {
    get { account == nil ? user?.number.map { ID(number: $0) } : nil }
    set { user = newValue.map { .number($0.number) } }
  }
  var gid: ID? {
    get { account == nil ? group?.number.map { ID(number: $0) } : nil }
    set { group = newValue.map { .number($0.number) } }
  }
  public init() {}

  public func shape(_ container: inout Container) throws(Failure) {
    guard let user else { throw Failure("nobody is named", Self.nobody) }
    guard container.namespaces.contains(.user) || container.host.isRoot else {
      throw Failure("name=\(user.optionText)", Self.unprivileged)
    }
    let accounts = try Accounts(container)
    let entry = accounts.user(user)
    if case .name(let name) = user, entry == nil {
      throw Failure("name=\(quoted(name))", Self.noUser.filled(["name": name]))
    }
    let id = entry?.id ?? user.number ?? 0
    let primary = try self.group.map { who throws(Failure) in try number(of: who, accounts) } ?? entry?.group ?? 0
    var others = try groups.map { who throws(Failure) in try number(of: who, accounts) }
    if self.group == nil, let entry { others += accounts.groups(of: entry) }
    let ids = Container.User(user: id, group: primary, groups: Self.distinct(others))
    try check(ids, container)
    container.user = ids
    container[bytesOf: "USER"] = entry?.name
    container[bytesOf: "LOGNAME"] = entry?.name
    container[bytesOf: "HOME"] = entry?.home ?? [UInt8(ascii: "/")]
  }

  public func beforeExec(_ container: Container) -> [Step] {
    guard let ids = container.user else { return [] }
    // The host's /dev may have given it: that one's owner can't be changed from inside.
    let terminal = container.stagesAbove.contains("dev") ? container.pseudoTerminal?.terminal : nil
    let canChange = container.idMap?.groupsCanChange ?? true
    // What the user has no use for is given up by 'capabilities', which needs a capability too.
    let keeps = ids.user != 0 && container.stagesInUse.contains("capabilities")
    let steps: [Step] =
      (terminal.map { [.setOwner(ids.user, of: $0)] } ?? [])
      + StandardStreams(container).given(to: ids.user, container.idMap) + (canChange ? [.setGroups(ids.groups)] : [])
      + [.setGroupID(ids.group)]
      + (keeps ? [.keepCapabilities(true).remark("for 'capabilities', which gives them up for good")] : [])
      + [.setUserID(ids.user)]
    // The ids may be those of the image's own files.
    let decided = Step.advice(anyOf: [Self.unprivileged], filled: [:], on: steps, lookIntoImage: true)
    return decided + [.dieWithLittlectr(container)]
  }

  private func number(of who: UserReference, _ accounts: Accounts) throws(Failure) -> UInt32 {
    guard case .name(let name) = who else { return who.number ?? 0 }
    guard let id = accounts.group(name) else {
      throw Failure("group \(quoted(name))", Self.noGroup.filled(["name": name]))
    }
    return id
  }

  /// Sorted, and each once: an image's file may name a group as often as it likes.
  private static func distinct(_ groups: [UInt32]) -> [UInt32] {
    var result: [UInt32] = []
    for group in groups.sorted() where result.last != group { result.append(group) }
    return result
  }

  /// Refuses ids that the container doesn't have, and groups that can't be changed.
  private func check(_ ids: Container.User, _ container: Container) throws(Failure) {
    if ids.groups.count > 65536 {
      throw Failure("name=\(account?.optionText ?? "")", Self.tooMany.filled(["count": String(ids.groups.count)]))
    }
    guard let map = container.idMap else { return }
    try check([ids.user], "user", map.users, container)
    try check([ids.group] + ids.groups, "group", map.groups, container)
    if !map.groupsCanChange, !ids.groups.isEmpty {
      throw Failure(
        "setgroups(\(ids.groups.map(String.init).joined(separator: ", ")))",
        container.keepsGroups ? Self.kept : Self.denied)
    }
  }

  private func check(_ ids: [UInt32], _ kind: String, _ ranges: [IDMap.Range], _ container: Container) throws(Failure) {
    guard let id = ids.first(where: { id in !ranges.contains { id >= $0.inside && id - $0.inside < $0.count } }) else {
      return
    }
    let count = ranges.reduce(UInt64(0)) { $0 + UInt64($1.count) }
    let spans = ranges.map {
      $0.count == 1 ? "\($0.inside)" : "\($0.inside)-\(UInt64($0.inside) + UInt64($0.count) - 1)"
    }
    throw Failure(
      "\(kind) \(id)",
      (count == 1 ? Self.single : Self.unmapped).filled([
        "kind": kind, "id": String(id), "count": String(count), "ids": spans.joined(separator: ", "),
        "usermod": FreeIDs.usermod(container.host),
      ]))
  }
}
