internal import CKernel
public import SystemPackage

/// The capabilities of a process, a bit each: capabilities(7).
public struct ProcessCapabilities: Sendable, Equatable {
  /// What it uses.
  public var effective: UInt64
  /// What it may use.
  public var permitted: UInt64
  /// What programs with file capabilities may take over. No ambient one is left when this is empty.
  public var inheritable: UInt64

  /// A process's capabilities.
  public init(effective: UInt64, permitted: UInt64, inheritable: UInt64) {
    (self.effective, self.permitted, self.inheritable) = (effective, permitted, inheritable)
  }
}

extension Syscall {
  /// The caller's capabilities: capget(2).
  public static func capabilities() throws(Errno) -> ProcessCapabilities {
    var sets = ck_capabilities()
    try answer(unsafe ck_capget(&sets))
    return ProcessCapabilities(
      effective: sets.effective, permitted: sets.permitted, inheritable: sets.inheritable)
  }

  /// Replaces the caller's capabilities: capset(2).
  public static func setCapabilities(_ all: ProcessCapabilities) throws(Errno) {
    var sets = ck_capabilities(
      effective: all.effective, permitted: all.permitted, inheritable: all.inheritable)
    try answer(unsafe ck_capset(&sets))
  }

  /// Whether a capability, by its number, is in the caller's bounding set: prctl(2) with PR_CAPBSET_READ.
  ///
  /// - Throws: `.invalidArgument` for one that the kernel doesn't know.
  public static func mayGain(capability number: Int) throws(Errno) -> Bool {
    try answer(ck_prctl(23, UInt(number))) == 1
  }

  /// Takes a capability, by its number, out of the caller's bounding set: prctl(2) with PR_CAPBSET_DROP.
  public static func forgo(capability number: Int) throws(Errno) { try answer(ck_prctl(24, UInt(number))) }

  /// The number of the newest capability that the kernel knows: PR_CAPBSET_READ refuses those beyond.
  public static var lastCapability: Int {
    func isKnown(_ number: Int) -> Bool { number < 0 || (try? mayGain(capability: number)) != nil }
    var number = 40
    while !isKnown(number) { number -= 1 }
    while number < 63, isKnown(number + 1) { number += 1 }
    return number
  }

  /// The caller's permitted capabilities that are in its bounding set too.
  public static var ownCapabilities: UInt64 {
    guard let permitted = try? capabilities().permitted else { return 0 }
    var own: UInt64 = 0
    for number in 0..<64 where permitted & 1 << UInt64(number) != 0 && (try? mayGain(capability: number)) == true {
      own |= 1 << UInt64(number)
    }
    return own
  }

  /// Says whether the caller keeps its permitted capabilities when it gives up user id 0: prctl(2) with PR_SET_KEEPCAPS.
  public static func keepCapabilities(_ keeps: Bool) throws(Errno) { try answer(ck_prctl(8, keeps ? 1 : 0)) }

  /// How user ids and capabilities hang together; 0 is the usual: prctl(2) with PR_GET_SECUREBITS.
  public static func secureBits() throws(Errno) -> Int { try answer(ck_prctl(27, 0)) }

  /// Lets no program that the caller executes have more privileges than the caller: prctl(2) with PR_SET_NO_NEW_PRIVS.
  public static func forbidNewPrivileges() throws(Errno) { try answer(ck_prctl(38, 1)) }

  /// Whether programs can't have more privileges than the caller: prctl(2) with PR_GET_NO_NEW_PRIVS.
  public static func forbidsNewPrivileges() throws(Errno) -> Bool { try answer(ck_prctl(39, 0)) == 1 }

  /// What keeps a program from the privileges that its file gives to whoever executes it: 0 for nothing, 1 for a file that gives
  /// none, 2 for its mount, 3 for an owner who isn't root: stat(2), statfs(2), getxattr(2).
  public static func powerless(_ program: FilePath) throws(Errno) -> Int {
    try unsafe answer(for: program) { unsafe ck_powerless($0) }
  }

  /// Whether others may trace the caller: prctl(2) with PR_GET_DUMPABLE.
  public static func mayBeTraced() throws(Errno) -> Bool { try answer(ck_prctl(3, 0)) != 0 }

  /// Joins a new session keyring, and returns its number: keyctl(2) with KEYCTL_JOIN_SESSION_KEYRING.
  public static func joinNewSessionKeyring() throws(Errno) -> Int { try answer(ck_keyctl(1, 0, 0)) }

  /// The number of the caller's session keyring: keyctl(2) with KEYCTL_GET_KEYRING_ID.
  public static func sessionKeyring() throws(Errno) -> Int { try answer(ck_keyctl(0, UInt(bitPattern: -3), 0)) }

  /// How many rulesets of Landlock rule the caller, as a child finds by stacking others on them: landlock(7).
  ///
  /// - Throws: `.noFunction` and `.operationNotSupported` where the kernel has none, or a filter hides it.
  public static func landlockLayers() throws(Errno) -> Int { try answer(ck_landlock_layers()) }
}
