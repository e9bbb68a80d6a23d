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
  package static func descendants(of id: pid_t) -> [pid_t] { children(of: id).flatMap { [$0] + descendants(of: $0) } }
}
