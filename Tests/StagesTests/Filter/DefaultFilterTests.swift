import Testing

@testable import Pipeline
@testable import Stages

/// The default profile, asked as the kernel asks it.
struct DefaultFilterTests {
  private static let noSystemCall = FilterAction.errno(38)
  /// A line in a container of the usual kind.
  private static func request(_ line: Seccomp, _ host: Host = FakeHost().host) throws -> FilterRequest {
    try FilterRequest(line, Container(command: [[0x61]], host: host))
  }

  private static let machines: [(machine: String, source: FilterSource, code: FilterCode)] = ["x86_64", "aarch64"]
    .compactMap { machine in
      guard let source = try? request(Seccomp()).source(machine) else { return nil }
      // A filter is compiled for the machine that runs the test: names are translated from its numbers.
      guard machine == FilterTools.current.machine, let filter = try? source.compiled() else { return nil }
      return (machine, source, filter.code)
    }
  private static let places = machines.flatMap { machine in
    machine.source.architectures.map { (machine.source, machine.code, $0) }
  }

  /// What each architecture's filter says to a call, by its name; empty where none has it.
  private func answers(_ name: String, _ arguments: [UInt64] = []) -> [FilterAction] {
    Self.machines.flatMap { machine in
      machine.source.numbers(of: name).map { machine.code.answer(to: $0.number, on: $0.architecture, arguments) }
    }
  }

