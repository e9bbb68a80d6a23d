public import Pipeline

/// Gives the container user ids and privileges of its own: user_namespaces(7).
public struct UserNS: IsolationStage {
  public static let name = "userns"
  public static let synonyms = ["usernamespace", "idmap", "uidmap"]
  public static let help = """
    User ids of its own: root inside is an ordinary user outside.
    It is what lets you make all other namespaces without being root, and what makes root inside harmless. Without it \
    only real root can make a container, and root in it is root of your machine. Real root \
    keeps its ids inside, and with them its rights to whatever root owns, /proc/sys included: from real root it is a \
    view of its own, and no boundary.
    """
  public static let options = [
    StageOption(
      "map", \Self.map,
      """
      root: your id becomes 0, and there is no other; self: your id stays; full: all of your subordinate ids as well, or \
      as real root all ids, each to itself; auto: full where it can be had, otherwise root
      """),
    StageOption(
      "groups", \Self.groups,
      """
      drop: your supplementary groups end at the container, where you have subordinate ids; with map=root the kernel keeps \
      them; keep: what you may enter, read and write by them, the container may too
      """),
    StageOption(
      "nested", \Self.nested,
      """
      no: no more user namespaces inside, in which any user would have all capabilities again, and with them a way to \
      much of the kernel; containers and sandboxes inside fail, those of browsers too
      """),
  ]
  public static let provides = [Facet.userNamespace]
  public static let diagnostics =
    [noRange, badRange, linkedFile, refused, unprivileged, readOnly, notRaised] + MappingPrograms.diagnostics

  static let noRange = Advice(
    why: "user {user} has no line in {file}, so there are no subordinate ids to map",
    fix: "as root: {usermod}; or write map=root")
  static let badRange = Advice(
    why: "the line {line} of {file} {cause}, and user {user} has no other, so there are no subordinate ids to map",
    fix: "as root, take that line out, and: {usermod}; or write map=root")
  static let linkedFile = Advice(
    why: "{file} is a symbolic link, which newuidmap doesn't follow, so there are no subordinate ids to map",
    fix: "as root, put the file itself there: cp --remove-destination $(readlink -f {file}) {file}; or write map=root")
  static let refused = Advice(
    .notPermitted,
    why: "{program} refused; what it says stands above. It must be set-user-ID root, and the ids yours in {file}",
    fix: "check {file} against: ls -l {program}; or write map=root")
  static let unprivileged = Advice(
    .notPermitted, why: "the kernel lets only root of the outer user namespace map these ids",
    fix: "write map=root, or give littlectr CAP_SETUID and CAP_SETGID there")

  static let readOnly = Advice(
    .readOnlyFileSystem, why: "/proc/sys can only be read here, as an outer container has it",
    fix: "write nested=yes; seccomp refuses user namespaces too, or in Docker --security-opt systempaths=unconfined")
  static let notRaised = Advice(
    .permissionDenied, why: "root of the new user namespace has no capability sys_resource in it",
    fix: "write nested=yes, and let seccomp refuse user namespaces")

  enum Map: String, CaseIterable {
    case auto
    case root
    case own = "self"
    case full
  }

  enum Groups: String, CaseIterable {
    case drop
    case keep
  }

  var map = Map.auto
  var groups = Groups.drop
  var nested = true
  public init() {}

  public var namespaces: Namespaces { .user }

  public func shape(_ container: inout Container) throws(Failure) {
    let host = container.host
    let (found, lacking, leftOut) = try idMap(host)
    let map = groups == .keep ? IDMap(users: found.users, groups: found.groups, groupsCanChange: false) : found
    (container.idMap, container.keepsGroups) = (map, groups == .keep)
    container.allowsUserNamespaces = nested
    if !nested, !container.stagesInUse.contains("capabilities"), !container.stagesInUse.contains("user") {
      container.warnings.append(
        "userns nested=no: root inside can allow them again, unless 'capabilities' takes sys_resource from it")
    }
    if map.users.count == 1, map.users[0].count == 1 {
      container.notes.append(MapNotes.oneID(lacking))
    } else if !map.hasUserAndGroup(inside: 65534) {
      container.notes.append(MapNotes.tooFew(map, host))
    }
    if leftOut > 0 {
      container.notes.append("userns: a map has at most 340 lines and 4095 bytes, so \(leftOut) ranges are left out")
    }
    if !map.groupsCanChange {
      container.share(SharedThing("groups", MapNotes.keptGroups(host)))
    }
    if !host.isRoot, !map.isSingle, let (name, id) = SubordinateIDs.stranger(map, host) {
      container.share(
        SharedThing(
          "ids", "/etc/subuid gives you the id of user \(name), \(id), so root inside may do what \(name) may"))
    }
    if map.users[0].inside == 0 { container[environment: "HOME"] = "/root" }
    if host.isRoot, !map.isSingle {
      container.share(
        SharedThing("root", "real root's ids: what root owns and nothing covers can be written; this is no boundary"))
    }
    if let first = container.stagesAbove.first {
      container.warnings.append("userns stands below \(first): it works, since one call makes all namespaces")
    }
  }

