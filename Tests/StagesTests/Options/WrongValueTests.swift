import Stages
import Testing

@testable import Command
@testable import Pipeline

/// Wrong values of each option of each stage. Whoever adds an option adds its wrong values here.
struct WrongValueTests {
  private static let switches = ["", "maybe", "true", "1", "Yes"]
  private static let sizes = ["", "lots", "-1M", "1.5G", "64", "0", "1K", "0x10", "99999999999T"]
  private static let modes = ["", "9", "888", "12345", "-755", "0o755", "rwx", "2755"]
  private static let innerPaths = ["", "relative", "../up", "/a/../b"]
  private static let ids = ["", "0x1", "01x", "01", "-1", "+1", "4294967295", "1.0", "1 2", "bob"]
  private static let names = ["", "0x1", "01x", "-1", "+1", "4294967295", "a b", "a:b:c", "a:", ":a", "ä", "../x"]

  private static let covers = [
    "", "maybe", "Default", "relative", "/", "/etc/passwd", "/proc/../etc", "/proc//x", "/sys/.",
  ]
  private static let limits = ["", "-1", "+1", "1:", ":1", "2:1", "1:2:3", "infinity", "0x10", "unlimited:1", "1.5"]
  private static let byteLimits = limits + ["64X", "1GX", "2M:1M", "16777216T"]
  private static let ports = ["", "-1", "+1", "65536", "080", "0x50", "http", "1-2", "None"]
  private static let times = ["", "1", "-1", "--1d", "+1d", "1w", "1.5h", "soon"]

  private static let idRanges = ["", "0", "0:1", "0:1:2:3", "0:1:x", "00:1:2", "0:1:2,"]
  private static let places = ["", "work", "/work,", "/work/", "//", "/a,tmp"]
  private static let capabilities = ["", "cap_", "netadmin", "41", "0x1", "chown,kill", "CAP_ALL", "CAP_NONE"]

  /// By stage and key.
  private static let values: [String: [String]] = [
    "userns.map": ["", "none", "Full", "0"],
    "userns.groups": ["", "none", "Keep", "yes"],
    "userns.nested": switches,
    "uts.hostname": ["", String(repeating: "a", count: 65)],
    "pid.init": switches,
    "time.boottime": times,
    "time.monotonic": times,
    "mount.propagation": ["", "rprivate", "Private", "none"],
    "chroot.image": ["", ".", "..", "a/b", "/", "gone"],
    "chroot.root": [""],
    "chroot.method": ["", "jail", "Pivot"],
    "chroot.readonly": switches,
    "chroot.foreign": switches,
    "hostroot.size": sizes,
    "hostroot.home": innerPaths,
    "overlay.upper": [""],
    "overlay.size": sizes,
    "proc.hidepid": ["", "1", "yes", "Invisible"],
    "proc.mask": covers + ["/proc", "/sys/kernel", "/proc/gone"],
    "proc.readonly": covers + ["/proc", "/sys/kernel", "/proc/gone"],
    "sys.mask": covers + ["/sys", "/proc/version", "/sys/gone"],
    "sys.readonly": covers + ["/sys", "/proc/version", "/sys/gone"],
    "dev.devices": ["", "/dev/fuse", "../etc/passwd", "net//tun", ".", "gone"],
    "etc.resolv": ["", "maybe", "1.2.3", "1.2.3.256", "example.org"],
    "etc.hosts": ["", "maybe", "127.0.0.1"],
    "etc.hostname": ["", "a b", String(repeating: "a", count: 65)],
    "bind.from": [""],
    "bind.to": innerPaths,
    "bind.readonly": switches,
    "bind.nosuid": switches,
    "bind.nodev": switches,
    "bind.noexec": switches,
    "bind.recursive": switches,
    "bind.optional": switches,
    "bind.volume": ["", ":", "a:", ":/b", "/a:/b:maybe", "/a:/b:ro:rw", "/a:b", "/a:/../b"],
    "tmpfs.to": innerPaths,
    "tmpfs.size": sizes,
    "tmpfs.mode": modes,
    "tmpfs.noexec": switches,
    "file.to": innerPaths,
    "file.mode": modes,
    "rlimit.as": byteLimits,
    "rlimit.core": byteLimits,
    "rlimit.cpu": limits,
    "rlimit.data": byteLimits,
    "rlimit.fsize": byteLimits,
    "rlimit.locks": limits,
    "rlimit.memlock": byteLimits,
    "rlimit.msgqueue": byteLimits,
    "rlimit.nice": limits,
    "rlimit.nofile": limits,
    "rlimit.nproc": limits,
    "rlimit.rss": byteLimits,
    "rlimit.rtprio": limits,
    "rlimit.rttime": limits,
    "rlimit.sigpending": limits,
    "rlimit.stack": byteLimits,
    "scheduling.nice": ["", "20", "-21", "+1", "low", "1.5"],
    "scheduling.cpus": ["", "-1", "1-0", "0,", ",", "0--1", "all", "0 1", "99999999"],
    "scheduling.oom": ["", "1001", "-1001", "+1", "never"],
    "terminal.pty": ["", "maybe", "Yes", "tty"],
    "hook.phase": ["", "before", "After", "exec"],
    "hook.run": ["", "gone"],
    "diewith.parent": switches,
    "user.name": names,
    "user.uid": ids,
    "user.gid": ids,
    "user.groups": ["", "0x1", "01x", "-1", "+1", "4294967295", "a b", "a:b", "a,b", "ä"],
    "workdir.path": [""],
    "env.pass": ["", "*", "1A", "A B", "A-B", "A**", "*A", "A=1", "Ä"],
    "env.unset": ["", "1A", "A B", "A*", "A=1", "Ä"],
    "env.NAME": ["", "1A=x", "1A", "A-B=x", "Ä=x", "=x", "="],
    "landlock.read": innerPaths,
    "landlock.write": innerPaths,
    "landlock.execute": innerPaths,
    "landlock.tcp-bind": ports,
    "landlock.tcp-connect": ports,
    "landlock.scope": ["", "signals", "Signal", "all"],
    "fds.keep": ["", "0", "2", "-1", "+3", "03", "0x3", "3-", "-3", "7-5", "3-5-7", "3,4", "2147483648", "all", "9"],
    "capabilities.keep": capabilities,
    "capabilities.drop": capabilities,
    "dumpable.core": byteLimits,
    "seccomp.profile": ["", "gone.json", "/srv"],
    "seccomp.allow": ["", "Mount", "a b", "sys-open", "openn", "__NR_read", String(repeating: "a", count: 65)],
    "seccomp.deny": ["", "Mount", "openn", "read", "execve", "clone"],
    "dev.shm": ["", "64Q", "-1M", "half"],
    "seccomp.modes": ["", "none", "Plain", "0755", "yes"],
    "umask.mask": ["", "8", "0888", "-1", "+22", "0o22", "1000", "00022", "u=rwx", "022 "],
    "seccomp.action": ["", "EPERM", "Kill", "allow"],
    "seccomp.errno": ["", "0", "eperm", "EPERMX", "-1", "+1", "01", "4096", "EPERM "],
    "expect.namespaces": ["", "mnt", "users", "user,", "user,,pid", "none,pid", "User"],
    "expect.uids": idRanges,
    "expect.gids": idRanges,
    "expect.user": ids,
    "expect.group": ids,
    "expect.groups": ["", "-1", "1,", "01", "bob", "4294967296"],
    "expect.capabilities": ["", "all", "netadmin", "chown,", "41"],
    "expect.bounding": ["", "all", "chown kill"],
    "expect.nonewprivs": switches,
    "expect.seccomp": ["", "yes", "Filter", "2"],
    "expect.landlock": switches,
    "expect.writable": places,
    "expect.suid": places,
    "expect.dev": places,
    "expect.descriptors": ["", "2-0", "0-", "-1", "01", "0,,1", "99999999", "0-4294967295", "all"],
    "expect.network": ["", "yes", "none", "Own"],
    "expect.interfaces": ["", "lo,", "a b", "0123456789abcdef", "a/b"],
    "expect.attest": ["", "0", "05", "99999999999", "7"],
  ]
  /// Options of which every text is a value.
  private static let takesAnything: Set = ["file.text", "hook.args"]