  private func expect(
    _ name: String, _ arguments: [UInt64] = [], _ action: FilterAction, location: SourceLocation = #_sourceLocation
  ) {
    let found = answers(name, arguments)
    #expect(
      !found.isEmpty && found.allSatisfy { $0 == action }, "\(name) \(arguments): \(found)", sourceLocation: location)
  }

  @Test func thisMachineHasAFilter() { #expect(Self.machines.count == 1) }

  @Test func whatOrdinaryProgramsMakeIsLetThrough() {
    for group in AllowedCalls.groups {
      for name in group.calls {
        for answer in answers(name) { #expect(answer == .allow, "\(name)") }
      }
    }
    for name in ["read", "openat", "execve", "chroot", "ptrace", "futex", "mknodat", "adjtimex", "fchmodat2"] {
      expect(name, [], .allow)
    }
  }

  @Test func whatIsDangerousIsRefused() {
    for group in RefusedCalls.groups {
      for name in group.calls {
        for answer in answers(name) { #expect(answer == .errno(1), "\(name)") }
      }
    }
    let names = [
      "mount", "umount2", "pivot_root", "fsopen", "fsmount", "move_mount", "open_tree", "mount_setattr", "unshare",
      "setns", "keyctl", "add_key", "request_key", "bpf", "perf_event_open", "userfaultfd", "io_uring_setup",
      "io_uring_enter", "io_uring_register", "kexec_load", "init_module", "finit_module", "delete_module", "reboot",
      "open_by_handle_at", "name_to_handle_at", "fanotify_init", "lookup_dcookie", "quotactl", "swapon", "swapoff",
      "acct", "settimeofday", "clock_settime", "syslog",
    ]
    for name in names { expect(name, [], .errno(1)) }
  }

  @Test func unknownCallsAreTakenForNewerOnes() {
    expect("clone3", [], Self.noSystemCall)
    for (_, code, architecture) in Self.places {
      for number: UInt32 in [0, 1000, 0x3fff_ffff] where number > 0 {
        let bit: UInt32 = architecture == .x32 ? 0x4000_0000 : 0
        #expect(code.answer(to: number | bit, on: architecture.audit) == Self.noSystemCall)
      }
    }
  }

  @Test func otherArchitecturesEndTheProcess() {
    for (_, code, _) in Self.places {
      for foreign: UInt32 in [0, 0x8000_0016, 0xc000_00f3] {
        #expect(code.answer(to: 1, on: foreign) == .killProcess)
      }
    }
  }

  @Test func cloneMakesThreadsAndProcessesButNoNamespaces() {
    // SIGCHLD; a thread; what vfork does; and garbage above, which the kernel passes over.
    for flags: UInt64 in [17, 0x003d_0f00, 0x4111, 0xffff_ffff_0000_0011] { expect("clone", [flags], .allow) }
    for bit: UInt64 in [
      0x0002_0000, 0x0200_0000, 0x0400_0000, 0x0800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000,
    ] {
      expect("clone", [bit | 17], .errno(1))
      expect("clone", [bit | 0xffff_ffff_0000_0000], .errno(1))
    }
  }

  @Test func nothingIsTypedAtATerminal() {
    for request: UInt64 in [0x5412, 0x541c] {
      for high: UInt64 in [0, 1 << 32, 0xffff_ffff << 32] { expect("ioctl", [0, request | high], .errno(1)) }
    }
    for request: UInt64 in [0x5401, 0x5413, 0x540e, 0x541b, 0] { expect("ioctl", [0, request], .allow) }
  }

  @Test func personalitiesAreTheUsualOnes() {
    for value: UInt64 in [
      0, 8, 0x20000, 0x20008, 0x40000, 0x40008, 0x60000, 0x60008, 0xffff_ffff, 0xffff_ffff_ffff_ffff,
    ] {
      expect("personality", [value], .allow)
    }
    for value: UInt64 in [0x0040_0000, 1, 0x0010_0000, 0x0040_0008, 0x0044_0000, 0x0400_0000, 0x0004_0001, 0x0100_0000]
    { expect("personality", [value], .errno(1)) }
  }

  @Test func socketsAreOfFourFamilies() {
    for (source, code, architecture) in Self.places {
      for name in ["socket", "socketpair"] {
        for family: UInt64 in 0..<60 {
          for high: UInt64 in [0, 1 << 32] {
            // Of x86_64 and x32, which have one number for filters, each has its own calls.
            for found in source.numbers(of: name) where found.architecture == architecture.audit {
              let answer = code.answer(to: found.number, on: found.architecture, [family | high])
              let isUsual = [1, 2, 10, 16].contains(family)
              #expect(
                answer == (architecture == .i386 ? Self.noSystemCall : isUsual ? .allow : .errno(97)),
                "\(architecture.name) \(name) \(family)")
            }
          }
        }
      }
      if architecture == .i386 {
        for call: UInt64 in [1, 8] {
          #expect(code.answer(to: 102, on: architecture.audit, [call]) == Self.noSystemCall)
        }
        #expect(code.answer(to: 102, on: architecture.audit, [3]) == .allow, "connect")
      }
    }
  }

  @Test func eachCallIsInOneListOnce() {
    let names =
      (AllowedCalls.groups + RefusedCalls.groups).flatMap(\.calls) + ["clone", "ioctl", "personality", "socket"]
    #expect(Set(names).count == names.count)
    #expect(!names.contains("clone3") && !names.contains(""))
  }

  @Test func littlectrsOwnCallsAreLetThrough() {
    for machine in Self.machines { #expect(NeededCalls.refused(by: machine.code, of: machine.source) == nil) }
  }

  private func code(_ change: (inout Seccomp) -> Void) throws -> (FilterSource, FilterCode) {
    var line = Seccomp()
    change(&line)
    let source = try Self.request(line).source(FilterTools.current.machine)
    return (source, try source.compiled().code)
  }

  private func answers(_ filter: (source: FilterSource, code: FilterCode), _ name: String, _ first: UInt64 = 0)
    -> [UInt32]
  {
    filter.source.numbers(of: name).map { filter.code.answer(to: $0.number, on: $0.architecture, [first]).rawValue }
  }

  @Test func aLineAllowsAndDenies() throws {
    let filter = try code {
      $0.allow = ["mount", "clone3", "socket", "unshare"].map { CallName(name: $0) }
      $0.deny = ["ptrace", "ioctl", "io_setup"].map { CallName(name: $0) }
      $0.errno = ErrorNumber(rawValue: 13)
    }
    for name in ["mount", "clone3", "socket", "unshare"] {
      #expect(answers(filter, name, 40).allSatisfy { $0 == FilterAction.allow.rawValue }, "\(name)")
    }
    for name in ["ptrace", "ioctl", "io_setup", "umount2", "setns"] {
      #expect(answers(filter, name).allSatisfy { $0 == FilterAction.errno(13).rawValue }, "\(name)")
    }
    #expect(answers(filter, "read").allSatisfy { $0 == FilterAction.allow.rawValue })
  }

  @Test func refusedCallsMayKillOrBeLogged() throws {
    let killing = try code { $0.action = .kill }
    for name in ["mount", "bpf"] {
      #expect(answers(killing, name).allSatisfy { $0 == FilterAction.killProcess.rawValue }, "\(name)")
    }
    #expect(answers(killing, "clone", 0x1000_0000).allSatisfy { $0 == FilterAction.killProcess.rawValue })
    #expect(answers(killing, "clone3").allSatisfy { $0 == Self.noSystemCall.rawValue }, "programs try it first")
    let logging = try code { $0.action = .log }
    for name in ["mount", "clone3", "bpf"] {
      #expect(answers(logging, name).allSatisfy { $0 == FilterAction.log.rawValue }, "\(name)")
    }
    #expect(answers(logging, "clone", 0x1000_0000).allSatisfy { $0 == FilterAction.log.rawValue })
    #expect(answers(logging, "clone", 17).allSatisfy { $0 == FilterAction.allow.rawValue })
  }

  @Test("two lines of seccomp with different filters have different keys in the cache")
  func theKeyTellsLinesApart() throws {
    func key(_ change: (inout Seccomp) -> Void) throws -> FilterKey {
      var line = Seccomp()
      change(&line)
      return try Self.request(line).key
    }
    let keys = [
      try key { _ in }, try key { $0.action = .kill }, try key { $0.errno = ErrorNumber(rawValue: 2) },
      try key { $0.allow = [CallName(name: "mount")] }, try key { $0.deny = [CallName(name: "mount")] },
      try key { $0.allow = [CallName(name: "mount"), CallName(name: "umount2")] },
    ]
    for (index, one) in keys.enumerated() { for other in keys[..<index] { #expect(one != other) } }
    #expect(try key { _ in } == keys[0])
    var newer = FakeHost()
    newer.release = "7.0.0"
    #expect((try Self.request(Seccomp(), newer.host).key) != keys[0])
  }
}
