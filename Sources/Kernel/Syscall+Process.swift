internal import CKernel
internal import Glibc
public import SystemPackage

/// How a process ended: wait(2).
public enum ExitStatus: Sendable, Equatable {
  /// It exited with a status of 0 to 255.
  case exited(Int32)
  /// A signal ended it.
  case signaled(Int32)

  /// What happened, as the rest of a sentence that begins with the process.
  public var text: String {
    switch self {
    case .exited(let status): "exited with \(status)"
    case .signaled(let number): "was ended by \(Signal(number: number).name)"
    }
  }

  /// Whether it is the end of a program that found a mistake in itself.
  public var isTrap: Bool { [.signaled(SIGILL), .signaled(SIGTRAP), .signaled(SIGABRT)].contains(self) }

  /// One number for both, as shells have it: the status, or 128 and the signal's number.
  public var code: Int32 {
    switch self {
    case .exited(let status): status
    case .signaled(let number): 128 + number
    }
  }
}

/// What has become of a child: wait(2).
public enum ChildChange: Sendable, Equatable {
  /// It has ended.
  case ended(ExitStatus)
  /// A signal has stopped it.
  case stopped(Signal)
}

extension Syscall {
  /// Makes a child in new namespaces, given as CLONE_NEW bits; 0 in the child: clone3(2), else clone(2).
  ///
  /// The caller must have one thread: in the child there is only the one that called.
  public static func clone(_ namespaces: UInt64) throws(Errno) -> Int32 {
    Int32(truncatingIfNeeded: try answer(ck_clone3(namespaces)))
  }

  /// Collects a child that has ended: the one named, or any with -1. Nil while there is none yet, if not `waiting`.
  ///
  /// Follows wait4(2); a child that stops or goes on is passed over.
  public static func wait(for child: Int32, waiting: Bool) throws(Errno) -> (child: Int32, status: ExitStatus)? {
    var status: Int32 = 0
    var result: Int
    repeat { result = unsafe ck_wait4(child, &status, waiting ? 0 : WNOHANG) } while result == -Int(EINTR)
    let ended = Int32(truncatingIfNeeded: try answer(result))
    guard ended > 0 else { return nil }
    let signal = status & 0x7f
    return (ended, signal == 0 ? .exited((status >> 8) & 0xff) : .signaled(signal))
  }

  /// What has become of a child, the one named, or any with -1: it has ended, and is collected, or has stopped. Nil while
  /// there is nothing new: wait4(2) with WUNTRACED and WNOHANG.
  public static func change(of child: Int32) throws(Errno) -> (child: Int32, change: ChildChange)? {
    var status: Int32 = 0
    var result: Int
    repeat { result = unsafe ck_wait4(child, &status, WNOHANG | WUNTRACED) } while result == -Int(EINTR)
    let changed = Int32(truncatingIfNeeded: try answer(result))
    guard changed > 0 else { return nil }
    let (signal, rest) = (status & 0x7f, (status >> 8) & 0xff)
    if signal == 0x7f { return (changed, .stopped(Signal(number: rest))) }
    return (changed, .ended(signal == 0 ? .exited(rest) : .signaled(signal)))
  }

  /// Waits for a child's end as `wait` does, but passes what asks the caller to end on to it. These signals must be blocked.
  ///
  /// - Returns: how it ended, and the first of those signals.
  public static func waitAndForward(for child: Int32) throws(Errno) -> (status: ExitStatus, asked: Signal?) {
    var asked: Signal?
    var hasTaken = false
    while true {
      if let ended = try wait(for: child, waiting: false) {
        // The signal may have been that of another child's end.
        if hasTaken { try? kill(processID, SIGCHLD) }
        return (ended.status, asked)
      }
      let received = try waitForSignal(.endings)
      if received.signal == .child {
        hasTaken = true
        continue
      }
      if isIgnored(received.signal) { continue }
      // The second time it has to be heeded.
      try? kill(child, asked == nil ? received.signal.number : SIGKILL)
      asked = asked ?? received.signal
    }
  }

  /// Closes every descriptor but these: close_range(2).
  public static func closeAll(but kept: [FileDescriptor]) throws(Errno) {
    var first: UInt32 = 0
    for number in kept.map({ UInt32($0.rawValue) }).sorted() {
      if first < number { try answer(ck_close_range(first, number - 1, 0)) }
      first = number + 1
    }
    try closeAll(from: first)
  }

  /// Leaves namespaces for new ones, given as CLONE_NEW bits: unshare(2).
  public static func unshare(_ namespaces: UInt64) throws(Errno) { try answer(ck_unshare(UInt(namespaces))) }

  /// Joins a namespace of that kind, given as a CLONE_NEW bit, or of any kind: setns(2).
  public static func join(_ namespace: FileDescriptor, _ kind: UInt64 = 0) throws(Errno) {
    try answer(ck_setns(namespace.rawValue, CInt(truncatingIfNeeded: kind)))
  }

