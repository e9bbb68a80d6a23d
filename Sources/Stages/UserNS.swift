public import Pipeline

/// Gives the container user ids and privileges of its own: user_namespaces(7).
public struct UserNS: IsolationStage {
  public static let name = "userns"
  public static let help = """
    User ids of its own: root inside is an ordinary user outside.
    It is what lets you make all other namespaces without being root, and what makes root inside harmless. Without it \
    only real root can make a container, and root in it is root of your machine. Real root keeps its id inside, and its \
    files, but loses every privilege outside the container.
    """
  public static let options = [
    StageOption(
      "map", \Self.map,
      """
      root: your id becomes 0, and there is no other; self: your id stays; full: all of your subordinate ids as well, or \
      as real root all ids, each to itself; auto: full where it can be had, else root
      """)
  ]
  public static let diagnostics = [noRange, noProgram, refused, unprivileged]

  static let noRange = Advice(
    why: "user {user} has no line in {file}, so there are no subordinate ids to map",
    fix: "as root: usermod --add-subuids {free} --add-subgids {free} {user}; or write map=root")
  static let noProgram = Advice(
    why: "{program} isn't in PATH; only it may map subordinate ids for you",
    fix: "apt install uidmap; or write map=root")
  static let refused = Advice(
    .notPermitted,
    why: "{program} refused, and said above why; it must be set-user-ID root, and the ids yours in {file}",
    fix: "check {file} against: ls -l {program}; or write map=root")
  static let unprivileged = Advice(
    .notPermitted, why: "the kernel lets only root of the outer user namespace map these ids",
    fix: "write map=root, or give littlectr CAP_SETUID and CAP_SETGID there")

  enum Map: String, CaseIterable {
    case auto
    case root
    case own = "self"
    case full
  }

  var map = Map.auto
  public init() {}

  public var namespaces: Namespaces { .user }

  public func shape(_ container: inout Container) throws(Failure) {
    container[environment: "HOME"] = map == .own && !container.host.isRoot ? "/" : "/root"
    if let first = container.stagesAbove.first {
      container.warnings.append("userns stands below \(first): it works, since one call makes all namespaces")
    }
  }

  public func whileChildWaits(_ container: Container, child: ChildID) throws(Failure) -> [Step] {
    let host = container.host
    if host.isRoot {
      guard map == .auto || map == .full else { return oneID(host, child, privileged: true) }
      let isOutermost = isOutermost(host)
      return ["uid_map", "gid_map"].map { file in
        let all = isOutermost ? "0 0 \(UInt32.max)\n" : identity(host, FilePath("/proc/self/\(file)"))
        return .write(all, toChild: child, file).advice(Self.unprivileged)
      }
    }
    guard map == .auto || map == .full else { return oneID(host, child, privileged: false) }
    do throws(Failure) {
      return try ranges(host, child, container)
    } catch {
      if map == .full { throw error }
      return oneID(host, child, privileged: false)
    }
  }

  public func inChild(_ container: Container) -> [Step] {
    // Where the kernel has denied setgroups, the caller's groups can't be let go of; they show as nogroup.
    groupsCanChange(container.host) ? [.setGroups([]).remark("let go of your groups")] : []
  }

  private func groupsCanChange(_ host: Host) -> Bool {
    // A user namespace inside one in which setgroups is denied has it denied too.
    if host.isRoot {
      return isOutermost(host) || host.text(of: "/proc/self/setgroups")?.hasPrefix("deny") != true
    }
    return map == .full || map == .auto && (try? SubordinateIDs(host)) != nil
  }

  /// The kernel gives its outermost user namespace a fixed number: one look instead of files to read.
  private func isOutermost(_ host: Host) -> Bool { host.status(of: "/proc/self/ns/user")?.inode == 0xefff_fffd }

  private func oneID(_ host: Host, _ child: ChildID, privileged: Bool) -> [Step] {
    func line(_ id: UInt32) -> String { "\(map == .own ? id : 0) \(id) 1\n" }
    let deny = Step.write("deny", toChild: child, "setgroups").remark(
      "else the kernel lets no ordinary user map a group")
    return (privileged ? [] : [deny]) + [
      .write(line(host.userID), toChild: child, "uid_map").advice(Self.unprivileged),
      .write(line(host.groupID), toChild: child, "gid_map").advice(Self.unprivileged),
    ]
  }

  private func ranges(_ host: Host, _ child: ChildID, _ container: Container) throws(Failure) -> [Step] {
    let ids = try SubordinateIDs(host)
    func arguments(_ id: UInt32, _ ranges: [SubordinateIDs.Range]) -> [String] {
      var inside: UInt64 = 1
      var words = ["0", String(id), "1"]
      for range in ranges {
        words += [String(inside), String(range.start), String(range.count)]
        inside += UInt64(range.count)
      }
      return words
    }
    func step(_ program: FilePath, _ id: UInt32, _ ranges: [SubordinateIDs.Range], _ file: String) -> Step {
      .run(program, for: child, arguments(id, ranges), in: container).advice(.notPermitted) { _ in
        Self.refused.filled(["program": program.string, "file": file])
      }
    }
    return [
      step(ids.userProgram, host.userID, ids.users, "/etc/subuid"),
      step(ids.groupProgram, host.groupID, ids.groups, "/etc/subgid"),
    ]
  }

  /// Every id that littlectr itself has, mapped to itself, by its own map.
  private func identity(_ host: Host, _ file: FilePath) -> String {
    let lines = (host.text(of: file) ?? "").split(separator: "\n").map { $0.split(separator: " ") }
    return lines.filter { $0.count == 3 }.map { "\($0[0]) \($0[0]) \($0[2])\n" }.joined()
  }
}
