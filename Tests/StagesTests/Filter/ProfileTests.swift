import Foundation
import Testing

@testable import Pipeline
@testable import Stages

/// Profiles in the form of Docker and OCI.
struct ProfileTests {
  private static let machine = FilterTools.current.machine
  private static let docker = (try? Repository.bytes("Tests/StagesTests/Profiles/docker.json")) ?? []

  private func read(
    _ bytes: [UInt8], capabilities: [String]? = [], kernel: (Int, Int) = (6, 18), machine: String = Self.machine
  ) throws(JSONError) -> FilterSource {
    try ProfileReader(machine: machine, capabilities: capabilities, hasKernel: { kernel >= ($0, $1) }, errno: 1)
      .read(bytes)
  }

  private func answers(_ source: FilterSource, _ name: String, _ arguments: [UInt64] = []) throws -> [FilterAction] {
    let code = try source.compiled().code
    return source.numbers(of: name).map { code.answer(to: $0.number, on: $0.architecture, arguments) }
  }

  private func expect(
    _ source: FilterSource, _ name: String, _ arguments: [UInt64] = [], _ action: FilterAction,
    location: SourceLocation = #_sourceLocation
  ) throws {
    let found = try answers(source, name, arguments)
    #expect(!found.isEmpty && found.allSatisfy { $0 == action }, "\(name): \(found)", sourceLocation: location)
  }

  @Test func aProfileOfDockersKindIsUnderstood() throws {
    let source = try read(Self.docker, capabilities: ["chown", "sys_chroot", "net_raw"])
    #expect(source.architectures == FilterArchitecture.run(by: Self.machine))
    for name in ["read", "execve", "ptrace", "chroot", "fchmodat2"] { try expect(source, name, [], .allow) }
    for name in ["mount", "unshare", "setns", "reboot", "bpf", "keyctl", "kcmp", "acct"] {
      try expect(source, name, [], .errno(1))
    }
    try expect(source, "clone3", [], .errno(38))
    try expect(source, "clone", [17], .allow)
    try expect(source, "clone", [0x1000_0011], .errno(1))
    try expect(source, "personality", [8], .allow)
    try expect(source, "personality", [0x40000], .errno(1))
    #expect(try source.compiled().unknown == ["a_call_of_the_future"])
    #expect(NeededCalls.refused(by: try source.compiled().code, of: source) == nil)
    #expect(try source.compiled().code.instructions.count < 700)
  }

  @Test func capabilitiesAndTheKernelDecide() throws {
    for all in [nil, ["sys_admin", "sys_boot"]] as [[String]?] {
      let source = try read(Self.docker, capabilities: all)
      for name in ["mount", "unshare", "clone3", "reboot"] { try expect(source, name, [], .allow) }
      try expect(source, "clone", [0x1000_0011], .allow)
      try expect(source, "acct", [], all == nil ? .allow : .errno(1))
    }
    let old = try read(Self.docker, kernel: (4, 7))
    try expect(old, "ptrace", [], .errno(1))
    try expect(try read(Self.docker, kernel: (4, 8)), "ptrace", [], .allow)
  }

  @Test func otherMachinesTakeTheirArchitectures() throws {
    #expect(try read(Self.docker, machine: "x86_64").architectures == [.amd64, .i386, .x32])
    #expect(try read(Self.docker, machine: "aarch64").architectures == [.aarch64, .arm])
    let names = try read(Self.docker, machine: "aarch64").programs[0].rules.flatMap(\.calls)
    #expect(names.contains("arm_sync_file_range") && !names.contains("modify_ldt"))
    #expect(try read(Self.docker, machine: "riscv64").architectures == [])
  }

  private func profile(_ rest: String) -> [UInt8] {
    Array("{\"defaultAction\": \"SCMP_ACT_ERRNO\", \(rest)}".utf8)
  }

