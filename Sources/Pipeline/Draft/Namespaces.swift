/// Which of the kernel's views of the machine a process has for itself: namespaces(7).
public struct Namespaces: OptionSet, Sendable, Hashable {
  /// The CLONE_NEW bits of clone(2).
  public let rawValue: UInt64
  /// Makes a set from the kernel's bits.
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Ids and privileges: user_namespaces(7).
  public static let user = Namespaces(rawValue: 0x1000_0000)
  /// The host name: uts_namespaces(7).
  public static let uts = Namespaces(rawValue: 0x0400_0000)
  /// Process ids: pid_namespaces(7).
  public static let pid = Namespaces(rawValue: 0x2000_0000)
  /// Mounts: mount_namespaces(7).
  public static let mount = Namespaces(rawValue: 0x0002_0000)
  /// System V IPC and POSIX message queues: ipc_namespaces(7).
  public static let ipc = Namespaces(rawValue: 0x0800_0000)
  /// Network devices, addresses, ports: network_namespaces(7).
  public static let network = Namespaces(rawValue: 0x4000_0000)
  /// The root of the cgroup tree: cgroup_namespaces(7).
  public static let cgroup = Namespaces(rawValue: 0x0200_0000)
  /// The boot and monotonic clocks: time_namespaces(7).
  public static let time = Namespaces(rawValue: 0x80)

  /// One kind of namespace, and what a container without it shares with the host.
  public struct Kind: Sendable {
    /// The bit.
    public let namespace: Namespaces
    /// The name of its file in /proc/PID/ns.
    public let name: String
    /// The flag's name.
    public let flag: String
    /// What is shared with the host by a container that has none.
    public let shares: String
  }

  /// All kinds, in the order in which strace prints their flags.
  public static let kinds = [
    Kind(namespace: .time, name: "time", flag: "CLONE_NEWTIME", shares: "the boot and monotonic clocks"),
    Kind(namespace: .mount, name: "mnt", flag: "CLONE_NEWNS", shares: "the table of mounts"),
    Kind(namespace: .cgroup, name: "cgroup", flag: "CLONE_NEWCGROUP", shares: "the view of the whole cgroup tree"),
    Kind(namespace: .uts, name: "uts", flag: "CLONE_NEWUTS", shares: "the host name"),
    Kind(namespace: .ipc, name: "ipc", flag: "CLONE_NEWIPC", shares: "System V IPC and POSIX message queues"),
    Kind(namespace: .user, name: "user", flag: "CLONE_NEWUSER", shares: "user and group ids, and what root may do"),
    Kind(namespace: .pid, name: "pid", flag: "CLONE_NEWPID", shares: "the list of processes, and signals to them"),
    Kind(
      namespace: .network, name: "net", flag: "CLONE_NEWNET",
      shares: "network devices, addresses and ports, and the abstract Unix sockets"),
  ]

  /// The flags' names, as strace prints them; `0` for an empty set.
  public var flags: String {
    let flags = Self.kinds.filter { contains($0.namespace) }.map(\.flag)
    return flags.isEmpty ? "0" : flags.joined(separator: "|")
  }
}
