internal import SystemPackage

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

  /// The facts whose values are places, each with the tree of mounts below it.
  static let ofTrees = ["writable", "suid", "dev"]

  /// How facts differ from what is expected of them, in words; empty when they don't.
  public func differences(from expected: [Fact]) -> String {
    var differences: [String] = []
    for wanted in expected {
      let others = Self.ofTrees.contains(wanted.name) ? strangers(wanted) : nil
      let found = self[wanted.name]
      let counted = others == nil ? found : found?.filter { Self.holds(wanted.values, $0) }
      if let counted, others?.isEmpty ?? true, Self.isSame(Self.sorted(counted), Self.sorted(wanted.values)) {
        continue
      }
      func text(_ values: [String]) -> String { values.isEmpty ? "none" : Self.sorted(values).joined(separator: ",") }
      var difference = "\(wanted.name): expected \(text(wanted.values)), found "
      difference += found.map { text($0) } ?? "nothing that tells"
      for mount in others ?? [] {
        guard let line = mount.line else { continue }
        let remedy = Self.remedy(wanted.name)
        difference += " (\(mount.path) is attached by \(line): \(remedy), or name it in \(wanted.name)=)"
      }
      differences.append(difference)
    }
    return differences.joined(separator: "; ")
  }

  private static func holds(_ values: [String], _ value: String) -> Bool { values.contains { $0.isSame(as: value) } }

  private static func remedy(_ name: String) -> String {
    switch name {
    case "writable": "have it read-only there, as :ro does"
    case "suid": "write nosuid there"
    default: "write nodev there"
    }
  }

  /// The mounts that something is so of, and that belong to no tree which is expected to be. One that came along with what it
  /// lies in belongs to its tree; one that a line has attached doesn't.
  private func strangers(_ wanted: Fact) -> [MountFact] {
    mounts.filter { mount in
      if !mount.has(wanted.name) || Self.holds(wanted.values, mount.path) { return false }
      return mount.line != nil || !wanted.values.contains { FilePath.lies(mount.path, in: $0) }
    }
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
  /// The kernel's number for it.
  public var number: UInt64 = 0
  /// The line that has attached it; nil for one that came along with another.
  public var line: String?
  /// Whether it is a single device.
  var isDevice = false
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

  /// Whether a fact about places holds of it.
  func has(_ name: String) -> Bool {
    if isKernels || isDevice { return false }
    switch name {
    case "writable": return !isReadOnly
    case "suid": return !flags.contains("nosuid")
    default: return !flags.contains("nodev")
    }
  }
}
