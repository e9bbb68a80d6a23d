/// Which ids outside stand for the ids inside: user_namespaces(7).
public struct IDMap: Sendable, Equatable {
  /// Ids that follow each other, inside and outside.
  public struct Range: Sendable, Equatable {
    /// The first id inside.
    public let inside: UInt32
    /// The first id outside.
    public let outside: UInt32
    /// How many ids there are.
    public let count: UInt32

    /// A range.
    public init(inside: UInt32, outside: UInt32, count: UInt32) {
      (self.inside, self.outside, self.count) = (inside, outside, count)
    }

    /// The line that /proc/PID/uid_map takes.
    public var line: String { "\(inside) \(outside) \(count)\n" }
    /// The words that newuidmap(1) takes.
    public var words: [String] { [String(inside), String(outside), String(count)] }
  }

  /// The user ids.
  public let users: [Range]
  /// The group ids.
  public let groups: [Range]
  /// Whether setgroups(2) is called inside: not where the kernel denies it, nor where the caller's groups are to be kept.
  public let groupsCanChange: Bool

  /// A map.
  public init(users: [Range], groups: [Range], groupsCanChange: Bool) {
    (self.users, self.groups, self.groupsCanChange) = (users, groups, groupsCanChange)
  }

  /// Whether a user of the host's has an id inside.
  public func hasUser(outside id: UInt32) -> Bool {
    users.contains { id >= $0.outside && id - $0.outside < $0.count }
  }

  /// Whether a group of the host's has an id inside.
  public func hasGroup(outside id: UInt32) -> Bool {
    groups.contains { id >= $0.outside && id - $0.outside < $0.count }
  }

  /// The id outside that stands for one inside; nil if none does.
  public static func outside(_ id: UInt32, _ ranges: [Range]) -> UInt32? {
    ranges.first { id >= $0.inside && id - $0.inside < $0.count }.map { $0.outside + (id - $0.inside) }
  }

  /// The id inside that an id outside has; nil if it has none.
  public static func inside(_ id: UInt32, _ ranges: [Range]) -> UInt32? {
    ranges.first { id >= $0.outside && id - $0.outside < $0.count }.map { $0.inside + (id - $0.outside) }
  }

  /// Whether there is a user and a group of that number inside.
  public func hasUserAndGroup(inside id: UInt32) -> Bool {
    users.contains { id >= $0.inside && id - $0.inside < $0.count }
      && groups.contains { id >= $0.inside && id - $0.inside < $0.count }
  }

  /// Whether there is one user and one group only.
  public var isSingle: Bool { users.count == 1 && groups.count == 1 && users[0].count == 1 && groups[0].count == 1 }
}
