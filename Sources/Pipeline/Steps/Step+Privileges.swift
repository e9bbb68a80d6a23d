internal import Kernel
internal import SystemPackage

extension Step {
  /// Says whether the permitted capabilities stay when user id 0 is given up: prctl(2), PR_SET_KEEPCAPS.
  public static func keepCapabilities(_ keeps: Bool) -> Step {
    Step("prctl(PR_SET_KEEPCAPS, \(keeps ? 1 : 0))") { () throws(Errno) in try Syscall.keepCapabilities(keeps) }
  }

  /// Gives up all capabilities but these, which are used at once; none is inheritable then, nor ambient: capset(2).
  public static func setCapabilities(_ set: CapabilitySet) -> Step {
    Step("capset(\(capabilities(set)))") { () throws(Errno) in
      try Syscall.setCapabilities(
        ProcessCapabilities(effective: set.rawValue, permitted: set.rawValue, inheritable: 0))
    }.headline("capset({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, …)")
  }

  /// Takes capabilities out of the bounding set, so that no program can gain them: prctl(2), PR_CAPBSET_DROP.
  public static func forgo(_ set: CapabilitySet) -> Step {
    Step(bounding("DROP", set, "")) { () throws(Errno) in
      for number in 0..<64 where set.contains(number: number) { try Syscall.forgo(capability: number) }
    }.headline("prctl(PR_CAPBSET_DROP, …)")
  }

  /// Reads back that the process has these capabilities and no other, none of them inheritable or ambient, and that nothing
  /// ties capabilities to user ids in an unusual way: capget(2); prctl(2), PR_GET_SECUREBITS. The kernel keeps no capability
  /// ambient that isn't inheritable.
  ///
  /// Fails with `.protocolError` when the capabilities are others, with `.invalidArgument` when the tie is unusual.
  public static func checkCapabilities(_ set: CapabilitySet) -> Step {
    Step("capget(\(capabilities(set)))\nprctl(PR_GET_SECUREBITS) = 0") { () throws(Errno) in
      let found = try Syscall.capabilities()
      let wanted = ProcessCapabilities(effective: set.rawValue, permitted: set.rawValue, inheritable: 0)
      if found != wanted { throw .protocolError }
      if try Syscall.secureBits() != 0 { throw .invalidArgument }
    }.headline("capget({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, …)")
  }

  /// Reads back that no program can gain these capabilities: prctl(2), PR_CAPBSET_READ. Fails with `.protocolError`.
  public static func checkForgone(_ set: CapabilitySet) -> Step {
    Step(bounding("READ", set, " = 0")) { () throws(Errno) in
      for number in 0..<64 where set.contains(number: number) {
        if try Syscall.mayGain(capability: number) { throw .protocolError }
      }
    }.headline("prctl(PR_CAPBSET_READ, …)")
  }

  private static func bounding(_ operation: String, _ set: CapabilitySet, _ answer: String) -> String {
    (0..<64).filter { set.contains(number: $0) }.map {
      "prctl(PR_CAPBSET_\(operation), \(CapabilitySet.constant($0)))\(answer)"
    }.joined(separator: "\n")
  }

  private static func capabilities(_ set: CapabilitySet) -> String {
    """
    {version=_LINUX_CAPABILITY_VERSION_3, pid=0}, {effective=\(set.flags), permitted=\(set.flags), inheritable=0}
    """
  }

  /// Lets no program have more privileges than the process that executes it: prctl(2), PR_SET_NO_NEW_PRIVS.
  public static var forbidNewPrivileges: Step {
    Step("prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)") { () throws(Errno) in try Syscall.forbidNewPrivileges() }
  }

  /// Reads back that no program can have more privileges: prctl(2), PR_GET_NO_NEW_PRIVS. Fails with `.protocolError`.
  public static var checkNewPrivileges: Step {
    Step("prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) = 1") { () throws(Errno) in
      if try !Syscall.forbidsNewPrivileges() { throw .protocolError }
    }
  }

  /// Keeps others from tracing this process and reading its memory, until it executes a program: prctl(2),
  /// PR_SET_DUMPABLE. What is its own in /proc then belongs to root.
  public static var forbidTracing: Step {
    Step("prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE)") { () throws(Errno) in try Syscall.forbidTracing() }
  }

  /// Reads back that nobody can trace this process: prctl(2), PR_GET_DUMPABLE. Fails with `.protocolError`.
  public static var checkTracing: Step {
    Step("prctl(PR_GET_DUMPABLE) = 0 (SUID_DUMP_DISABLE)") { () throws(Errno) in
      if try Syscall.mayBeTraced() { throw .protocolError }
    }
  }

  /// Joins a new session keyring, and reads back that it is the session's: keyctl(2), KEYCTL_JOIN_SESSION_KEYRING,
  /// KEYCTL_GET_KEYRING_ID. Fails with `.protocolError` when another is.
  public static var joinNewSessionKeyring: Step {
    Step(
      """
      keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL) = <keyring>
      keyctl(KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0) = <keyring>
      """
    ) { () throws(Errno) in
      let joined = try Syscall.joinNewSessionKeyring()
      if try Syscall.sessionKeyring() != joined { throw .protocolError }
    }.headline("keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL)")
  }
}
