internal import Kernel
internal import SystemPackage

/// What is told of a step's failure that neither its stage nor the platform explains: looked for by what the call is, and
/// by what the machine shows.
public enum GeneralAdvice {
  static let tooManyFiles = Advice(
    .tooManyOpenFiles, why: "littlectr may have no more files open than {limit}, and needs more for these lines",
    fix: "raise the limit, as in: ulimit -n 1024; or leave lines out")
  static let sealed = Advice(
    .notPermitted, why: "'{seal}' ({place}), which acts before it, doesn't allow the call any more",
    fix: "move '{seal}' from {place} to below {below}")
  static let tooManyInSystem = Advice(
    .tooManyOpenFilesInSystem, why: "the machine has as many files open as sysctl fs.file-max allows",
    fix: "as root, raise it: sysctl -w fs.file-max=…; or end what holds them")
  static let noMemory = Advice(
    .noMemory, why: "the machine, or the cgroup that littlectr runs in, has no memory left for it",
    fix: "look at free -m and at memory.max of the cgroup; give it more, or end something")
  static let tooManyMounts = Advice(
    .noSpace, why: "a table of mounts may hold {limit}: sysctl fs.mount-max",
    fix: "as root, raise it: sysctl -w fs.mount-max=…; or bind fewer")
  static let noSpace = Advice(
    .noSpace, why: "the file system has no room left, or no inode", fix: "df -h and df -i show which; make room there")
  static let quota = Advice(
    .diskQuotaExceeded, why: "your quota of the file system, or of keys, is used up",
    fix: "remove something, or ask for more")
  static let readOnly = Advice(
    .readOnlyFileSystem, why: "what {call} names lies on a file system that can only be read",
    fix: "name a place that can be written: findmnt -T PATH shows what a path lies on")
  static let busy = Advice(
    .resourceBusy, why: "what {call} names is in use: by a mount, or by another process",
    fix: "findmnt and fuser -vm PATH show by whom; end that, or name something else")
  static let processes = Advice(
    .resourceTemporarilyUnavailable,
    why: "no more processes may be made: your limit is {limit}, and cgroups have one too",
    fix: "raise it, as in: ulimit -u 4096; look at pids.max of the cgroup; or end some")
  static let again = Advice(
    .resourceTemporarilyUnavailable, why: "the kernel is short of something for a moment", fix: "run it again")
  static let failed = Advice(
    .ioError, why: "the device or file system below failed", fix: "journalctl -k, or dmesg as root, says which, and how"
  )
  static let links = Advice(
    .tooManySymbolicLinkLevels, why: "there is a symbolic link on the way, where none is followed, or one in a circle",
    fix: "name the place itself: realpath PATH")
  static let tooLong = Advice(
    .fileNameTooLong, why: "a name has over 255 bytes, or a path over 4095", fix: "use shorter ones")
  static let gone = Advice(
    .noSuchFileOrDirectory, why: "what {call} names isn't there, or isn't any more",
    fix: "littlectr explain shows the whole step; make what is missing, or run it again if it was only just removed")
  static let notDirectory = Advice(
    .notDirectory, why: "what {call} names, or something on the way to it, is no directory",
    fix: "littlectr explain shows the whole step; name a directory")
  static let isDirectory = Advice(
    .isDirectory, why: "what {call} names is a directory, where a file is meant",
    fix: "name a file, or remove the directory")
  static let exists = Advice(
    .fileExists, why: "what {call} is to make is there already", fix: "remove it, or name another place")
  static let invalid = Advice(
    .invalidArgument, why: "kernel {release} doesn't take these arguments of {call}, or not for what is there",
    fix: "littlectr explain shows the whole step; leave the key out that asks for it, or use a newer kernel")
  static let noType = Advice(
    .operationNotSupportedByDevice, why: "kernel {release} has no such file system or device",
    fix: "as root, load its module: modprobe NAME; or switch the line off")
  static let unsupported = Advice(
    .notSupportedOnSocket, why: "what it is about can't do {call}: the file system or the kernel, {release}, lacks it",
    fix: "use another file system, or switch the line off")
  static let tooLarge = Advice(
    .fileTooLarge, why: "files may have {limit} bytes at most, as ulimit -f has it",
    fix: "raise it: ulimit -f unlimited")
  static let noProcess = Advice(
    .noSuchProcess, why: "the process that it is about has ended: somebody killed it, or memory ran out",
    fix: "run it again; journalctl -k says if memory ran out")
  static let unmapped = Advice(
    .overflow, why: "it belongs to an id that the container's user namespace doesn't map",
    fix: "map it: littlectr stages userns; or change its owner")

