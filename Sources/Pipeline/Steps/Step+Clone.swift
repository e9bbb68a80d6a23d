internal import Kernel
internal import SystemPackage

extension Step {
  /// Makes the child, in all namespaces at once but for that of the clocks, which must be set before a process is in it.
  /// It returns in both: `child` is 0 in the child itself.
  ///
  /// - Parameter isChecked: whether it is looked at whether the child is another process. Fails with `.protocolError` if it isn't:
  ///   a filter may answer for the kernel, and 0 means to be the child.
  static func clone(_ all: Namespaces, _ child: ChildID, isChecked: Bool = false) -> Step {
    let namespaces = all.subtracting(.time)
    let call = "clone3({flags=\(namespaces.flags), exit_signal=SIGCHLD, stack=NULL, stack_size=0}, 88) = \(child)"
    let making = Step(isChecked ? "getpid()\n\(call)\ngetpid()" : call) { () throws(Errno) in
      let own = isChecked ? Syscall.processID : 0
      let number = try Syscall.clone(namespaces.rawValue)
      // Process 1 of another container may have a child that is process 1.
      if isChecked, number == 0, own != 1, Syscall.processID == own { throw .protocolError }
      child.fill(number)
    }
    let step = isChecked ? making.headline(call) : making
    // Where a filter says of every call that it has made a child, none is made to try.
    return step.explained(namespaces).inspect { errno in
      errno == .protocolError ? [] : CloneAdvice.detail(lacking(of: namespaces))
    }
  }

  /// Tries one kind of namespace after another, in a child that ends at once, to know which can't be had.
  private static func lacking(of all: Namespaces) -> Namespaces {
    func canBeHad(_ namespaces: Namespaces) -> Bool {
      guard let child = try? Syscall.clone(namespaces.rawValue) else { return false }
      if child == 0 { Syscall.exit(0) }
      _ = try? Syscall.wait(for: child, waiting: true)
      return true
    }
    let user = all.intersection(.user)
    // Without a user namespace of its own, a child couldn't try the others.
    if !user.isEmpty, !canBeHad(user) { return user }
    return Namespaces.kinds.reduce(into: []) { lacking, kind in
      if all.subtracting(user).contains(kind.namespace), !canBeHad(kind.namespace.union(user)) {
        lacking.formUnion(kind.namespace)
      }
    }
  }

  /// Leaves namespaces for new ones: unshare(2).
  public static func unshare(_ namespaces: Namespaces) -> Step {
    Step("unshare(\(namespaces.flags))") { () throws(Errno) in try Syscall.unshare(namespaces.rawValue) }
      .explained(namespaces)
  }

  /// Joins the time namespace that the process has made for its children: setns(2).
  public static var joinChildrensTime: Step {
    Step(
      """
      openat(AT_FDCWD, "/proc/self/ns/time_for_children", O_RDONLY|O_CLOEXEC) = <time>
      setns(<time>, \(Namespaces.time.flags))
      close(<time>)
      """
    ) { () throws(Errno) in
      let time = try Syscall.open("/proc/self/ns/time_for_children", .read)
      defer { try? Syscall.close(time) }
      try Syscall.join(time, Namespaces.time.rawValue)
    }.headline("setns(<time>, \(Namespaces.time.flags))")
  }

  private func explained(_ namespaces: Namespaces) -> Step {
    var step = self
    for errno in [Errno.notPermitted, .noSpace, .tooManyUsers, .invalidArgument] {
      step = step.advice(errno) { CloneAdvice.cause(of: errno, namespaces, $0) }
    }
    return step
  }
}

/// Why the kernel refuses new namespaces.
public enum CloneAdvice {
  static let switchedOff = Advice(
    .notPermitted, why: "user namespaces are switched off for ordinary users: sysctl {sysctl} is {value}",
    fix: "as root: sysctl -w {sysctl}={wanted}")
  static let limited = Advice(
    .noSpace, why: "the limit is used up: sysctl {sysctl} is {value}", fix: "as root: sysctl -w {sysctl}={wanted}")
  static let nested = Advice(
    .noSpace, why: "no limit of /proc/sys/user is 0, so user namespaces are nested too deeply (32 at most)",
    fix: "run littlectr less deeply inside other containers")
  static let noUserNamespace = Advice(
    .notPermitted, why: "without a user namespace only root may make the others",
    fix: "switch userns on, at the top of the file, or run as root", without: "userns")
  static let filtered = Advice(
    .notPermitted, why: "an outer container's seccomp filter refuses new namespaces",
    fix: """
      outside, write off seccomp in littlectr's stages.conf, or docker run --security-opt seccomp=unconfined …, or the \
      same for what littlectr runs in
      """)
  static let chrooted = Advice(
    .notPermitted, why: "littlectr runs inside chroot(2), where the kernel makes no user namespace",
    fix: "run it outside, or in a mount namespace whose root is that directory")
  static let noProc = Advice(
    .notPermitted, why: "/proc isn't mounted here: littlectr seems to run inside a bare chroot(2)",
    fix: "run it outside, or in a mount namespace whose root is that directory, with /proc")
  static let unknown = Advice(
    .invalidArgument, why: "this kernel ({release}) has no {kind} namespaces", fix: "write 'off' before that stage")

