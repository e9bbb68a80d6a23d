internal import Pipeline

/// The ids that an ordinary user may map beside its own, and the programs that map them: subuid(5), newuidmap(1).
enum SubordinateIDs {
  struct Range: Equatable {
    let start: UInt32
    let count: UInt32
  }

  /// The user's own ids as 0, and its subordinate ids from 1 on.
  ///
  /// - Throws: which of the programs or the files' lines isn't there.
  static func map(_ host: Host) throws(Failure) -> IDMap {
    _ = try programs(host)
    let name = host.userName
    func ranges(_ file: FilePath, _ own: UInt32) throws(Failure) -> [IDMap.Range] {
      let found = parse(host.text(of: file) ?? "", name: name, id: host.userID)
      guard !found.isEmpty else {
        throw lacking(
          UserNS.noRange.filled(["user": name ?? String(host.userID), "file": file.string, "free": free(host)]))
      }
      var inside: UInt32 = 1
      return [IDMap.Range(inside: 0, outside: own, count: 1)]
        + found.map { range in
          defer { inside += range.count }
          return IDMap.Range(inside: inside, outside: range.start, count: range.count)
        }
    }
    return IDMap(
      users: try ranges("/etc/subuid", host.userID), groups: try ranges("/etc/subgid", host.groupID),
      groupsCanChange: true)
  }

  /// newuidmap and newgidmap.
  static func programs(_ host: Host) throws(Failure) -> (users: FilePath, groups: FilePath) {
    func find(_ name: String) throws(Failure) -> FilePath {
      guard let path = host.find(program: name) else { throw lacking(UserNS.noProgram.filled(["program": name])) }
      return path
    }
    return (try find("newuidmap"), try find("newgidmap"))
  }

  private static func lacking(_ advice: Advice) -> Failure {
    var failure = Failure("map=full", advice)
    failure.hostLacks = true
    return failure
  }

  /// A range of the usual size that nobody has, as usermod takes it.
  private static func free(_ host: Host) -> String {
    let lines = ["/etc/subuid", "/etc/subgid"].flatMap { file in
      (host.text(of: FilePath(file)) ?? "").split(separator: "\n").map { $0.split(separator: ":") }
    }
    let ends = lines.compactMap { fields in
      fields.count == 3 ? (UInt64(fields[1]) ?? 0).addingReportingOverflow(UInt64(fields[2]) ?? 0).partialValue : nil
    }
    let start = max(100_000, ends.filter { $0 < UInt64(UInt32.max) }.max() ?? 0)
    return "\(start)-\(start + 65535)"
  }

  /// The ranges of a user, by name or by number, in the file's order. What newuidmap would refuse is passed over: a line
  /// that isn't `NAME:START:COUNT`, ids beyond the largest one, and a range that overlaps one above it.
  static func parse(_ text: String, name: String?, id: UInt32) -> [Range] {
    var ranges: [Range] = []
    var total: UInt64 = 1
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: ":", omittingEmptySubsequences: false)
      guard fields.count == 3, String(fields[0]) == name || String(fields[0]) == String(id),
        let start = UInt32(fields[1]), let count = UInt32(fields[2]), start > 0, count > 0,
        UInt64(start) + UInt64(count) <= UInt64(UInt32.max), total + UInt64(count) <= UInt64(UInt32.max),
        !ranges.contains(where: { start < $0.start + $0.count && $0.start < start + count })
      else { continue }
      ranges.append(Range(start: start, count: count))
      total += UInt64(count)
    }
    return ranges
  }
}
