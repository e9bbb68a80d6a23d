extension Host {
  /// Whether a group is the caller's alone, as many systems give one to every user: its own primary group, in which nobody
  /// but the caller and root is, by /etc/group and /etc/passwd.
  public func isAlone(in group: UInt32) -> Bool { group == groupID && hasNobodyElse(in: group, isListed: false) }

  /// Whether nobody but the caller and root is in a group of the system's, as in Debian's staff, which may write in
  /// /usr/local.
  public func isEmpty(group: UInt32) -> Bool { hasNobodyElse(in: group, isListed: true) }

  /// - Parameter isListed: whether the group must be in /etc/group.
  private func hasNobodyElse(in group: UInt32, isListed: Bool) -> Bool {
    guard let groups = try? contents(of: "/etc/group"), let users = try? contents(of: "/etc/passwd"),
      let listed = Self.lines(groups, field: 2, among: [group]),
      let primary = Self.lines(users, field: 3, among: [group]),
      let own = Self.lines(users, field: 2, among: [userID, 0])
    else { return false }
    // Who isn't in the files is known elsewhere, and so are perhaps others who are in the group.
    if !own.contains(where: { Self.id($0[2]) == userID }) || isListed && listed.isEmpty { return false }
    let members = listed.flatMap { $0[3].split(separator: UInt8(ascii: ",")) } + primary.map { $0[0] }
    return members.allSatisfy { member in own.contains { $0[0] == member } }
  }

  /// The lines in which a field is one of these numbers; nil if a line can't be read as it is meant.
  private static func lines(_ text: [UInt8], field: Int, among numbers: [UInt32]) -> [[ArraySlice<UInt8>]]? {
    var found: [[ArraySlice<UInt8>]] = []
    for line in text.split(separator: 0x0a) where line.first != UInt8(ascii: "#") {
      let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      guard fields.count >= 4, let number = id(fields[field]) else { return nil }
      if numbers.contains(number) { found.append(fields) }
    }
    return found
  }
}