  /// All of them, for the manual.
  public static var all: [Advice] {
    [switchedOff, limited, nested, noUserNamespace, filtered, chrooted, noProc, unknown, PlatformAdvice.appArmor]
  }

  /// What is told of the kinds that can't be had: their bits, or nothing if it isn't known.
  static func detail(_ lacking: Namespaces) -> [UInt8] {
    lacking.isEmpty ? [] : (0..<8).map { UInt8(truncatingIfNeeded: lacking.rawValue >> (UInt64($0) * 8)) }
  }

  static func lacking(_ detail: [UInt8]) -> Namespaces? {
    guard detail.count == 8 else { return nil }
    return Namespaces(rawValue: detail.reversed().reduce(0) { $0 << 8 | UInt64($1) })
  }

  static func cause(of errno: Errno, _ all: Namespaces, _ evidence: Evidence) -> Advice? {
    let host = evidence.host
    let lacking = lacking(evidence.detail)
    let namespaces = lacking ?? all
    switch errno {
    case .notPermitted:
      if !all.contains(.user) { return noUserNamespace }
      if host.sysctl("kernel.unprivileged_userns_clone") == 0 {
        return switchedOff.filled(["sysctl": "kernel.unprivileged_userns_clone", "value": "0", "wanted": "1"])
      }
      if PlatformAdvice.isFiltered(host) { return filtered }
      if let mounts = host.text(of: "/proc/self/mountinfo"), !mounts.lines.contains(where: isRootMount) {
        return chrooted
      }
      return PlatformAdvice.appArmor(evidence) ?? (host.status(of: "/proc/self") == nil ? noProc : nil)
    case .noSpace, .tooManyUsers:
      for kind in Namespaces.kinds where namespaces.contains(kind.namespace) {
        let name = "user.max_\(kind.name)_namespaces"
        // User namespaces can also be nested too deeply: a limit that isn't small says nothing of them.
        if let limit = host.sysctl(name), limit < 16 || lacking != nil && kind.namespace != .user {
          return limited.filled(["sysctl": name, "value": String(limit), "wanted": String(max(15000, 2 * limit))])
        }
      }
      return nested
    default:
      let missing = Namespaces.kinds.first {
        namespaces.contains($0.namespace) && host.status(of: FilePath("/proc/self/ns/\($0.name)")) == nil
      }
      return missing.map { unknown.filled(["kind": $0.name, "release": ProcessContext.system.release]) }
    }
  }

  private static func isRootMount(_ line: String) -> Bool {
    let fields = line.words()
    return fields.count > 4 && fields[4] == "/"
  }
}

/// What a distribution or an outer container may have switched off, whichever the step.
public enum PlatformAdvice {
  static let appArmor = Advice(
    .notPermitted,
    why: """
      AppArmor takes the capabilities of a user namespace away from programs without a profile: sysctl \
      kernel.apparmor_restrict_unprivileged_userns is 1
      """,
    fix: """
      as root, write to /etc/apparmor.d/littlectr: 'abi <abi/4.0>, include <tunables/global> profile littlectr {program} \
      flags=(unconfined) { userns, }', then: apparmor_parser -r /etc/apparmor.d/littlectr
      """)
  static let tooOld = Advice(
    .noFunction, why: "kernel {release} doesn't have this call, or an outer container's filter hides it",
    fix: "littlectr needs Linux 5.15 or newer, and in Docker --security-opt seccomp=unconfined")

  static let notApplied = Advice(
    .protocolError, why: "the kernel doesn't report what has just been applied, or reports more",
    fix: "run littlectr outside of what stands in between: another container, a tracer, a security module")

  static let noProc = Advice(
    .noSuchFileOrDirectory, why: "/proc isn't mounted here, and ids are mapped through it",
    fix: "as root: mount -t proc proc /proc")

  /// All of them, for the manual.
  public static var all: [Advice] { [appArmor, tooOld, noProc, notApplied] }

  /// The cause of a refusal that no stage explains.
  static func cause(of errno: Errno, _ evidence: Evidence) -> Advice? {
    switch errno {
    case .notPermitted, .permissionDenied: appArmor(evidence)
    case .noFunction: tooOld.filled(["release": ProcessContext.system.release])
    case .protocolError: notApplied
    default: nil
    }
  }

  /// Whether AppArmor is to blame. A later step fails than the one that made the user namespace. It restricts only
  /// programs without a profile: one that has the profile of the remedy has a label of its own.
  static func appArmor(_ evidence: Evidence) -> Advice? {
    let host = evidence.host
    guard !host.isRoot, evidence.container.namespaces.contains(.user),
      host.sysctl("kernel.apparmor_restrict_unprivileged_userns") == 1,
      host.text(of: "/proc/self/attr/current")?.begins(with: "unconfined") != false
    else { return nil }
    let program = (try? Syscall.readLink("/proc/self/exe")).map { shown($0) } ?? "/usr/local/bin/littlectr"
    return appArmor.filled(["program": program])
  }

  /// Whether a seccomp filter is on this process already.
  static func isFiltered(_ host: Host) -> Bool {
    (host.text(of: "/proc/self/status") ?? "").lines.contains { $0.begins(with: "Seccomp:\t2") }
  }
}
