internal import Pipeline

/// Why a directory on the way to a path can't be entered, looked for once a step has failed with EACCES.
enum BlockedDirectory {
  static let byGroup = Advice(
    .permissionDenied,
    why: "you enter {directory} only as a member of {group}, and the container drops your supplementary groups",
    fix: "write groups=keep at userns, or take what you reach without that group")
  static let unmapped = Advice(
    .permissionDenied,
    why:
      "{directory} belongs to user {owner} and group {group} and has mode {mode}, and userns doesn't map both of them",
    fix: "write map=full at userns, or take what others may enter")
  static let others = Advice(
    .permissionDenied,
    why: "{directory} belongs to user {owner} and has mode {mode}: you, as user {user}, can't enter it",
    fix: "take what you can enter, or have its owner let you alone in: setfacl -m u:{user}:x {directory}")
  static let own = Advice(
    .permissionDenied, why: "{directory} is yours, but has mode {mode}, by which you can't enter it",
    fix: "chmod u+x {directory}")
  static let inside = Advice(
    .permissionDenied,
    why: "user {user} of the container may not enter {directory}, which belongs to {owner} there and has mode {mode}",
    fix: "name a directory that this user may enter, or another user who may")

  /// The refusals, for the manual.
  static let diagnostics = [byGroup, unmapped, others, own, inside]

  /// The ids and privileges with which a directory of the host's is entered.
  struct Rights {
    let user: UInt32
    let groups: [UInt32]
    /// Whether capabilities count, over what is of mapped ids.
    let hasAll: Bool
    let map: IDMap?

    /// As the container's processes have them while it is set up.
    init(settingUp container: Container) {
      let host = container.host
      let keeps = container.idMap?.groupsCanChange != true
      (user, map) = (host.userID, container.idMap)
      groups = [host.groupID] + (keeps ? BlockedDirectory.supplementaryGroups(host) : [])
      hasAll = container.idMap != nil || host.isRoot
    }

    private init(user: UInt32, groups: [UInt32], hasAll: Bool, map: IDMap?) {
      (self.user, self.groups, self.hasAll, self.map) = (user, groups, hasAll, map)
    }

    /// As the command has them.
    static func ofCommand(_ container: Container) -> Rights {
      guard let ids = container.user else { return Rights(settingUp: container) }
      let map = container.idMap
      func outside(_ id: UInt32, _ ranges: [IDMap.Range]?) -> UInt32 {
        ranges.map { IDMap.outside(id, $0) ?? .max } ?? id
      }
      let kept = map?.groupsCanChange == false ? BlockedDirectory.supplementaryGroups(container.host) : []
      let groups = ([ids.group] + ids.groups).map { outside($0, map?.groups) } + kept
      return Rights(user: outside(ids.user, map?.users), groups: groups, hasAll: ids.user == 0, map: map)
    }

    func mayEnter(_ found: Host.Found) -> Bool {
      if hasAll, isMapped(found) { return true }
      let isGroups = groups.contains(found.groupID)
      return (found.userID == user ? found.mode >> 6 : isGroups ? found.mode >> 3 : found.mode) & 1 == 1
    }

    func isMapped(_ found: Host.Found) -> Bool {
      map.map { $0.hasUser(outside: found.userID) && $0.hasGroup(outside: found.groupID) } ?? true
    }
  }

  /// The cause, for a path of the host's that a process of the container was to reach; nil if none is found.
  ///
  /// - Parameter isParents: whether it was littlectr itself, which has all of the caller's groups.
  static func advice(on path: FilePath, _ evidence: Evidence, isParents: Bool = false) -> Advice? {
    let (container, host) = (evidence.container, evidence.host)
    let rights = Rights(settingUp: container)
    return first(on: path, host) { way in
      guard let found = host.status(of: way), found.isDirectory else { return nil }
      var values = [
        "directory": way.text, "owner": String(found.userID), "mode": String(found.mode & 0o7777, radix: 8),
        "group": String(found.groupID), "user": String(host.userID),
      ]
      if !host.mayExecute(way) { return filled(found.userID == host.userID ? own : others, values) }
      if isParents || rights.mayEnter(found) { return nil }
      if !rights.isMapped(found), host.isRoot { return filled(unmapped, values) }
      let isMember = supplementaryGroups(host).contains(found.groupID) && found.mode & 0o010 != 0
      values["group"] = isMember ? "group \(found.groupID)" : "a group that its access list names"
      return filled(byGroup, values)
    }
  }

  /// The cause, for a directory of the container's that the command was to begin in; nil if none is found.
  static func advice(inside path: FilePath, _ container: Container) -> Advice? {
    let rights = Rights.ofCommand(container)
    var way: FilePath = "/"
    for name in path.names {
      way.push(name)
      guard let found = container.found(at: way), found.isDirectory, !rights.mayEnter(found) else { continue }
      let owner = container.idMap.map { IDMap.inside(found.userID, $0.users) } ?? found.userID
      let values = [
        "directory": way.text, "user": String(container.userID), "mode": String(found.mode & 0o7777, radix: 8),
        "owner": owner.map { "user \($0)" } ?? "a user that userns doesn't map",
      ]
      if container.user == nil, supplementaryGroups(container.host).contains(found.groupID), found.mode & 0o010 != 0 {
        return filled(byGroup, values.merging(["group": "group \(found.groupID)"]) { $1 })
      }
      return filled(inside, values)
    }
    return nil
  }

  private static func filled(_ advice: Advice, _ values: [String: String]) -> Advice {
    values.reduce(advice) { $0.filled([$1.key: $1.value]) }
  }

  /// What is found first on the way to a path, whose links are followed.
  private static func first(on path: FilePath, _ host: Host, _ look: (FilePath) -> Advice?) -> Advice? {
    var (rest, links) = ([FilePath](path.names.reversed()), 0)
    var way: FilePath = path.isAbsolute ? "/" : "."
    while let name = rest.popLast() {
      let next = way.pushing(name)
      if let target = host.linkTarget(of: next) {
        links += 1
        if links > 40 { return nil }
        if target.isAbsolute { way = "/" }
        rest += target.names.reversed()
        continue
      }
      if let found = look(next) { return found }
      way = next
    }
    return nil
  }

  /// The caller's supplementary groups: proc_pid_status(5).
  static func supplementaryGroups(_ host: Host) -> [UInt32] {
    for line in (host.text(of: "/proc/self/status") ?? "").lines where line.begins(with: "Groups:\t") {
      return line.dropping(8).words().compactMap { UInt32($0) }
    }
    return []
  }
}
