import Glibc

/// What /proc tells of processes.
package enum ProcessTable {
  /// The fields of /proc/PID/status; empty when there is no such process.
  package static func status(of id: pid_t) -> [String: String] {
    let lines = ((try? FileTree.text("/proc/\(id)/status")) ?? "").split(separator: "\n")
    return Dictionary(
      lines.compactMap { line in
        guard let colon = line.firstIndex(of: ":") else { return nil }
        return (String(line[..<colon]), String(line[line.index(after: colon)...].drop { $0 == "\t" || $0 == " " }))
      }, uniquingKeysWith: { $1 })
  }

  /// The state's letter: R, S, D, T, Z; nil when there is no such process.
  package static func state(of id: pid_t) -> Character? { status(of: id)["State"]?.first }

  /// The processes whose parent it is.
  package static func children(of id: pid_t) -> [pid_t] {
    FileTree.entries("/proc").compactMap { pid_t($0) }.filter { status(of: $0)["PPid"] == String(id) }
  }

  /// The processes below it, of all generations.
  package static func descendants(of id: pid_t) -> [pid_t] {
    var children: [String: [pid_t]] = [:]
    for process in FileTree.entries("/proc").compactMap({ pid_t($0) }) {
      if let parent = status(of: process)["PPid"] { children[parent, default: []].append(process) }
    }
    var (found, rest) = ([pid_t](), [id])
    while let next = rest.popLast() {
      let own = children[String(next)] ?? []
      found += own
      rest += own
    }
    return found
  }

  /// The names and states of the processes below it, for a test's words.
  package static func tree(below id: pid_t) -> String {
    descendants(of: id).map { status(of: $0) }.map { "\($0["Name"] ?? "gone") \($0["State"] ?? "")" }
      .joined(separator: ", ")
  }
}
