import Testing

@testable import Pipeline
@testable import Stages

/// How far profiles reach: to every architecture, and with action=log to no refusal at all.
struct ProfileReachTests {
  private func read(_ text: String) throws -> FilterSource {
    try ProfileReader(
      machine: FilterTools.current.machine, capabilities: nil, hasKernel: { _, _ in true }, errno: 1
    ).read(Array(text.utf8))
  }

  /// What a filter says to a number on each of its architectures.
  private func answers(_ code: FilterCode, _ number: UInt32, _ source: FilterSource) -> [FilterAction] {
    source.architectures.map { code.answer(to: $0 == .x32 ? number | 0x4000_0000 : number, on: $0.audit) }
  }

  /// A profile that lets through all but what it names, on every architecture that a machine runs.
  private static func permissive(_ action: String) -> String {
    let names = ["X86_64", "X86", "X32", "AARCH64", "ARM"].map { "\"SCMP_ARCH_\($0)\"" }.joined(separator: ",")
    return """
      {"defaultAction": "SCMP_ACT_ALLOW", "architectures": [\(names)],
       "syscalls": [{"names": ["setxattrat", "open_tree_attr", "uretprobe"], "action": "\(action)"}]}
      """
  }

  @Test(arguments: [
    ("SCMP_ACT_ERRNO", FilterAction.errno(1)), ("SCMP_ACT_KILL_PROCESS", .killProcess), ("SCMP_ACT_TRAP", .trap),
  ])
  func aNewCallIsRefusedOnEveryArchitecture(word: String, action: FilterAction) throws {
    let source = try read(Self.permissive(word))
    let code = try source.compiled().code
    #expect(source.architectures == FilterArchitecture.run(by: FilterTools.current.machine))
    for number in [UInt32(463), 467] {
      #expect(answers(code, number, source).allSatisfy { $0 == action }, "\(number)")
    }
    for number in [UInt32(0), 462, 464, 466, 468] {
      #expect(answers(code, number, source).allSatisfy { $0 == .allow }, "\(number)")
    }
    // Beyond the first architecture that number is another call.
    #expect(answers(code, 335, source).dropFirst().allSatisfy { $0 == .allow })
    #expect(code.answer(to: 0, on: 1) == .killProcess)
  }

  @Test func aTracedNewCallIsNotLetThroughElsewhere() throws {
    let source = try read(Self.permissive("SCMP_ACT_TRACE"))
    let found = answers(try source.compiled().code, 463, source)
    #expect(found.allSatisfy { $0 == .trace(1) || $0 == .errno(38) }, "\(found)")
  }

  @Test func whatIsOnlyLoggedIsNeverRefused() throws {
    var source = try read(
      """
      {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
        {"names": ["read"], "action": "SCMP_ACT_ALLOW"}, {"names": ["mount"], "action": "SCMP_ACT_TRACE"},
        {"names": ["umount2"], "action": "SCMP_ACT_KILL"}]}
      """)
    #expect(source.newerAreUnknown)
    source.refuseNothing()
    let code = try source.compiled().code
    let own = source.architectures[0].audit
    for number in (0..<600).map({ UInt32($0) }) + [0x3fff_ffff, 0x4000_0000, 0xffff_fffe] {
      let answer = code.answer(to: number, on: own)
      #expect(answer.isLetThrough, "\(number): \(answer)")
    }
    // The architectures that a profile doesn't name.
    for architecture in FilterArchitecture.all { #expect(code.answer(to: 20, on: architecture.audit).isLetThrough) }
    for name in ["mount", "umount2", "bpf"] {
      for found in source.numbers(of: name) {
        #expect(code.answer(to: found.number, on: found.architecture) == .log, "\(name)")
      }
    }
    #expect(NeededCalls.refused(by: code, of: source) == nil)
  }
}
