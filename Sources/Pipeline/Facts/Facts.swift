/// What the kernel reports of a process, each thing by a word, with its values as text: `groups`, `29`, `50`.
public struct Facts: Sendable {
  /// What is known of one thing.
  public struct Fact: Sendable, Equatable {
    /// The word.
    public let name: String
    /// The values; none for what there is none of.
    public let values: [String]

    /// A fact, or what is expected of one.
    public init(_ name: String, _ values: [String]) { (self.name, self.values) = (name, values) }
  }

  /// All of them, in the order in which they are told.
  public private(set) var all: [Fact] = []
  /// The mounts that can be seen from the root.
  public internal(set) var mounts: [MountFact] = []

  /// No facts yet.
  public init() {}

  /// Adds a fact.
  mutating func add(_ name: String, _ values: [String]) { all.append(Fact(name, values)) }

  /// The values of a fact; nil if it isn't known.
  public subscript(name: String) -> [String]? {
    for fact in all where fact.name.isSame(as: name) { return fact.values }
    return nil
  }

  /// How facts differ from what is expected of them, in words; empty when they don't.
  public func differences(from expected: [Fact]) -> String {
    var differences: [String] = []
    for wanted in expected {
      let found = self[wanted.name]
      if let found, Self.isSame(Self.sorted(found), Self.sorted(wanted.values)) { continue }
      func text(_ values: [String]) -> String { values.isEmpty ? "none" : Self.sorted(values).joined(separator: ",") }
      differences.append(
        "\(wanted.name): expected \(text(wanted.values)), found \(found.map { text($0) } ?? "nothing that tells")")
    }
    return differences.joined(separator: "; ")
  }

  /// Sorted, numbers by their value, and each once.
  private static func sorted(_ values: [String]) -> [String] {
    let sorted = values.sorted { a, b in
      if let a = Int(a), let b = Int(b) { return a < b }
      return a.utf8.lexicographicallyPrecedes(b.utf8)
    }
    var result: [String] = []
    for value in sorted where result.last?.isSame(as: value) != true { result.append(value) }
    return result
  }

  private static func isSame(_ one: [String], _ other: [String]) -> Bool {
    one.count == other.count && zip(one, other).allSatisfy { $0.isSame(as: $1) }
  }
}

/// A mount, as the process sees it: proc_pid_mountinfo(5).
public struct MountFact: Sendable, Equatable {
  /// Where it is.
  public let path: String
  /// The file system's type.
  public let type: String
  /// Its own flags: `rw`, `nosuid`.
  public let flags: [String]
  /// Whether nothing can be written: the mount or its file system is read-only.
  public let isReadOnly: Bool

  /// Whether it shows things of the kernel, and keeps nothing that is written into it.
  public var isKernels: Bool {
    for type in ["proc", "sysfs", "devpts", "cgroup", "cgroup2"] where type == self.type { return true }
    return false
  }
}