  @Test func architecturesMayBeListed() throws {
    let two = try read(
      profile(#""architectures": ["SCMP_ARCH_X86", "SCMP_ARCH_MIPS"], "syscalls": null"#), machine: "x86_64")
    #expect(two.architectures == [.amd64, .i386])
    #expect(try read(profile(#""syscalls": []"#), machine: "x86_64").architectures == [.amd64])
  }

  @Test func everyActionIsTaken() throws {
    let actions: [(String, FilterAction)] = [
      ("SCMP_ACT_ALLOW", .allow), ("SCMP_ACT_LOG", .log), ("SCMP_ACT_ERRNO", .errno(1)), ("SCMP_ACT_TRACE", .trace(1)),
      ("SCMP_ACT_TRAP", .trap), ("SCMP_ACT_KILL", .killThread), ("SCMP_ACT_KILL_THREAD", .killThread),
      ("SCMP_ACT_KILL_PROCESS", .killProcess),
    ]
    for (name, action) in actions {
      let source = try read(
        Array(
          """
          {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 5,
           "syscalls": [{"names": ["getpid", "gettid"], "action": "\(name)"}]}
          """.utf8))
      try expect(source, "getpid", [], action)
      try expect(source, "getppid", [], .errno(5))
    }
    let source = try read(profile(#""syscalls": [{"name": "getpid", "action": "SCMP_ACT_ERRNO", "errnoRet": 95}]"#))
    try expect(source, "getpid", [], .errno(95))
  }

  @Test func everyComparisonIsTaken() throws {
    let comparisons: [(String, [UInt64])] = [
      ("NE", [6, 8, 1 << 32]), ("LT", [6]), ("LE", [6, 7]), ("EQ", [7]), ("GE", [7, 8, 1 << 32]), ("GT", [8, 1 << 32]),
    ]
    for (name, matching) in comparisons {
      let source = try read(
        profile(
          #""syscalls": [{"names": ["sysinfo"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 2, "value": 7, "op": "SCMP_CMP_\#(name)"}]}]"#
        ))
      for value in [6, 7, 8, 1 << 32] as [UInt64] {
        try expect(source, "sysinfo", [0, 0, value], matching.contains(value) ? .allow : .errno(1))
      }
    }
    let masked = try read(
      profile(
        #""syscalls": [{"names": ["sysinfo"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 12, "valueTwo": 4, "op": "SCMP_CMP_MASKED_EQ"}]}]"#
      ))
    for value in 0..<16 as Range<UInt64> {
      try expect(masked, "sysinfo", [value], value & 12 == 4 ? .allow : .errno(1))
    }
  }

  /// Comparisons of several arguments must all hold; several of one argument are alternatives.
  @Test func argumentsAreAndedAndAlternativesAreOred() throws {
    let both = try read(
      profile(
        """
        "syscalls": [{"names": ["sysinfo"], "action": "SCMP_ACT_ALLOW", "args": [
          {"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}, {"index": 1, "value": 2, "op": "SCMP_CMP_EQ"}]}]
        """))
    try expect(both, "sysinfo", [1, 2], .allow)
    for arguments in [[1, 1], [2, 2], [0, 0]] as [[UInt64]] { try expect(both, "sysinfo", arguments, .errno(1)) }
    let either = try read(
      profile(
        """
        "syscalls": [{"names": ["sysinfo"], "action": "SCMP_ACT_ALLOW", "args": [
          {"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}, {"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}]}]
        """))
    for value in [1, 2] as [UInt64] { try expect(either, "sysinfo", [value], .allow) }
    try expect(either, "sysinfo", [3], .errno(1))
  }

  /// Where the profile doesn't say what a call without a rule answers, newer calls than it knows get ENOSYS.
  @Test func newerCallsAreUnknown() throws {
    let source = try read(profile(#""syscalls": [{"names": ["openat2", "read"], "action": "SCMP_ACT_ALLOW"}]"#))
    try expect(source, "read", [], .allow)
    try expect(source, "openat2", [], .allow)
    try expect(source, "clone3", [], .errno(1))
    let code = try source.compiled().code
    for (audit, number) in [(source.architectures[0].audit, UInt32(438)), (source.architectures[0].audit, 10_000)] {
      #expect(code.answer(to: number, on: audit) == .errno(38))
    }
    #expect(code.answer(to: 436, on: source.architectures[0].audit) == .errno(1))
    #expect(code.answer(to: 0, on: 7) == .killProcess)
    let explicit = try read(
      profile(#""defaultErrnoRet": 1, "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]"#))
    #expect(try explicit.compiled().code.answer(to: 10_000, on: explicit.architectures[0].audit) == .errno(1))
  }

  @Test func flagsAreTaken() throws {
    let flags = #""flags": ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_TSYNC"]"#
    #expect(try read(profile(flags)).flags == [.log, .speculates, .allThreads])
  }

  @Test(arguments: [
    ("[]", 1, 1, "a list where an object is expected"), ("{}", 1, 1, "the key 'defaultAction' is missing"),
    (
      "{\"defaultAction\": \"SCMP_ACT_ALOW\"}", 1, 19,
      "'SCMP_ACT_ALOW' isn't an action that littlectr knows; did you mean"
    ),
    ("{\"defaultAction\": \"SCMP_ACT_NOTIFY\"}", 1, 19, "'SCMP_ACT_NOTIFY' isn't an action"),
    ("{\"defaultAction\": 1}", 1, 19, "a number where an action is expected"),
    ("{\"defaultAktion\": \"SCMP_ACT_ALLOW\"}", 1, 2, "unknown key 'defaultAktion'; did you mean 'defaultAction'?"),
    ("{\"defaultAction\": \"SCMP_ACT_ERRNO\",\n \"defaultErrnoRet\": -1}", 2, 21, "expected an errno"),
    ("{\"defaultAction\": \"SCMP_ACT_ERRNO\",\n \"defaultErrnoRet\": 4096}", 2, 21, "expected an errno"),
    ("{\"defaultAction\": \"SCMP_ACT_ERRNO\",\n \"listenerPath\": \"/x\"}", 2, 18, "littlectr asks no listener"),
  ])
  func mistakesAreShown(text: String, line: Int, column: Int, message: String) { check(text, line, column, message) }

  @Test(arguments: [
    (#""syscalls": {}"#, 13, "an object where a list is expected"), (#""flags": ["X"]"#, 11, "'X' isn't a flag"),
    (#""architectures": ["x86"]"#, 19, "'x86' isn't an architecture"),
    (#""archMap": [{}]"#, 13, "the key 'architecture' is missing"),
    (#""architectures": [], "archMap": []"#, 33, "'archMap' and 'architectures' can't be there both"),
    (#""syscalls": [1]"#, 14, "a number where an object is expected"),
    (#""syscalls": [{"action": "SCMP_ACT_ALLOW"}]"#, 14, "the key 'names' is missing"),
    (#""syscalls": [{"names": [], "name": "x", "action": "SCMP_ACT_ALLOW"}]"#, 36, "'name' and 'names'"),
    (#""syscalls": [{"names": ["read"]}]"#, 14, "the key 'action' is missing"),
    (#""syscalls": [{"names": [1]}]"#, 25, "a number where the name of a call is expected"),
    (#""syscalls": [{"names": "read"}]"#, 24, "a text where a list is expected"),
    (
      #""syscalls": [{"name": "read", "action": "SCMP_ACT_ALLOW", "args": [{"index": 6, "value": 0, "op": "SCMP_CMP_EQ"}]}]"#,
      78, "expected an argument's place"
    ),
    (
      #""syscalls": [{"name": "read", "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 0, "op": "EQ"}]}]"#,
      99, "'EQ' isn't a comparison"
    ),
    (
      #""syscalls": [{"name": "read", "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "op": "SCMP_CMP_EQ"}]}]"#, 68,
      "the key 'value' is missing"
    ),
    (
      #""syscalls": [{"name": "read", "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 1.5, "op": "SCMP_CMP_EQ"}]}]"#,
      90, "expected a number"
    ),
    (
      #""syscalls": [{"name": "read", "action": "SCMP_ACT_ALLOW", "includes": {"minKernel": "4"}}]"#, 85,
      "expected a kernel's version"
    ),
    (
      #""syscalls": [{"name": "read", "action": "SCMP_ACT_ALLOW", "excludes": {"cap": []}}]"#, 72,
      "unknown key 'cap'; did you mean 'caps'?"
    ),
  ])
  func mistakesBelowAreShown(rest: String, column: Int, message: String) {
    check("{\"defaultAction\": \"SCMP_ACT_ERRNO\",\n\(rest)}", 2, column, message)
  }

  private func check(_ text: String, _ line: Int, _ column: Int, _ message: String) {
    var told = "it is taken"
    do throws(JSONError) { _ = try read(Array(text.utf8)) } catch {
      told = error.failure(in: Array(text.utf8), named: "p.json").text
    }
    #expect(told.hasPrefix("littlectr: p.json:\(line):\(column): \(message)"), "\(told)")
  }

  /// Every beginning of a profile, and every profile with one byte gone, is read or refused, and nothing else.
  @Test func nothingTraps() {
    for count in stride(from: 0, to: Self.docker.count, by: 97) {
      #expect(throws: JSONError.self) { _ = try read(Array(Self.docker.prefix(count))) }
    }
    for index in stride(from: 0, to: Self.docker.count, by: 61) {
      var changed = Self.docker
      changed.remove(at: index)
      _ = try? read(changed)
    }
  }
}
