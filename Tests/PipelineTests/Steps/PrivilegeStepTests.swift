import Kernel
import SystemPackage
import Testing

@testable import Pipeline

/// Steps that read back what was applied, performed by the test itself, which has applied nothing.
struct PrivilegeStepTests {
  private func answer(_ step: Step) -> Errno? {
    do throws(Errno) { try step.perform() } catch { return error }
    return nil
  }

  @Test func whatWasNotAppliedIsFound() throws {
    let own = try Syscall.capabilities()
    // Whatever the test has, one of the two is wrong.
    let other = CapabilitySet(rawValue: own.permitted ^ 1)
    #expect(answer(.checkCapabilities(other)) == .protocolError)
    let isBound = try !Syscall.mayGain(capability: 0)
    #expect(answer(.checkForgone(CapabilitySet(number: 0))) == (isBound ? nil : .protocolError))
    #expect(answer(.checkForgone([])) == nil)
    let forbids = try Syscall.forbidsNewPrivileges()
    #expect(answer(.checkNewPrivileges) == (forbids ? nil : .protocolError))
    #expect(answer(.checkTracing) == .protocolError, "a program that was executed may be traced")
    let core = try Syscall.limit(Resource.core.rawValue)
    #expect(answer(.checkLimit(.core, soft: core.soft, hard: core.hard)) == nil)
    #expect(answer(.checkLimit(.core, soft: core.soft ^ 1, hard: core.hard)) == .protocolError)
    #expect(answer(.check("nonsense", ofFile: "/proc/sys/kernel/ostype")) == .protocolError)
    #expect(answer(.check("Linux\n", ofFile: "/proc/sys/kernel/ostype")) == nil)
  }

  @Test func anErrorOfThatKindIsToldWithACause() {
    let evidence = Evidence(host: FakeHost().host, container: Container(command: [], host: FakeHost().host), detail: [])
    #expect(PlatformAdvice.cause(of: .protocolError, evidence) == PlatformAdvice.notApplied)
  }

  @Test func theKernelsNewestCapabilityIsKnown() throws {
    let last = Syscall.lastCapability
    #expect(try Syscall.mayGain(capability: last) == Syscall.mayGain(capability: last))
    #expect(throws: Errno.invalidArgument) { try Syscall.mayGain(capability: last + 1) }
    #expect(CapabilitySet(rawValue: Syscall.ownCapabilities).subtracting(.all(to: last)).isEmpty)
  }
}

struct CapabilitySetTests {
  @Test func namesAreFoundInAnyWriting() {
    #expect(CapabilitySet.names.count == 41)
    for (number, name) in CapabilitySet.names.enumerated() {
      for text in [name, name.uppercased(), "cap_" + name, "CAP_" + name.uppercased()] {
        #expect(CapabilitySet.number(of: text) == number, "\(text)")
      }
    }
    for text in ["", "cap_", "cap_cap_chown", "chown ", "41"] { #expect(CapabilitySet.number(of: text) == nil) }
  }

  @Test func setsArePrintedAsStraceDoes() {
    let set = CapabilitySet(rawValue: 1 | 1 << 39 | 1 << 41)
    #expect(set.flags == "1<<CAP_CHOWN|1<<CAP_BPF|1<<0x29" && set.names == ["chown", "bpf", "41"])
    #expect(CapabilitySet([]).flags == "0" && CapabilitySet([]).names.isEmpty)
    #expect(CapabilitySet.all(to: 40).rawValue == 0x1ff_ffff_ffff && CapabilitySet.all(to: 63).rawValue == .max)
    #expect(!set.contains(number: 64) && set.contains(number: 41) && !set.contains(number: 1))
  }
}
