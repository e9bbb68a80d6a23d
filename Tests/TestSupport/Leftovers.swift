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
    for id in FileTree.entries("/proc").compactMap({ pid_t($0) }) where id != getpid() {
      guard let bytes = try? FileTree.read("/proc/\(id)/cmdline"), let text = try? FileTree.text("/proc/\(id)/stat")
      else { continue }
      // After the name, which may hold anything: state, parent, group, session.
      let fields = text.suffix(from: text.lastIndex(of: ")") ?? text.startIndex).split(separator: " ")
      guard fields.count > 4, fields[1] != "Z", fields[1] != "X", let session = pid_t(fields[4]) else { continue }
      let words = String(decoding: bytes.map { $0 == 0 ? 0x20 : $0 }, as: UTF8.self)
      let isInside = { ((try? FileTree.text("/proc/\(id)/mountinfo")) ?? "").contains(sandbox.token) }
      if words.contains(sandbox.token) || sandbox.sessions.contains(session) || isInside() { found[id] = words }
    }
    return found
  }

  /// The mounts of the host that a container could have made. Others on the machine may come and go.
  package static func mounts(_ sandbox: Sandbox) -> Set<String> {
    Set(
      ((try? FileTree.text("/proc/self/mountinfo")) ?? "").split(separator: "\n").map(String.init).filter { line in
        let fields = line.split(separator: " ")
        return line.contains(sandbox.token) || (fields.count > 4 && ["/", "/proc"].contains(fields[4]))
      })
  }
}
