/// Some of the privileges that root's power is divided into: capabilities(7).
public struct CapabilitySet: OptionSet, Sendable, Hashable {
  /// A bit for each, by its number.
  public let rawValue: UInt64
  /// Makes a set from the kernel's bits.
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// One capability, by its number.
  public init(number: Int) { self.init(rawValue: 1 << UInt64(number)) }

  /// The names, by number, in lower case and without CAP_.
  public static let names = [
    "chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap",
    "linux_immutable", "net_bind_service", "net_broadcast", "net_admin", "net_raw", "ipc_lock", "ipc_owner",
    "sys_module", "sys_rawio", "sys_chroot", "sys_ptrace", "sys_pacct", "sys_admin", "sys_boot", "sys_nice",
    "sys_resource", "sys_time", "sys_tty_config", "mknod", "lease", "audit_write", "audit_control", "setfcap",
    "mac_override", "mac_admin", "syslog", "wake_alarm", "block_suspend", "audit_read", "perfmon", "bpf",
    "checkpoint_restore",
  ]

  /// The number of a capability, by its name in any case, with or without CAP_; nil when there is none.
  public static func number(of name: String) -> Int? {
    let name = name.lowercased()
    let bare = name.begins(with: "cap_") ? name.dropping(4) : name
    return names.firstIndex(of: bare)
  }

  /// CAP_SETPCAP, which it takes to give others up.
  public static let setpcap = CapabilitySet(number: 8)
  /// CAP_SYS_RESOURCE.
  public static let sysResource = CapabilitySet(number: 24)

  /// All up to a number.
  public static func all(to last: Int) -> CapabilitySet {
    CapabilitySet(rawValue: last >= 63 ? .max : 1 << UInt64(last + 1) - 1)
  }

  /// Whether the set holds a capability, by its number.
  public func contains(number: Int) -> Bool { number < 64 && rawValue & 1 << UInt64(number) != 0 }

  /// What the set holds, by name.
  public var names: [String] {
    (0..<64).filter { contains(number: $0) }.map { Self.names.indices.contains($0) ? Self.names[$0] : String($0) }
  }

  /// A capability as prctl(2) takes it and strace prints it; the number of one that is too new for a name.
  static func constant(_ number: Int) -> String {
    names.indices.contains(number) ? "CAP_" + names[number].uppercased() : "0x" + String(number, radix: 16)
  }

  /// The set as capset(2) takes it and strace prints it.
  var flags: String {
    isEmpty
      ? "0" : (0..<64).filter { contains(number: $0) }.map { "1<<" + Self.constant($0) }.joined(separator: "|")
  }
}
