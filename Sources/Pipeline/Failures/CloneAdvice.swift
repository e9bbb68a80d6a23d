internal import Kernel
internal import SystemPackage

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
