internal import Pipeline

/// Ids that nobody has, for remedies: usermod(8).
enum FreeIDs {
  /// The command that gives the caller a range, to be run as root.
  static func usermod(_ host: Host) -> String {
    let free = range(host) ?? "FIRST-LAST"
    return "usermod --add-subuids \(free) --add-subgids \(free) \(name(host))"
  }

  /// The caller's name, or without one its number.
  static func name(_ host: Host) -> String { host.userName ?? String(host.userID) }

  /// A range of the usual size that is nobody's, neither as a user's or group's own nor as subordinate ids, as usermod takes
  /// it.
  static func range(_ host: Host) -> String? {
    let size: UInt64 = 65536
    var taken: [(start: UInt64, end: UInt64)] = [host.userID, host.groupID].map { (UInt64($0), UInt64($0) + 1) }
    func contents(_ file: FilePath) -> [UInt8] { (try? host.contents(of: file)) ?? [] }
    for file in ["/etc/subuid", "/etc/subgid"] as [FilePath] {
      Accounts.lines(contents(file)) { line in
        let fields = line.split(separator: Accounts.colon, omittingEmptySubsequences: false)
        if fields.count >= 3, let start = Accounts.id(fields[1]) {
          taken.append((UInt64(start), UInt64(start) + UInt64(Accounts.id(fields[2]) ?? .max)))
        }
        return true
      }
    }
    for file in ["/etc/passwd", "/etc/group"] as [FilePath] {
      Accounts.ids(contents(file)) { _, id in
        taken.append((UInt64(id), UInt64(id) + 1))
        return true
      }
    }
    var first: UInt64 = 100_000
    for range in taken.sorted(by: { $0.start < $1.start }) where range.start < first + size && range.end > first {
      first = range.end
    }
    return first + size <= UInt64(UInt32.max) ? "\(first)-\(first + size - 1)" : nil
  }
}
