import Testing

@testable import Pipeline

/// Why namespaces can't be made, on machines that exist only in the test.
struct CloneDiagnosisTests {
  private func cause(_ errno: Errno, _ namespaces: Namespaces, _ machine: FakeHost = FakeHost()) -> Advice? {
    var container = Container(command: [], host: machine.host)
    container.namespaces = namespaces
    return CloneAdvice.cause(of: errno, namespaces, Evidence(host: machine.host, container: container, detail: []))
  }

  @Test func userNamespacesAreSwitchedOff() {
    var machine = FakeHost()
    machine.set(sysctl: "kernel.unprivileged_userns_clone", 0)
    let advice = cause(.notPermitted, [.user, .pid], machine)
    #expect(
      advice?.why == "user namespaces are switched off for ordinary users: sysctl kernel.unprivileged_userns_clone is 0"
    )
    #expect(advice?.fix == "as root: sysctl -w kernel.unprivileged_userns_clone=1")
    machine.set(sysctl: "kernel.unprivileged_userns_clone", 1)
    #expect(cause(.notPermitted, .user, machine) == nil)
  }

  @Test(arguments: [Errno.noSpace, .tooManyUsers]) func aLimitIsUsedUp(errno: Errno) {
    var machine = FakeHost()
    machine.set(sysctl: "user.max_user_namespaces", 0)
    machine.set(sysctl: "user.max_net_namespaces", 0)
    let advice = cause(errno, [.user, .pid], machine)
    #expect(advice?.why == "the limit is used up: sysctl user.max_user_namespaces is 0")
    #expect(advice?.fix == "as root: sysctl -w user.max_user_namespaces=15000")
    #expect(cause(errno, [.network], machine)?.why.contains("user.max_net_namespaces is 0") == true)
    #expect(cause(errno, [.pid], machine) == CloneAdvice.nested, "no limit of a kind that is wanted")
  }

  /// What was found by trying is told, however large the limit is.
  @Test func theKindThatCanNotBeHadIsTold() {
    var machine = FakeHost()
    machine.set(sysctl: "user.max_net_namespaces", 20_000)
    machine.set(sysctl: "user.max_uts_namespaces", 0)
    let host = machine.host
    let evidence = Evidence(
      host: host, container: Container(command: [], host: host), detail: CloneAdvice.detail(.network))
    let advice = CloneAdvice.cause(of: .noSpace, [.user, .uts, .network], evidence)
    #expect(advice?.why == "the limit is used up: sysctl user.max_net_namespaces is 20000")
    #expect(advice?.fix == "as root: sysctl -w user.max_net_namespaces=40000")
    #expect(CloneAdvice.lacking(CloneAdvice.detail([.network, .ipc])) == [.network, .ipc])
    #expect(CloneAdvice.lacking([]) == nil)
  }

  @Test func theyAreNestedTooDeeply() {
    var machine = FakeHost()
    machine.set(sysctl: "user.max_user_namespaces", 60_000)
    #expect(cause(.noSpace, .user, machine) == CloneAdvice.nested)
  }

  @Test func thereIsNoUserNamespace() { #expect(cause(.notPermitted, .uts) == CloneAdvice.noUserNamespace) }

  @Test func anOuterFilterRefuses() {
    var machine = FakeHost()
    machine.files["/proc/self/status"] = "Name:\tx\nSeccomp:\t2\nSeccomp_filters:\t1\n"
    #expect(cause(.notPermitted, .user, machine) == CloneAdvice.filtered)
    machine.files["/proc/self/status"] = "Name:\tx\nSeccomp:\t0\n"
    #expect(cause(.notPermitted, .user, machine) == nil)
  }

  @Test func littlectrIsChrooted() {
    var machine = FakeHost()
    machine.files["/proc/self/mountinfo"] = "22 1 8:1 / /srv rw - ext4 /dev/sda1 rw\nshort line\n"
    #expect(cause(.notPermitted, .user, machine) == CloneAdvice.chrooted)
    machine.files["/proc/self/mountinfo"] = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
    #expect(cause(.notPermitted, .user, machine) == nil)
  }

  @Test func theKernelDoesNotKnowAKind() {
    var machine = FakeHost()
    for name in ["user", "pid", "mnt"] { machine.found["/proc/self/ns/\(name)"] = Host.Found(mode: 0o100444) }
    let advice = cause(.invalidArgument, [.user, .pid, .time], machine)
    #expect(advice?.why.hasSuffix("has no time namespaces") == true)
    #expect(advice?.why.contains("{") == false)
    #expect(cause(.invalidArgument, [.user, .pid], machine) == nil)
  }

  @Test func appArmorIsToldOnlyToThoseItRestricts() {
    var machine = FakeHost()
    machine.set(sysctl: "kernel.apparmor_restrict_unprivileged_userns", 1)
    #expect(cause(.notPermitted, .user, machine)?.why == PlatformAdvice.appArmor.why)
    #expect(cause(.notPermitted, .user, machine)?.fix.contains("{program}") == false)
    machine.userID = 0
    #expect(cause(.notPermitted, .user, machine) == nil, "root isn't restricted")
  }

  @Test func anOldKernelIsNamed() {
    let evidence = Evidence(
      host: FakeHost().host, container: Container(command: [], host: FakeHost().host), detail: [])
    let advice = PlatformAdvice.cause(of: .noFunction, evidence)
    #expect(advice?.why.hasPrefix("kernel ") == true)
    #expect(advice?.why.contains("{") == false)
    #expect(advice?.fix.contains("5.15") == true)
    #expect(PlatformAdvice.cause(of: .ioError, evidence) == nil)
  }
}
