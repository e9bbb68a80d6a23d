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
        throw Failure("map=full", UserNS.noRange.filled(["user": name ?? String(host.userID), "file": file]))
      }
      return found
    }
    userProgram = try program("newuidmap")
    groupProgram = try program("newgidmap")
    let name = host.userName
    users = try ranges("/etc/subuid", name)
    groups = try ranges("/etc/subgid", name)
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