  public func whileChildWaits(_ container: Container, child: ChildID) throws(Failure) -> [Step] {
    guard let map = container.idMap else { return [] }
    let host = container.host
    if !host.isRoot, !map.isSingle {
      let (users, groups) = try MappingPrograms.find(host)
      let programs = [(users, map.users, "/etc/subuid"), (groups, map.groups, "/etc/subgid")]
      // Both at once: each takes longer than all else that is done before the command starts.
      return [
        .run(programs.map { HostProgram($0.0, $0.1.flatMap(\.words)) }, for: child, in: container)
          .advice(.notPermitted) { evidence in
            let failed = programs[evidence.detail.first == 1 ? 1 : 0]
            return Self.refused.filled(["program": failed.0.text, "file": failed.2])
          }
      ]
    }
    let deny = Step.write("deny", toChild: child, "setgroups")
      .remark("else the kernel lets no ordinary user map a group")
    return (host.isRoot ? [] : [deny])
      + [write(map.users, toChild: child, "uid_map"), write(map.groups, toChild: child, "gid_map")]
  }

  public func inChild(_ container: Container) -> [Step] {
    // Where the kernel denies setgroups, the caller's groups show as nogroup, and go on giving their rights.
    let groups: [Step] =
      container.idMap?.groupsCanChange == true ? [.setGroups([]).remark("drop your groups")] : []
    if nested { return groups }
    // The file is that of the opener's user namespace, also in the host's /proc, which is still there.
    let file = "/proc/sys/user/max_user_namespaces"
    return groups + [
      .write("0", toFile: file).advice(Self.readOnly).advice(Self.notRaised).remark(
        "no user namespaces below this one"),
      .check("0\n", ofFile: file),
    ]
  }

  private func write(_ ranges: [IDMap.Range], toChild child: ChildID, _ file: String) -> Step {
    .write(ranges.reduce("") { $0 + $1.line }, toChild: child, file).advice(Self.unprivileged)
  }

  /// The ids that the container gets.
  ///
  /// - Returns: and why there aren't more, where `auto` would have liked them.
  private func idMap(_ host: Host) throws(Failure) -> (IDMap, lacking: Failure?, leftOut: Int) {
    var lacking: Failure?
    if map == .full || map == .auto {
      if host.isRoot { return (identity(host), nil, 0) }
      do throws(Failure) {
        let (map, leftOut) = try SubordinateIDs.map(host)
        return (map, nil, leftOut)
      } catch {
        if map == .full { throw error }
        lacking = error
      }
    }
    func one(_ id: UInt32) -> [IDMap.Range] { [IDMap.Range(inside: map == .own ? id : 0, outside: id, count: 1)] }
    let single = IDMap(
      users: one(host.userID), groups: one(host.groupID), groupsCanChange: host.isRoot && !setgroupsIsDenied(host))
    if map == .own, groups == .drop, let dropping = SubordinateIDs.dropping(host) { return (dropping, nil, 0) }
    return (single, lacking, 0)
  }

  /// Every id that littlectr itself has, mapped to itself: in the outermost user namespace that is all of them.
  private func identity(_ host: Host) -> IDMap {
    if isOutermost(host) {
      let all = [IDMap.Range(inside: 0, outside: 0, count: .max)]
      return IDMap(users: all, groups: all, groupsCanChange: true)
    }
    func own(_ file: FilePath) -> [IDMap.Range] {
      let lines = (host.text(of: file) ?? "").lines.map { $0.words() }
      let ranges = lines.compactMap { fields -> IDMap.Range? in
        guard fields.count == 3, let id = UInt32(fields[0]), let count = UInt32(fields[2]) else { return nil }
        return IDMap.Range(inside: id, outside: id, count: count)
      }
      return ranges.isEmpty ? [IDMap.Range(inside: 0, outside: 0, count: 1)] : ranges
    }
    return IDMap(
      users: own("/proc/self/uid_map"), groups: own("/proc/self/gid_map"), groupsCanChange: !setgroupsIsDenied(host))
  }

  /// A user namespace inside one in which setgroups is denied has it denied too.
  private func setgroupsIsDenied(_ host: Host) -> Bool {
    !isOutermost(host) && host.text(of: "/proc/self/setgroups")?.begins(with: "deny") == true
  }

  /// The kernel gives its outermost user namespace a fixed number: one look instead of files to read.
  private func isOutermost(_ host: Host) -> Bool { host.status(of: "/proc/self/ns/user")?.inode == 0xefff_fffd }
}
