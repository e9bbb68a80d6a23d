import Stages
import Testing

@testable import Command
@testable import Pipeline

/// A line that an option adds to a file without it stands where it works.
struct AddedLineTests {
  private static let lines = [
    "bind": "bind from=/usr to=/mnt", "tmpfs": "tmpfs to=/mnt", "file": "file to=/etc/x text=x", "user": "user name=0",
    "landlock": "landlock read=/usr execute=/usr", "scheduling": "scheduling nice=5", "rlimit": "rlimit nofile=64",
    "hook": "hook run=/bin/true phase=in-child", "expect": "expect nonewprivs=yes", "workdir": "workdir path=/usr",
  ]

  @Test("a stage taken out of a file and added again needs no other place", arguments: builtin.map { $0.name })
  func addedAgain(name: String) throws {
    var machine = try #require(FakeHost.named("user with ranges"))
    machine.files["/etc/resolv.conf"] = "nameserver 192.0.2.1\n"
    machine.files["/bin/true"] = ""
    let host = machine.host
    var configuration = try Configuration(
      ConfigurationFile(name: "stages.conf", bytes: tool.defaultConfiguration), catalog: tool.catalog, host: host)
    // Two roots are one too many.
    let root = name == "hostroot" ? ["chroot", "overlay"] : []
    let text = configuration.entries.filter { entry in
      entry.mode != .off && entry.name != name && !root.contains(entry.name)
    }.map { $0.name == "chroot" ? "chroot" : Self.lines[$0.name] ?? $0.name }.joined(separator: "\n")
    configuration = try Configuration(
      ConfigurationFile(name: "stages.conf", bytes: Array(text.utf8)), catalog: tool.catalog, host: host)
    try configuration.add(Self.lines[name] ?? name, from: "--with")
    let plan = try Plan(
      configuration.entries, CommandOptions().container([Array("sh".utf8)], configuration, host))
    #expect(plan.entries.contains { $0.name == name })
    let orders = plan.container.warnings.filter { $0.contains("stands above") || $0.contains("stands below") }
    #expect(orders == [], "\(plan.entries.map(\.name))")
  }
}
