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

  /// Has the container end with the process that has started littlectr, `container.starter`: prctl(2).
  ///
  /// Fails with `.noSuchProcess` when that has ended already.
  public static func end(withStarter starter: Int32) -> Step {
    Step(
      """
      prctl(PR_SET_PDEATHSIG, SIGURG)
      getppid() = <starter>
      """
    ) { () throws(Errno) in
      try Syscall.tellOfParentsEnd(by: .urgent)
      if Syscall.parentID != starter { throw .noSuchProcess }
    }
  }

  /// Runs programs of the host's, all at once, to their end: vfork(2), execve(2). The first argument of each is the child's
  /// process id; standard output and error are the caller's. Each leads a process group.
  ///
  /// Fails with `.notPermitted` when a program's status isn't 0: what it printed says why. The evidence's detail is then
  /// that program's place in the list, as one byte.
  public static func run(_ programs: [HostProgram], for child: ChildID, in container: Container) -> Step {
    let signals = container.inheritedSignals
    // Each is 0 once its program has ended well.
    let processes = programs.map { ChildID($0.path.text) }
    @Sendable func lines() -> [String] {
      programs.map { "\($0.path.text) \(child) \($0.arguments.joined(separator: " "))" }
    }
    return Step(lines().joined(separator: "\n")) { () throws(Errno) in
      var problem: Errno?
      for (program, process) in zip(programs, processes) {
        let words =
          [program.path.bytes, Array(String(child.processID).utf8)] + program.arguments.map { Array($0.utf8) }
        do throws(Errno) {
          process.fill(
            // A program with more privileges outlives its parent, and for good if somebody has stopped it: but of a group of
            // its own, which nobody could wake any more, the kernel ends what is stopped.
            try Program(paths: [words[0]], arguments: words, environment: [], leading: .group)
              .spawn(mask: signals.mask))
        } catch { problem = problem ?? error }
      }
      for process in processes where process.processID > 0 {
        let ended = try? Syscall.waitAndForward(for: process.processID)
        signals.asked = signals.asked ?? ended?.asked
        if ended?.status == .exited(0) { process.fill(0) } else { problem = problem ?? .notPermitted }
      }
      if let problem { throw problem }
    }.headline(lines().joined(separator: "; ")).inspect { _ in [UInt8(processes.firstIndex { $0.processID != 0 } ?? 0)]
    }
  }
}

/// A program of the host's with its arguments.
public struct HostProgram: Sendable {
  /// Where it lies.
  public let path: FilePath
  /// Its arguments, without its name.
  public let arguments: [String]
  /// A program.
  public init(_ path: FilePath, _ arguments: [String]) { (self.path, self.arguments) = (path, arguments) }
}
