internal import CKernel
public import SystemPackage

/// What may be done with files: the rights of landlock(7).
public struct FileRights: OptionSet, Sendable, CustomStringConvertible {
  /// The bits, as the kernel has them.
  public let rawValue: UInt64
  /// Makes a set from the kernel's bits.
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Execute a file, and read it.
  public static let execute: FileRights = [FileRights(rawValue: 1 << 0), .read]
  /// Read files, and list directories.
  public static let read = FileRights(rawValue: 1 << 2 | 1 << 3)
  /// Read, write, make, remove, move and empty files and directories, and control devices; no device nodes are made.
  public static let write: FileRights = [
    .read, FileRights(rawValue: 1 << 1 | 1 << 4 | 1 << 5 | 0b111 << 7 | 1 << 10 | 1 << 12 | 0b111 << 13),
  ]
  /// Read a file that is known, and no directory.
  public static let readFile = FileRights(rawValue: 1 << 2)
  /// Write to it, and empty it.
  public static let writeFile = FileRights(rawValue: 1 << 1 | 1 << 14)
  /// Control a device: ioctl(2).
  public static let control = FileRights(rawValue: 1 << 15)
  /// Those that a file can have which is no directory.
  static let ofFiles = FileRights(rawValue: 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15)

  /// All that a version of Landlock knows. Version 2 brought moving between directories, 3 emptying, 5 device control.
  public static func known(to version: Int) -> FileRights {
    let count = version >= 5 ? 16 : version >= 3 ? 15 : version == 2 ? 14 : 13
    return FileRights(rawValue: 1 << UInt64(count) - 1)
  }

  /// The names, as strace prints them.
  public var description: String {
    let names = [
      "EXECUTE", "WRITE_FILE", "READ_FILE", "READ_DIR", "REMOVE_DIR", "REMOVE_FILE", "MAKE_CHAR", "MAKE_DIR",
      "MAKE_REG",
      "MAKE_SOCK", "MAKE_FIFO", "MAKE_BLOCK", "MAKE_SYM", "REFER", "TRUNCATE", "IOCTL_DEV",
    ]
    let set = names.indices.filter { rawValue & 1 << UInt64($0) != 0 }.map { "LANDLOCK_ACCESS_FS_" + names[$0] }
    return set.isEmpty ? "0" : set.joined(separator: "|")
  }
}

/// What may be done with TCP ports.
public struct PortRights: OptionSet, Sendable, CustomStringConvertible {
  /// The bits, as the kernel has them.
  public let rawValue: UInt64
  /// Makes a set from the kernel's bits.
  public init(rawValue: UInt64) { self.rawValue = rawValue }
  /// Wait there for connections.
  public static let bind = PortRights(rawValue: 1)
  /// Connect to it.
  public static let connect = PortRights(rawValue: 2)

  /// The names, as strace prints them.
  public var description: String {
    let names = (contains(.bind) ? ["BIND_TCP"] : []) + (contains(.connect) ? ["CONNECT_TCP"] : [])
    return names.isEmpty ? "0" : names.map { "LANDLOCK_ACCESS_NET_" + $0 }.joined(separator: "|")
  }
}

/// What isn't reached of processes that aren't restricted in the same way.
public struct RestrictedScopes: OptionSet, Sendable, CustomStringConvertible {
  /// The bits, as the kernel has them.
  public let rawValue: UInt64
  /// Makes a set from the kernel's bits.
  public init(rawValue: UInt64) { self.rawValue = rawValue }
  /// Sockets whose name isn't a file's: unix(7).
  public static let abstractSockets = RestrictedScopes(rawValue: 1)
  /// Signals to them.
  public static let signals = RestrictedScopes(rawValue: 2)

  /// The names, as strace prints them.
  public var description: String {
    let names = (contains(.abstractSockets) ? ["ABSTRACT_UNIX_SOCKET"] : []) + (contains(.signals) ? ["SIGNAL"] : [])
    return names.isEmpty ? "0" : names.map { "LANDLOCK_SCOPE_" + $0 }.joined(separator: "|")
  }
}

extension Syscall {
  /// The version of Landlock's interface; 0 where the kernel has none or it is switched off: landlock_create_ruleset(2).
  public static var landlockVersion: Int { max(ck_landlock_version(), 0) }

  /// Makes a set of rules, which forbids these rights where no rule allows them: landlock_create_ruleset(2).
  public static func makeRules(
    _ files: FileRights, _ ports: PortRights, _ scopes: RestrictedScopes
  ) throws(Errno) -> FileDescriptor {
    try descriptor(ck_landlock_rules(files.rawValue, ports.rawValue, scopes.rawValue))
  }

  /// Allows rights to a file, or to all below a directory: landlock_add_rule(2).
  public static func allow(_ rights: FileRights, to file: FileDescriptor, in rules: FileDescriptor) throws(Errno) {
    // What only directories have is refused for others.
    let fitting = try status(of: file).isDirectory ? rights : rights.intersection(.ofFiles)
    try answer(ck_landlock_allow_path(rules.rawValue, fitting.rawValue, file.rawValue))
  }

  /// Allows rights to an open file, which isn't a directory: landlock_add_rule(2).
  public static func allow(_ rights: FileRights, toOpen file: FileDescriptor, in rules: FileDescriptor) throws(Errno) {
    try answer(ck_landlock_allow_path(rules.rawValue, rights.intersection(.ofFiles).rawValue, file.rawValue))
  }

  /// Allows rights to a TCP port: landlock_add_rule(2).
  public static func allow(_ rights: PortRights, to port: UInt16, in rules: FileDescriptor) throws(Errno) {
    try answer(ck_landlock_allow_port(rules.rawValue, rights.rawValue, UInt(port)))
  }

  /// Restricts the caller, and what it starts, for ever: landlock_restrict_self(2).
  public static func restrict(by rules: FileDescriptor) throws(Errno) {
    try answer(ck_landlock_restrict(rules.rawValue))
  }

  /// Binds a TCP socket to a port of 127.0.0.1, or connects it to one, and closes it: bind(2), connect(2).
  public static func tryPort(_ port: UInt16, connecting: Bool) throws(Errno) {
    try answer(ck_try_port(UInt32(port), connecting ? 1 : 0))
  }
}
