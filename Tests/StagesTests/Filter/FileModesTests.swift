import Testing

@testable import Pipeline
@testable import Stages

/// `seccomp modes=`, asked as the kernel asks the filter.
struct FileModesTests {
  private static func source(_ modes: FileModes, _ change: (inout Seccomp) -> Void = { _ in }) throws -> FilterSource {
    var line = Seccomp()
    line.modes = modes
    change(&line)
    let container = Container(command: [[0x61]], host: FakeHost().host)
    return try FilterRequest(line, container).source(FilterTools.current.machine)
  }

  /// What each architecture's filter says; where libseccomp doesn't know the call, the machine's own alone has it.
  private func answers(_ source: FilterSource, _ code: FilterCode, _ name: String, _ arguments: [UInt64])
    -> [FilterAction]
  {
    source.numbers(of: name).map { code.answer(to: $0.number, on: $0.architecture, arguments) }
  }

  /// The arguments of a call with that mode, in which a file is made, and with garbage where a mode has none.
  private func arguments(_ call: FileModes.Call, _ mode: UInt64, flags: UInt64 = 0o101) -> [UInt64] {
    var arguments: [UInt64] = [0, 0, 0, 0, 0, 0]
    arguments[call.mode] = mode
    if let place = call.flags { arguments[place] = flags }
    return arguments
  }

  @Test(arguments: FileModes.allCases) func eachCallIsLookedAt(_ modes: FileModes) throws {
    let source = try Self.source(modes)
    let code = try source.compiled().code
    #expect(NeededCalls.refused(by: code, of: source) == nil)
    for call in FileModes.calls {
      for (mode, isSetID, isOpen) in [
        (0o644, false, false), (0o1755, false, false), (0o4755, true, false), (0o2755, true, false),
        (0o6000, true, false), (0o777, false, true), (0o002, false, true), (0o4777, true, true),
        (0o100_4755, true, false), (0o170_0644, false, false),
      ] as [(UInt64, Bool, Bool)] {
        let isRefused = modes != .all && isSetID || modes == .plain && isOpen && call.changes
        for high: UInt64 in [0, 1 << 32, 0xffff_ffff << 32] {
          let found = answers(source, code, call.name, arguments(call, mode | high))
          #expect(
            found.allSatisfy { $0 == (isRefused ? .errno(1) : .allow) }, "\(modes) \(call.name) \(mode): \(found)")
        }
      }
    }
  }

  @Test func aModeCountsOnlyWhereAFileIsMade() throws {
    let source = try Self.source(.plain)
    let code = try source.compiled().code
    for call in FileModes.calls where call.flags != nil {
      // O_CREAT, O_TMPFILE; O_RDWR, O_DIRECTORY, O_CLOEXEC.
      for (flags, isMade) in [
        (0o102, true), (0o20_200_002, true), (2, false), (0o200_000, false), (0o2_000_000, false),
      ]
        as [(UInt64, Bool)]
      {
        let found = answers(source, code, call.name, arguments(call, 0o4755, flags: flags))
        #expect(found.allSatisfy { $0 == (isMade ? .errno(1) : .allow) }, "\(call.name) \(flags)")
      }
    }
  }

  @Test func whatIsOutOfSightIsRefused() throws {
    for modes in FileModes.allCases {
      let source = try Self.source(modes)
      let code = try source.compiled().code
      func first(_ name: String) -> FilterAction? { answers(source, code, name, []).first }
      #expect(first("openat2") == (modes == .all ? .allow : .errno(38)))
      #expect(first("setxattr") == (modes == .plain ? .errno(95) : .allow))
      #expect(first("setxattrat") == (modes == .plain ? .errno(95) : .allow))
      #expect(first("getxattr") == .allow)
    }
  }

  @Test func theLineSaysWhatRefusedCallsAnswer() throws {
    let chmod: [UInt64] = [0, 0o4755, 0o4755, 0]
    func answer(_ change: (inout Seccomp) -> Void) throws -> FilterAction? {
      let source = try Self.source(.plain, change)
      return answers(source, try source.compiled().code, "fchmodat", chmod).first
    }
    #expect(try answer { $0.action = .kill } == .killProcess)
    #expect(try answer { $0.action = .log } == .log)
    #expect(try answer { $0.errno = ErrorNumber(rawValue: 13) } == .errno(13))
    #expect(try answer { $0.allow = [CallName(name: "fchmodat")] } == .allow)
  }

  @Test("seccomp modes= is part of the key in the cache")
  func theKeyTellsThemApart() throws {
    let keys = try FileModes.allCases.map { modes in
      var line = Seccomp()
      line.modes = modes
      return try FilterRequest(line, Container(command: [[0x61]], host: FakeHost().host)).key
    }
    for (index, key) in keys.enumerated() { for other in keys[..<index] { #expect(key != other) } }
  }

  private func profile(_ text: String) throws -> FilterSource {
    try ProfileReader(machine: FilterTools.current.machine, capabilities: [], hasKernel: { _, _ in true }, errno: 1)
      .read(Array(text.utf8))
  }

  /// Profiles that name what they let through, those that name what they refuse, and what they say of tracers.
  @Test(arguments: [
    #"{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32", "SCMP_ARCH_ARM"]}"#,
    #"""
    {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"action": "SCMP_ACT_ALLOW",
    "names": ["fchmodat", "fchmod", "openat", "openat2", "setxattr"]}, {"action": "SCMP_ACT_TRACE", "names": ["mount"],
    "errnoRet": 1}]}
    """#,
  ]) func aProfileIsNarrowed(_ text: String) throws {
    var source = try profile(text)
    #expect(source.restrict(to: .plain, .errno(1)) == nil)
    let code = try source.compiled().code
    func all(_ name: String, _ arguments: [UInt64]) -> [FilterAction] { answers(source, code, name, arguments) }
    #expect(all("fchmodat", [0, 0, 0o4755]).allSatisfy { $0 == .errno(1) })
    #expect(all("fchmodat", [0, 0, 0o755]).allSatisfy { $0 == .allow })
    #expect(all("openat", [0, 0, 0o100, 0o4755]).allSatisfy { $0 == .errno(1) })
    #expect(all("openat2", []).allSatisfy { $0 == .errno(38) })
    #expect(all("setxattr", []).allSatisfy { $0 == .errno(95) })
    #expect(all("mkdirat", [0, 0, 0o4755]).allSatisfy { $0 == .errno(1) })
    #expect(all("mount", []).allSatisfy { $0 == .allow || $0 == .errno(38) })
    // Beside the machine's own architecture its number is the same everywhere.
    for architecture in source.architectures.dropFirst() {
      let bit: UInt32 = architecture == .x32 ? 0x4000_0000 : 0
      #expect(code.answer(to: 452 | bit, on: architecture.audit, [0, 0, 0o4755]) != .allow)
    }
  }

  @Test func aProfileThatComparesAModeIsRefused() throws {
    var source = try profile(
      #"""
      {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"action": "SCMP_ACT_ALLOW", "names": ["fchmod"],
      "args": [{"index": 1, "value": 448, "op": "SCMP_CMP_EQ"}]}]}
      """#)
    let before = source
    #expect(source.restrict(to: .nosetid, .errno(1)) == "fchmod")
    #expect(source == before)
  }
}
