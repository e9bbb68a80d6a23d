import Pipeline
import PipelineTesting

extension FakeHost {
  /// An ordinary user's machine that has all that stages look for.
  static let usual = complete(FakeHost.named("user with ranges"))

  /// The machine for a configuration, by its first line, as the golden plans have it.
  static func named(by text: [UInt8]) -> FakeHost {
    let line = String(decoding: text.prefix { $0 != 0x0a }.prefix(80), as: UTF8.self)
    guard line.hasPrefix("# host: "), let machine = FakeHost.named(String(line.dropFirst(8))) else { return usual }
    return complete(machine)
  }

  /// Adds what a machine that was made for one golden plan lacks, and takes out what takes time.
  private static func complete(_ machine: FakeHost?) -> FakeHost {
    var machine = machine ?? FakeHost()
    for (path, text) in more where machine.files[path] == nil { machine.files[path] = text }
    machine.add(directories: "/", "/usr/bin", "/dev", "/dev/net", "images/default/etc")
    machine.environment["TERM"] = "xterm"
    machine.descriptors = Set(0..<12)
    machine.compilesFilters = false
    machine.keptFilter = .none("this machine keeps none")
    return machine
  }

  private static let more = [
    "/etc/group": "root:x:0:\nada:x:1000:\n",
    "/usr/bin/ls": "", "/proc/self/setgroups": "allow\n",
    "/proc/self/uid_map": "0 100000 65536\n", "/proc/self/gid_map": "0 100000 1000\n1000 1000 1\n",
    "/proc/self/mountinfo": "29 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n",
    "./images/default/etc/passwd": "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/nonexistent:/bin/sh\n",
    "./images/default/etc/group": "root:x:0:\nnogroup:x:65534:\naudio:x:29:nobody\n",
  ]
}
