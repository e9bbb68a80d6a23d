/// How a filter is installed: SECCOMP_FILTER_FLAG_… of seccomp(2).
public struct FilterFlags: OptionSet, Sendable {
  /// The kernel's bits.
  public let rawValue: UInt32
  /// A set by the kernel's bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  /// All threads get it: there is one.
  public static let allThreads = FilterFlags(rawValue: 1)
  /// What is refused is put down in the audit log.
  public static let log = FilterFlags(rawValue: 2)
  /// The processor goes on guessing where stores lead.
  public static let speculates = FilterFlags(rawValue: 4)

  /// The flags as strace prints them.
  package var text: String {
    let words = [
      (Self.allThreads, "TSYNC"), (.log, "LOG"), (.speculates, "SPEC_ALLOW"),
    ].filter { contains($0.0) }.map { "SECCOMP_FILTER_FLAG_" + $0.1 }
    return words.isEmpty ? "0" : words.joined(separator: "|")
  }
}
