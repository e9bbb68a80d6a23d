internal import Kernel
public import SystemPackage

extension Step {
  /// Sets the host name: sethostname(2).
  public static func setHostname(_ name: String) -> Step {
    Step("sethostname(\(quoted(name)), \(name.utf8.count))") { () throws(Errno) in try Syscall.setHostname(name) }
  }

  /// Replaces the supplementary groups: setgroups(2).
  public static func setGroups(_ groups: [UInt32]) -> Step {
    Step("setgroups(\(groups.count), [\(groups.map(String.init).joined(separator: ", "))])") { () throws(Errno) in
      try Syscall.setGroups(groups)
    }
  }

  /// Runs a program of the host's to its end, with the child's process id as first argument, and the caller's standard
  /// output and error.
  ///
  /// Fails with `.notPermitted` when the program's status isn't 0: what it printed says why.
  public static func run(_ program: FilePath, for child: ChildID, _ arguments: [String], in container: Container)
    -> Step
  {
    let signals = container.inheritedSignals
    return Step("\(program.string) \(child) \(arguments.joined(separator: " "))") { () throws(Errno) in
      let words = [program.string, String(child.processID)] + arguments
      let process = try Program(
        paths: [Array(program.string.utf8)], arguments: words.map { Array($0.utf8) }, environment: []
      ).spawn(mask: signals.mask)
      guard let ended = try Syscall.wait(for: process, waiting: true), ended.status == .exited(0) else {
        throw .notPermitted
      }
    }
  }
}
