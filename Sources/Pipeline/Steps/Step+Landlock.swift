public import Kernel
internal import SystemPackage

extension Step {
  /// Makes a set of rules, which forbids these rights where no rule allows them: landlock_create_ruleset(2).
  public static func makeRules(
    _ files: FileRights, _ ports: PortRights, _ scopes: RestrictedScopes, into rules: Handle
  ) -> Step {
    Step(
      """
      landlock_create_ruleset({handled_access_fs=\(files), handled_access_net=\(ports), scoped=\(scopes)}, 24, 0) = \(rules)
      """
    ) { () throws(Errno) in rules.fill(try Syscall.makeRules(files, ports, scopes)) }
  }

  /// Allows rights to a file that is held, or to all below a directory. Of the rights, a file that is no directory gets
  /// those that it can have: landlock_add_rule(2).
  public static func allow(_ rights: FileRights, to file: Handle, in rules: Handle) -> Step {
    Step(
      """
      newfstatat(\(file), "", <status>, AT_EMPTY_PATH)
      landlock_add_rule(\(rules), LANDLOCK_RULE_PATH_BENEATH, {allowed_access=\(rights), parent_fd=\(file)}, 0)
      """
    ) { () throws(Errno) in
      try Syscall.allow(rights, to: file.descriptor, in: rules.descriptor)
    }.headline("landlock_add_rule(\(rules), LANDLOCK_RULE_PATH_BENEATH, …, 0)")
  }

  /// Allows rights to a file that is open, which isn't a directory: landlock_add_rule(2).
  public static func allow(_ rights: FileRights, toStream number: Int32, in rules: Handle) -> Step {
    Step("landlock_add_rule(\(rules), LANDLOCK_RULE_PATH_BENEATH, {allowed_access=\(rights), parent_fd=\(number)}, 0)")
    {
      () throws(Errno) in
      try Syscall.allow(rights, toOpen: FileDescriptor(rawValue: number), in: rules.descriptor)
    }
  }

  /// Allows rights to a TCP port: landlock_add_rule(2).
  public static func allow(_ rights: PortRights, to port: UInt16, in rules: Handle) -> Step {
    Step("landlock_add_rule(\(rules), LANDLOCK_RULE_NET_PORT, {allowed_access=\(rights), port=\(port)}, 0)") {
      () throws(Errno) in
      try Syscall.allow(rights, to: port, in: rules.descriptor)
    }
  }

  /// Restricts the process, and what it starts, for ever: landlock_restrict_self(2).
  public static func restrict(by rules: Handle) -> Step {
    Step("landlock_restrict_self(\(rules), 0)") { () throws(Errno) in try Syscall.restrict(by: rules.descriptor) }
  }

  /// Looks whether a directory that no rule allows can be listed, and fails with `.canceled` if it can: openat(2).
  public static func verifyRefused(listing directory: Handle) -> Step {
    Step("openat(\(directory), \".\", O_RDONLY|O_CLOEXEC|O_DIRECTORY) = -1 EACCES") { () throws(Errno) in
      try expectRefusal { () throws(Errno) in
        try Syscall.close(try Syscall.open(".", [.read, .directory], from: directory.descriptor))
      }
    }
  }

  /// Looks whether a TCP port that no rule allows can be used, and fails with `.canceled` if it can: bind(2), connect(2).
  public static func verifyRefused(_ right: PortRights, to port: UInt16) -> Step {
    let connects = right == .connect
    return Step(
      """
      socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = <socket>
      \(connects ? "connect" : "bind")(<socket>, {sa_family=AF_INET, sin_port=htons(\(port)), \
      sin_addr=inet_addr("127.0.0.1")}, 16) = -1 EACCES
      close(<socket>)
      """
    ) { () throws(Errno) in
      try expectRefusal { () throws(Errno) in try Syscall.tryPort(port, connecting: connects) }
    }.headline("\(connects ? "connect" : "bind")(<socket>, {sin_port=htons(\(port)), …}, 16)")
  }

  private static func expectRefusal(_ body: () throws(Errno) -> Void) throws(Errno) {
    do throws(Errno) { try body() } catch {
      if error == .permissionDenied { return }
    }
    throw .canceled
  }
}
