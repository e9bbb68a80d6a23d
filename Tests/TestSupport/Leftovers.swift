import Glibc

/// What a container may have left: processes, mounts, files.
package struct Leftovers {
  package let sandbox: Sandbox
  private let files: [String]
  private let mounts: Set<String>

  /// Remembers how things are before.
  package init(_ sandbox: Sandbox) {
    self.sandbox = sandbox
    (files, mounts) = (FileTree.listing(sandbox.directory), Self.mounts(sandbox))
  }

  /// What is there now that wasn't before, or the other way round; processes are waited for.
  package func find() throws -> [String] {
    var processes: [pid_t: String] = [:]
    _ = try? eventually("no process of \(sandbox.token)", within: 20) {
      processes = Self.processes(of: sandbox)
      return processes.isEmpty
    }
    let filesNow = FileTree.listing(sandbox.directory)
    return processes.map { "process \($0.key): \($0.value)" }
      + Self.mounts(sandbox).symmetricDifference(mounts).map { "mount \($0)" }
      + Set(filesNow).symmetricDifference(files).map { "file \($0)" }
  }

  /// The processes that live in a session of a sandbox, have its token among their arguments, or its root as theirs.
  package static func processes(of sandbox: Sandbox) -> [pid_t: String] {
    var found: [pid_t: String] = [:]
    // What has a table of mounts in common with the tests is told by its words and its session.
    let own = try? FileTree.linkTarget("/proc/self/ns/mnt")
    for id in FileTree.entries("/proc").compactMap({ pid_t($0) }) where id != getpid() {
      guard let bytes = try? FileTree.read("/proc/\(id)/cmdline"), let stat = try? FileTree.read("/proc/\(id)/stat")
      else { continue }
      // After the name, which may hold anything: state, parent, group, session.
      let fields = stat[(stat.lastIndex(of: UInt8(ascii: ")")) ?? 0)...].split(
        separator: UInt8(ascii: " "), maxSplits: 5)
      guard fields.count > 4, !["Z", "X"].contains(String(decoding: fields[1], as: UTF8.self)),
        let session = pid_t(String(decoding: fields[4], as: UTF8.self))
      else { continue }
      let isInside = {
        (try? FileTree.linkTarget("/proc/\(id)/ns/mnt")) != own
          && FileTree.holds((try? FileTree.read("/proc/\(id)/mountinfo")) ?? [], sandbox.token)
      }
      if FileTree.holds(bytes, sandbox.token) || sandbox.sessions.contains(session) || isInside() {
        found[id] = String(decoding: bytes.map { $0 == 0 ? 0x20 : $0 }, as: UTF8.self)
      }
    }
    return found
  }

  /// The mounts of the host that a container could have made. Others on the machine may come and go.
  package static func mounts(_ sandbox: Sandbox) -> Set<String> {
    let lines = ((try? FileTree.read("/proc/self/mountinfo")) ?? []).split(separator: UInt8(ascii: "\n"))
    let usual = ["/", "/proc"].map { Array($0.utf8)[...] }
    return Set(
      lines.filter { line in
        let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
        return fields.count > 4 && usual.contains(fields[4]) || FileTree.holds(Array(line), sandbox.token)
      }.map { String(decoding: $0, as: UTF8.self) })
  }
}
