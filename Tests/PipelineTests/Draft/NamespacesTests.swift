import Testing

@testable import Pipeline

struct NamespacesTests {
  @Test func flagsArePrintedInTheOrderOfStrace() {
    #expect(Namespaces([]).flags == "0")
    #expect(Namespaces.pid.flags == "CLONE_NEWPID")
    #expect(
      Namespaces([.pid, .user, .uts, .mount]).flags == "CLONE_NEWNS|CLONE_NEWUTS|CLONE_NEWUSER|CLONE_NEWPID")
  }

  /// The numbers of linux/sched.h.
  @Test(
    arguments: [
      ("time", 0x80), ("mnt", 0x20000), ("cgroup", 0x200_0000), ("uts", 0x400_0000), ("ipc", 0x800_0000),
      ("user", 0x1000_0000), ("pid", 0x2000_0000), ("net", 0x4000_0000),
    ] as [(String, UInt64)])
  func everyKindHasItsBit(name: String, bit: UInt64) {
    #expect(Namespaces.kinds.first { $0.name == name }?.namespace.rawValue == bit)
  }

  @Test func kindsTellWhatIsShared() {
    #expect(Namespaces.kinds.count == 8)
    #expect(Set(Namespaces.kinds.map(\.flag)).count == 8)
    for kind in Namespaces.kinds { #expect(!kind.shares.isEmpty && !kind.shares.hasSuffix(".")) }
  }
}
