internal import Pipeline

/// The ids that an ordinary user may map beside its own: subuid(5), user_namespaces(7).
enum SubordinateIDs {
  struct Range: Equatable {
    let start: UInt32
    let count: UInt32

    var end: UInt64 { UInt64(start) + UInt64(count) }
  }

  /// The user's own ids as 0, and its subordinate ids from 1 on.
  ///
  /// - Returns: and how many ranges the kernel doesn't take any more.
  /// - Throws: which of the programs or the files' lines isn't there, or why it can't be used.
  static func map(_ host: Host) throws(Failure) -> (IDMap, leftOut: Int) {
    _ = try MappingPrograms.find(host)
    let account = try MappingPrograms.account(host)
    let users = try ranges("/etc/subuid", host.userID, account?.name, host)
    let groups = try ranges("/etc/subgid", host.groupID, account?.name, host)
    try MappingPrograms.check(account, host)
    return (
      IDMap(users: users.ranges, groups: groups.ranges, groupsCanChange: true), users.leftOut + groups.leftOut
    )
  }

  /// The caller's own ids, each to itself, and one group beside: only then the kernel lets an ordinary user's supplementary
  /// groups be dropped. Nil where there are none, and where the programs or ids for it are missing.
  static func dropping(_ host: Host) -> IDMap? {
    guard !host.isRoot, BlockedDirectory.supplementaryGroups(host).contains(where: { $0 != host.groupID }),
      let (all, _) = try? map(host)
    else { return nil }
    func one(_ id: UInt32) -> IDMap.Range { IDMap.Range(inside: id, outside: id, count: 1) }
    return IDMap(
      users: [one(host.userID)], groups: [one(host.groupID), one(all.groups[1].outside)], groupsCanChange: true)
  }

  /// The lines of a map that an own id and a file give.
  private static func ranges(
    _ file: FilePath, _ own: UInt32, _ name: [UInt8]?, _ host: Host
  ) throws(Failure) -> (ranges: [IDMap.Range], leftOut: Int) {
    if host.linkTarget(of: file) != nil { throw lacking(UserNS.linkedFile, ["file": file.text]) }
    let found = parse((try? host.contents(of: file)) ?? [], name: name, id: host.userID, own: own)
    guard !found.ranges.isEmpty else {
      let values = ["user": FreeIDs.name(host), "file": file.text, "usermod": FreeIDs.usermod(host)]
      guard let mistake = found.mistake else { throw lacking(UserNS.noRange, values) }
      throw lacking(UserNS.badRange, values.merging(["line": quoted(mistake.line), "cause": mistake.cause]) { $1 })
    }
    return fitting([Range(start: own, count: 1)] + found.ranges)
  }

  static func lacking(_ advice: Advice, _ values: [String: String] = [:]) -> Failure {
    var failure = Failure("map=full", values.reduce(advice) { $0.filled([$1.key: $1.value]) })
    failure.hostLacks = true
    return failure
  }

  /// As many ranges as one map can have, with ids inside that follow each other: 340 lines, which are written at once and
  /// must be shorter than a page.
  static func fitting(_ all: [Range]) -> (ranges: [IDMap.Range], leftOut: Int) {
    var (ranges, inside, length): ([IDMap.Range], UInt32, Int) = ([], 0, 0)
    for range in all {
      let next = IDMap.Range(inside: inside, outside: range.start, count: range.count)
      length += next.line.utf8.count
      if ranges.count == 340 || length > 4095 { break }
      ranges.append(next)
      inside += range.count
    }
    return (ranges, all.count - ranges.count)
  }

  /// The ranges of a user, by name or by number, in the file's order. An id that a range above has, or that is mapped as the
  /// caller's own already, is left out of a range. What newuidmap would refuse is passed over: a line that isn't
  /// `NAME:START:COUNT`, and ids beyond the largest one.
  ///
  /// - Returns: and the first line of the user's that is passed over, with the reason.
  static func parse(
    _ text: [UInt8], name: [UInt8]?, id: UInt32, own: UInt32
  ) -> (ranges: [Range], mistake: (line: ArraySlice<UInt8>, cause: String)?) {
    var (ranges, total, mistake): ([Range], UInt64, (ArraySlice<UInt8>, String)?) = ([], 1, nil)
    let number = Array(String(id).utf8)
    Accounts.lines(text) { line in
      let owner = line.prefix { $0 != Accounts.colon }
      guard name.map(owner.elementsEqual) == true || owner.elementsEqual(number) else { return true }
      let fields = line.split(separator: Accounts.colon, omittingEmptySubsequences: false)
      guard fields.count == 3, let start = Accounts.id(fields[1]), let count = Accounts.id(fields[2]) else {
        mistake = mistake ?? (line, "isn't NAME:START:COUNT")
        return true
      }
      let end = UInt64(start) + UInt64(count)
      if count == 0 || start == 0 || end > UInt64(UInt32.max) || total + UInt64(count) > UInt64(UInt32.max) {
        let cause = count == 0 ? "has no ids" : start == 0 ? "begins with root's id" : "goes beyond the largest id"
        mistake = mistake ?? (line, cause)
        return true
      }
      for part in parts(of: Range(start: start, count: count), without: own, and: ranges) {
        ranges.append(part)
        total += UInt64(part.count)
      }
      return true
    }
    return (ranges, mistake)
  }

  /// What is left of a range without an id and other ranges.
  private static func parts(of range: Range, without own: UInt32, and others: [Range]) -> [Range] {
    var parts = [range]
    for taken in [Range(start: own, count: 1)] + others
    where UInt64(taken.start) < range.end && UInt64(range.start) < taken.end {
      var rest: [Range] = []
      for part in parts {
        if part.start < taken.start {
          rest.append(Range(start: part.start, count: UInt32(min(part.end, UInt64(taken.start)) - UInt64(part.start))))
        }
        if part.end > taken.end {
          let start = max(UInt64(part.start), taken.end)
          rest.append(Range(start: UInt32(start), count: UInt32(part.end - start)))
        }
      }
      parts = rest
    }
    return parts
  }

  /// The first user of the machine's own whose id is among those that are mapped, with that id.
  static func stranger(_ map: IDMap, _ host: Host) -> (name: String, id: UInt32)? {
    var found: (String, UInt32)?
    Accounts.ids((try? host.contents(of: "/etc/passwd")) ?? []) { name, id in
      guard id != host.userID, map.hasUser(outside: id) else { return true }
      found = (shown(Array(name)), id)
      return false
    }
    return found
  }
}