  /// Runs code in a child, and waits for its end.
  ///
  /// - Throws: what the code threw.
  public static func inThrowawayChild(_ body: () throws(Errno) -> Void) throws(Errno) {
    let child = try clone(0)
    if child == 0 {
      do throws(Errno) { try body() } catch { exit(Int32(min(error.rawValue, 255))) }
      exit(0)
    }
    guard let ended = try wait(for: child, waiting: true) else { return }
    if ended.status != .exited(0) { throw Errno(rawValue: ended.status.code) }
  }

  /// Has SIGALRM end this process in a second, which it mustn't block: alarm(2). Who started littlectr may have ignored it,
  /// and every process inherits that.
  public static func endSoon() {
    _ = ck_default_signal(SIGALRM)
    _ = alarm(1)
  }

  /// Sends a signal: kill(2).
  public static func kill(_ process: Int32, _ signal: Int32) throws(Errno) { try answer(ck_kill(process, signal)) }

  /// The caller's process id, in its own namespace: getpid(2).
  public static var processID: Int32 { Int32(truncatingIfNeeded: ck_getpid()) }

  /// Ends this process at once, without any of the C library's clean-up: _exit(2).
  public static func exit(_ status: Int32) -> Never { ck_exit(status) }

  /// Has SIGKILL sent to the caller when its parent ends: prctl(2) with PR_SET_PDEATHSIG.
  public static func dieWithParent() throws(Errno) { try answer(ck_prctl(1, UInt(SIGKILL))) }

  /// Has a signal sent to the caller when its parent ends, or the thread of it that has started the caller: prctl(2)
  /// with PR_SET_PDEATHSIG.
  public static func tellOfParentsEnd(by signal: Signal) throws(Errno) { try answer(ck_prctl(1, UInt(signal.number))) }

  /// The process id of the caller's parent; 0 if that is outside of the caller's pid namespace: getppid(2).
  public static var parentID: Int32 { Int32(truncatingIfNeeded: ck_getppid()) }

  /// Makes the caller the leader of a process group of its own: setpgid(2).
  public static func leadGroup() throws(Errno) { try answer(ck_setpgid()) }

  /// Makes the caller the leader of a session of its own, without a terminal: setsid(2).
  public static func leadSession() throws(Errno) { try answer(ck_setsid()) }

  /// Keeps others from tracing the caller and reading its memory through /proc: prctl(2) with PR_SET_DUMPABLE.
  public static func forbidTracing() throws(Errno) { try answer(ck_prctl(4, 0)) }

  /// Replaces the supplementary groups: setgroups(2).
  public static func setGroups(_ groups: [UInt32]) throws(Errno) {
    try answer(unsafe groups.withUnsafeBufferPointer { unsafe ck_setgroups(UInt($0.count), $0.baseAddress) })
  }

  /// Gives an open file to a user; its group stays: fchown(2).
  public static func setOwner(_ user: UInt32, of file: FileDescriptor) throws(Errno) {
    try answer(ck_fchown(file.rawValue, user))
  }

  /// Sets the real, effective and saved group id: setresgid(2).
  public static func setGroupID(_ id: UInt32) throws(Errno) { try answer(ck_setresgid(id)) }

  /// Sets the real, effective and saved user id: setresuid(2).
  public static func setUserID(_ id: UInt32) throws(Errno) { try answer(ck_setresuid(id)) }

  /// The real, effective and saved group id: getresgid(2).
  public static func groupIDs() throws(Errno) -> [UInt32] {
    var ids: [UInt32] = [0, 0, 0]
    try answer(unsafe ids.withUnsafeMutableBufferPointer { unsafe ck_getresgid($0.baseAddress) })
    return ids
  }

  /// The real, effective and saved user id: getresuid(2).
  public static func userIDs() throws(Errno) -> [UInt32] {
    var ids: [UInt32] = [0, 0, 0]
    try answer(unsafe ids.withUnsafeMutableBufferPointer { unsafe ck_getresuid($0.baseAddress) })
    return ids
  }

  /// Sets the host name: sethostname(2).
  public static func setHostname(_ name: String) throws(Errno) {
    try answer(unsafe ck_sethostname(name, UInt(name.utf8.count)))
  }
}

/// Who the caller is, as the kernel told when it started the program: getauxval(3). No call is made.
public enum Credentials {
  /// The effective user id.
  public static var effectiveUserID: UInt32 { UInt32(ck_auxiliary(UInt(AT_EUID))) }
  /// The effective group id.
  public static var effectiveGroupID: UInt32 { UInt32(ck_auxiliary(UInt(AT_EGID))) }
  /// Whether the program has more privileges than its caller: a set-user-ID bit or file capabilities.
  public static var isPrivilegedExecutable: Bool { ck_auxiliary(UInt(AT_SECURE)) != 0 }
}
