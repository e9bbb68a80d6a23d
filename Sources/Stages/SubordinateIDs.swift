internal import Pipeline

/// The ids that an ordinary user may map beside its own, and the programs that map them: subuid(5), newuidmap(1).
struct SubordinateIDs {
  struct Range: Equatable {
    let start: UInt32
    let count: UInt32
  }

  let users: [Range]
  let groups: [Range]
  let userProgram: FilePath
  let groupProgram: FilePath

  /// Looks them up.
  ///
  /// - Throws: which of the programs or the files' lines isn't there.
  init(_ host: Host) throws(Failure) {
    func program(_ name: String) throws(Failure) -> FilePath {
      guard let path = host.find(program: name) else {
        throw Failure("map=full", UserNS.noProgram.filled(["program": name]))
      }
      return path
    }
    func ranges(_ file: String, _ name: String?) throws(Failure) -> [Range] {
      let found = Self.parse(host.text(of: FilePath(file)) ?? "", name: name, id: host.userID)
      guard !found.isEmpty else {
        throw Failure(
          "map=full",
          UserNS.noRange.filled([
            "user": name ?? String(host.userID), "file": file, "free": Self.free(host),
          ]))
      }
      return found
    }
    userProgram = try program("newuidmap")
    groupProgram = try program("newgidmap")
    let name = host.userName
    users = try ranges("/etc/subuid", name)
    groups = try ranges("/etc/subgid", name)
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

  /// The ranges of a user, by name or by number, in the file's order. A line that isn't `NAME:START:COUNT`, or whose ids
  /// would pass the largest one, is passed over, as newuidmap does.
  static func parse(_ text: String, name: String?, id: UInt32) -> [Range] {
    text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: ":", omittingEmptySubsequences: false)
      guard fields.count == 3, String(fields[0]) == name || String(fields[0]) == String(id),
        let start = UInt32(fields[1]), let count = UInt32(fields[2]), start > 0, count > 0,
        UInt64(start) + UInt64(count) < UInt64(UInt32.max)
      else { return nil }
      return Range(start: start, count: count)
    }
  }
}