  struct Case: CustomTestStringConvertible, Sendable {
    let stage: String
    let key: String
    let value: String
    var testDescription: String { "\(stage) \(key)=\(quoted(value))" }
  }

  private static let cases = values.flatMap { name, values in
    let (stage, key) = (name.split(separator: ".").map(String.init)[0], name.split(separator: ".").map(String.init)[1])
    return values.map { Case(stage: stage, key: key, value: $0) }
  }

  @Test("each option of each stage has wrong values to try")
  func everyOptionOfEveryStageHasSome() {
    let options = builtin.flatMap { type in type.optionDescriptions.map { "\(type.name).\($0.key)" } }
    let missing = Set(options).subtracting(Self.values.keys).subtracting(Self.takesAnything)
    #expect(missing == [], "options without wrong values in this table")
    #expect(Set(Self.values.keys).union(Self.takesAnything).subtracting(options) == [], "no such option")
    for (name, values) in Self.values { #expect(!values.isEmpty, "\(name)") }
  }

  /// A configuration in which only the value is wrong, and the number of its line.
  private func configuration(_ it: Case) throws -> (text: String, line: Int) {
    let type = try #require(builtin.first { $0.name == it.stage })
    let isOpen = try #require(type.optionDescriptions.first { $0.key == it.key }).isOpen
    let word = isOpen ? it.value.isEmpty ? "=" : it.value : "\(it.key)=\(quoted(it.value))"
    // What most stages stand below; a root comes from one of two.
    let above =
      ["userns", "mount", "chroot"].prefix { $0 != it.stage }.filter { $0 != "chroot" || it.stage != "hostroot" }
      + (it.stage == "seccomp" ? ["nonewprivs"] : [])
    let rest = ["bind.to": " from=/srv", "file.to": " text=x", "file.mode": " to=/x text=x", "tmpfs.mode": " to=/x"]
    return (
      (above + ["\(it.stage) \(word)\(rest["\(it.stage).\(it.key)"] ?? "")"]).joined(separator: "\n"), above.count + 1
    )
  }

  /// Each is refused with the file, the line, the option, and what is allowed instead.
  @Test("a wrong value is refused with what is allowed", arguments: cases)
  func itIsRefusedWithWhatIsAllowed(_ it: Case) throws {
    let (text, line) = try configuration(it)
    let machine = try #require(FakeHost.named("user with accounts"))
    let failure = refusal { () throws(Failure) in
      let file = ConfigurationFile(name: "box.conf", bytes: Array(text.utf8))
      let configuration = try Configuration(file, catalog: tool.catalog, host: machine.host)
      _ = try Plan(configuration.entries, CommandOptions().container([[0x61]], configuration, machine.host))
    }
    let told = try #require(failure, "it is taken: \(text)").text
    #expect(told.contains("box.conf:\(line)"), "\(told)")
    let first = told.split(separator: "\n")[0]
    let isReading = first.contains("for '\(it.key)': expected ")
    let isPlanning = first.contains("\(it.key)=") && told.contains("\n  why  ") && told.contains("\n  fix  ")
    #expect(isReading || isPlanning, "\(told)")
  }
}