  static let filtered = Advice(
    .notPermitted,
    why:
      "a filter of system calls that was there before littlectr may refuse {call}: Seccomp is 2 in /proc/self/status",
    fix: "run it outside of what set that: docker run --security-opt seccomp=unconfined …, or without SystemCallFilter="
  )
  static let confined = Advice(
    .permissionDenied, why: "littlectr runs under the AppArmor profile {profile}, which may refuse {call}",
    fix: "journalctl -k | grep DENIED tells; run it under another profile, or have this one allow it")
  static let labelled = Advice(
    .permissionDenied, why: "SELinux is enforcing, and may refuse {call}",
    fix: "as root: ausearch -m avc -ts recent tells; have the policy allow it")
  static let unprivileged = Advice(
    .notPermitted, why: "{call} needs root, and without userns you, as user {user}, aren't root inside",
    fix: "switch userns on, or run as root", without: "userns")
  static let withheld = Advice(
    .notPermitted, why: "littlectr was started without the capability {capability}, which {call} needs",
    fix: "start it with that, as by docker run --cap-add {capability}; or switch userns on", without: "userns")
  static let noNamespaces = Advice(
    .notPermitted,
    why: "the kernel makes no user namespace inside of chroot(2), and a security module may forbid it too",
    fix: "run it outside, or in a mount namespace whose root is that directory; journalctl -k tells of modules")
  static let locked = Advice(
    .notPermitted,
    why:
      "the kernel refuses {call} to root of a user namespace: for a mount that came from outside with flags or mounts of its own, which are locked",
    fix: "findmnt -o TARGET,OPTIONS shows them; name what lies on another mount, or {way}")
  static let forbidden = Advice(
    .notPermitted, why: "the kernel, or a security module, refuses {call} here",
    fix: "journalctl -k tells of modules; littlectr run --trace shows what worked before")
  static let noAccess = Advice(
    .permissionDenied,
    why: "what {call} names, or a directory on the way to it, isn't open to user {user}, as whom littlectr runs",
    fix: "namei -l PATH shows whose each part is; name another, or ask its owner")

  /// All of them, for the manual.
  public static var all: [Advice] {
    [
      tooManyFiles, sealed, tooManyInSystem, noMemory, tooManyMounts, noSpace, quota, readOnly, busy, processes, again,
      failed,
      links,
      tooLong, gone, notDirectory, isDirectory, exists, invalid, noType, unsupported, tooLarge, noProcess, unmapped,
      filtered,
      confined, labelled, unprivileged, withheld, noNamespaces, locked, forbidden, noAccess,
    ]
  }

  private static let mounting = [
    "mount", "umount2", "pivot_root", "open_tree", "move_mount", "fsopen", "fsconfig", "fsmount", "mount_setattr",
  ]
  /// The capability that a call takes beside those on mounts, which take sys_admin.
  private static let capabilities: KeyValuePairs = [
    "chroot": "sys_chroot", "sethostname": "sys_admin", "setgroups": "setgid", "setresgid": "setgid",
    "setresuid": "setuid",
    "prctl": "setpcap", "capset": "setpcap", "fchownat": "chown", "setpriority": "sys_nice",
    "prlimit64": "sys_resource",
    "clone3": "sys_admin", "unshare": "sys_admin",
  ]

