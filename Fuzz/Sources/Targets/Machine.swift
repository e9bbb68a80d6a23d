@testable import Pipeline

/// A machine that is made of its files, each of which may hold any bytes.
struct Machine: Sendable {
  var userID: UInt32 = 1000
  var release = "6.18.0"
  var terminals: Set<Int32> = []
  var files: [String: [UInt8]] = [
    "/etc/passwd": "root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n",
    "/etc/group": "root:x:0:\nada:x:1000:\n",
    "/etc/subuid": "ada:100000:65536\n", "/etc/subgid": "ada:100000:65536\n",
    "/etc/resolv.conf": "nameserver 127.0.0.53\n", "/etc/hosts": "127.0.0.1 localhost",
    "/run/systemd/resolve/resolv.conf": "nameserver 192.0.2.1\n",
    "/usr/bin/newuidmap": "", "/usr/bin/newgidmap": "", "/usr/bin/ls": "", "/srv/file": "",
    "/sys/devices/system/cpu/online": "0-3\n", "/proc/self/setgroups": "allow\n",
    "/proc/self/uid_map": "0 100000 65536\n", "/proc/self/gid_map": "0 100000 1000\n1000 1000 1\n",
    "/proc/self/mountinfo": "29 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n",
    "images/default/etc/passwd": "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/nonexistent:/bin/sh\n",
    "images/default/etc/group": "root:x:0:\nnogroup:x:65534:\naudio:x:29:nobody\n",
    "images/default/etc/resolv.conf": "", "images/default/etc/hosts": "",
  ].mapValues { Array($0.utf8) }
  var environment = ["HOME": "/home/ada", "PATH": "/usr/local/bin:/usr/bin", "TERM": "xterm"]

  static let usual = Machine()
  private static let directories: Set<String> = [
    "/", "/usr", "/usr/bin", "/lib", "/home", "/home/ada", "/proc", "/srv", "/dev", "/dev/net", ".", "images",
    "images/default", "images/default/etc", "/proc/self",
  ]
  private static let devices: Set<String> = [
    "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/fuse", "/dev/net/tun",
  ]
  private static let links = ["/bin": "usr/bin", "/lib64": "usr/lib64"]

  /// The machine for a configuration, by the words of its first line, as the golden plans have them.
  static func named(by text: [UInt8]) -> Machine {
    let line = String(decoding: text.prefix { $0 != 0x0a }.prefix(80), as: UTF8.self)
    var machine = usual
    if line.hasPrefix("# host: root") { machine.userID = 0 }
    if line.hasSuffix("old kernel") { machine.release = "5.15.0-91-generic" }
    if line.hasSuffix("terminal") { machine.terminals = [0, 1, 2] }
    if line.contains("one id") { (machine.files["/etc/subuid"], machine.files["/etc/subgid"]) = (nil, nil) }
    return machine
  }

  var host: Host {
    let machine = self
    @Sendable func key(_ path: FilePath) -> String { path.lexicallyNormalized().string }
    var host = Host(
      userID: userID, groupID: userID,
      read: { path throws(Errno) in
        guard let contents = machine.files[key(path)] else { throw .noSuchFileOrDirectory }
        return contents
      },
      look: { path in
        let key = key(path)
        if Self.directories.contains(key) { return Host.Found(mode: 0o040755, userID: machine.userID) }
        if Self.devices.contains(key) { return Host.Found(mode: 0o020666) }
        if key == "/proc/self/ns/user", machine.userID == 0 { return Host.Found(mode: 0o100444, inode: 0xefff_fffd) }
        return machine.files[key].map { _ in Host.Found(mode: 0o100755) }
      },
      follow: { Self.links[$0.string].map { FilePath($0) } },
      environment: { machine.environment[$0].map { Array($0.utf8) } }, release: release,
      openDescriptors: { (0..<12).contains($0) }, terminals: { machine.terminals.contains($0) },
      variableNames: { machine.environment.keys.sorted() })
    // One instruction that allows all: to compile the usual filter each time takes longer than all else.
    host.filters = FilterTools(
      machine: "x86_64", library: "2.5.4",
      compile: { _ throws(FilterError) in CompiledFilter(FilterCode([0x7fff_0000_0000_0006])) },
      look: { _, _, _ in .none("this machine keeps none") })
    host.filters.read = { path, _ throws(Failure) in
      if let contents = machine.files[key(path)] { return contents }
      throw Failure("there is no \(path)")
    }
    return host
  }
}
