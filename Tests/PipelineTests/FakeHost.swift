import Pipeline
import SystemPackage

/// Foundation has a Host too.
typealias Host = Pipeline.Host

/// A machine that exists only in a test: what it isn't told about isn't there.
struct FakeHost {
  var userID: UInt32 = 1000
  var groupID: UInt32 = 1000
  /// Files by path, with their text.
  var files = ["/etc/passwd": "root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n"]
  /// What else is there, by path.
  var found: [String: Host.Found] = [:]
  /// Directories that the caller can't enter.
  var closed: Set<String> = []
  var environment = ["HOME": "/home/ada"]

  /// Adds directories that anybody can enter.
  mutating func add(directories: String...) {
    for path in directories { found[path] = Host.Found(mode: 0o040755) }
  }

  /// Sets a number of /proc/sys.
  mutating func set(sysctl name: String, _ value: Int) {
    files["/proc/sys/" + name.split(separator: ".").joined(separator: "/")] = "\(value)\n"
  }

  var host: Host {
    let machine = self
    return Host(
      userID: userID, groupID: groupID,
      read: { path throws(Errno) in
        guard let text = machine.files[path.string] else { throw .noSuchFileOrDirectory }
        return Array(text.utf8)
      },
      look: { path in
        machine.found[path.string] ?? machine.files[path.string].map { _ in Host.Found(mode: 0o100644) }
      },
      executable: { !machine.closed.contains($0.string) }, environment: { machine.environment[$0] })
  }
}