  /// The cause of a failure.
  ///
  /// - Parameter step: the step's call, as strace prints it.
  static func cause(of errno: Errno, of step: String, _ evidence: Evidence) -> Advice? {
    let call = step.fields("(")[0].fields(" ")[0]
    let isMount = mounting.contains(call)
    let advice: Advice? =
      switch errno {
      case .notPermitted, .permissionDenied: refusal(errno, call, evidence)
      case .tooManyOpenFiles: tooManyFiles
      case .tooManyOpenFilesInSystem: tooManyInSystem
      case .noMemory: noMemory
      case .noSpace: isMount ? tooManyMounts : noSpace
      case .diskQuotaExceeded: quota
      case .readOnlyFileSystem: readOnly
      case .resourceBusy: busy
      case .resourceTemporarilyUnavailable: call == "clone3" || call.begins(with: "/") ? processes : again
      case .ioError: failed
      case .tooManySymbolicLinkLevels: links
      case .fileNameTooLong: tooLong
      case .noSuchFileOrDirectory: gone
      case .notDirectory: notDirectory
      case .isDirectory: isDirectory
      case .fileExists: exists
      case .invalidArgument: invalid
      case .operationNotSupportedByDevice: noType
      case .notSupportedOnSocket: unsupported
      case .fileTooLarge: tooLarge
      case .noSuchProcess: noProcess
      case .overflow: unmapped
      default: nil
      }
    guard let advice else { return nil }
    let limits: KeyValuePairs = [
      "EMFILE": "Max open files", "EAGAIN": "Max processes", "EFBIG": "Max file size",
    ]
    let own = limits.first { $0.key == errno.name }.flatMap { limit($0.value, evidence.host) }
    return advice.filled([
      "way": evidence.host.isRoot ? "leave userns out" : "run as root without userns", "call": call,
      "release": evidence.host.release, "user": String(evidence.host.userID),
      "limit": own ?? evidence.host.sysctl("fs.mount-max").map { isMount ? String($0) : "its limit" } ?? "its limit",
    ])
  }

  private static func refusal(_ errno: Errno, _ call: String, _ evidence: Evidence) -> Advice {
    let (host, isOwn) = (evidence.host, evidence.container.namespaces.contains(.user))
    if errno == .notPermitted, !isOwn, !host.isRoot { return unprivileged }
    if errno == .notPermitted, PlatformAdvice.isFiltered(host) { return filtered }
    if let profile = profile(host) { return confined.filled(["profile": profile]) }
    if host.text(of: "/sys/fs/selinux/enforce")?.begins(with: "1") == true { return labelled }
    if errno == .permissionDenied { return noAccess }
    if call == "clone3" || call == "unshare", isOwn { return noNamespaces }
    let isMount = mounting.contains(call)
    let needed = isMount ? "sys_admin" : capabilities.first { $0.key == call }?.value
    if !isOwn, let needed, let number = CapabilitySet.number(of: needed),
      !host.capabilities.contains(CapabilitySet(number: number))
    {
      return withheld.filled(["capability": needed])
    }
    return isMount && isOwn ? locked : forbidden
  }

  /// The AppArmor profile that littlectr runs under, if it isn't one that allows everything.
  private static func profile(_ host: Host) -> String? {
    guard let label = host.text(of: "/proc/self/attr/current")?.lines.first?.words("\0").first,
      !label.begins(with: "unconfined"), !label.ends(with: "(unconfined)"), !label.has(":")
    else { return nil }
    return label
  }

  /// A limit of littlectr's own: proc_pid_limits(5).
  private static func limit(_ name: String, _ host: Host) -> String? {
    let lines = (host.text(of: "/proc/self/limits") ?? "").lines
    return lines.first { $0.begins(with: name) }.flatMap { $0.dropping(name.utf8.count).words().first }
  }
}
