import Glibc

/// What a container may have left: processes, mounts, files.
struct Leftovers {
  let sandbox: Sandbox
  private let files: [String]
  private let mounts: Set<String>

  /// Remembers how things are before.
  init(_ sandbox: Sandbox) {
    self.sandbox = sandbox
    (files, mounts) = (FileTree.listing(sandbox.directory), Self.mounts(sandbox))
  }

  /// What is there now that wasn't before, or the other way round; processes are waited for.
  func find() throws -> [String] {
    var processes: [String] = []
    _ = try? eventually("no process of \(sandbox.token)", within: 20) {
      processes = Self.processes(sandbox.token)
      return processes.isEmpty
    }
    let filesNow = FileTree.listing(sandbox.directory)
    return processes.map { "process \($0)" } + Self.mounts(sandbox).symmetricDifference(mounts).map { "mount \($0)" }
      + Set(filesNow).symmetricDifference(files).map { "file \($0)" }
  }

  /// The processes that have a word among their arguments, each with its id and arguments.
  static func processes(_ token: String) -> [String] {
    FileTree.entries("/proc").compactMap { name in
      guard let id = pid_t(name), id != getpid(), let bytes = try? FileTree.read("/proc/\(id)/cmdline")
      else { return nil }
      let words = String(decoding: bytes.map { $0 == 0 ? 0x20 : $0 }, as: UTF8.self)
      return words.contains(token) ? "\(id): \(words)" : nil
    }
  }

  /// The mounts of the host that a container could have made. Others on the machine may come and go.
  private static func mounts(_ sandbox: Sandbox) -> Set<String> {
    Set(
      ((try? FileTree.text("/proc/self/mountinfo")) ?? "").split(separator: "\n").map(String.init).filter { line in
        let fields = line.split(separator: " ")
        return line.contains(sandbox.token) || (fields.count > 4 && ["/", "/proc"].contains(fields[4]))
      })
  }
}
