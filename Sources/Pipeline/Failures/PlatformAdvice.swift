internal import Kernel
internal import SystemPackage

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
