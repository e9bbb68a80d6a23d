internal import Kernel
internal import Synchronization
public import SystemPackage

extension Step {
  /// Looks whether the caller may execute a file: faccessat2(2).
  public static func checkExecutable(_ path: FilePath) -> Step {
    Step("faccessat2(AT_FDCWD, \(quoted(path)), X_OK, AT_EACCESS)") { () throws(Errno) in
      try Syscall.mayExecute(path)
    }
  }

  /// The process that a program of the host's is told of.
  public enum ToldProcess: Sendable {
    /// None: there is none.
    case none
    /// The child, by the parent.
    case child(ChildID)
    /// The process itself that performs the step, which is the child.
    case itself
  }

  /// Runs a program of the host's to its end: vfork(2), execve(2). It gets the caller's environment, standard output and error,
  /// nothing to read, and variables beside: what is given, and LITTLECTR_CHILD, the process id of the child as /proc has it.
  ///
  /// Fails with `.canceled` when its status isn't 0; how it ended is the evidence's detail then. It ends with who runs it, also
  /// when somebody has stopped it.
  ///
  /// What leads somewhere else in another directory is taken out of its environment.
  ///
  /// - Parameter root: the container's root, once the process is in it; the program gets it as an open directory, whose path
  ///   the variable LITTLECTR_ROOT has, and begins in the host's "/". Else it begins in the caller's directory.
  public static func run(
    _ program: HostProgram, _ variables: [EnvironmentVariable], _ told: ToldProcess, root: Handle?,
    _ container: Container
  ) -> Step {
    let (signals, end) = (container.inheritedSignals, ProgramEnd())
    let given = variables.map(\.line)
    var remark = given.map { shown($0) }.joined(separator: " ")
    if case .none = told {} else { remark += " LITTLECTR_CHILD=<child>" }
    if let root { remark += " LITTLECTR_ROOT=/proc/self/fd/\(root)" }
    var isItself = false
    if case .itself = told { isItself = true }
    if isItself { remark += ", in \"/\"" }
    let isInside = isItself
    let line = ([program.path.text] + program.arguments).map(word).joined(separator: " ")
    return Step(line) { () throws(Errno) in
      var added = given
      switch told {
      case .none: break
      case .child(let child): added.append(Array("LITTLECTR_CHILD=\(child.processID)".utf8))
      case .itself: added.append(Array("LITTLECTR_CHILD=".utf8) + (try Syscall.readLink("/proc/self")))
      }
      if let root { added.append(Array("LITTLECTR_ROOT=/proc/self/fd/\(root.descriptor.rawValue)".utf8)) }
      let path = try absolute(program.path)
      let directory = isInside ? try Syscall.open("/", [.path, .directory]) : nil
      defer { if let directory { try? Syscall.close(directory) } }
      let process = try Program(
        paths: [path], arguments: [path] + program.arguments.map { Array($0.utf8) },
        // Of two variables with one name most programs take the first.
        environment: added + HostEnvironment.inherited, endsWithParent: true, hasInput: false,
        directory: directory, keeping: root?.descriptor
      ).spawn(mask: signals.mask)
      let status: ExitStatus
      if case .itself = told {
        // The parent ends a child that isn't set up yet, and with it this program.
        guard let ended = try Syscall.wait(for: process, waiting: true) else { return }
        status = ended.status
      } else {
        let ended = try Syscall.waitAndForward(for: process)
        signals.asked = signals.asked ?? ended.asked
        status = ended.status
      }
      if status == .exited(0) { return }
      end.fill(status)
      throw .canceled
    }.remark(remark).inspect { $0 == .canceled ? Array(end.text.utf8) : [] }
  }

  /// The path from the root on: with another working directory a relative one would lead elsewhere.
  private static func absolute(_ path: FilePath) throws(Errno) -> [UInt8] {
    if path.isAbsolute { return path.bytes }
    guard let directory = ProcessContext.workingDirectory else { throw .noSuchFileOrDirectory }
    return directory.pushing(path).bytes
  }

  /// A word as a shell would take it, if it is a simple one.
  private static func word(_ text: String) -> String {
    let isSimple = text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2b...0x2f, 0x3a, 0x3d, 0x40, 0x5f, 0x25: true
      default: false
      }
    }
    return isSimple && !text.isEmpty ? text : quoted(text)
  }
}

/// How a program has ended.
private final class ProgramEnd: Sendable {
  /// The status, or -1 minus a signal's number.
  private let code = Atomic<Int32>(0)

  func fill(_ status: ExitStatus) {
    switch status {
    case .exited(let number): code.store(number, ordering: .relaxed)
    case .signaled(let number): code.store(-1 - number, ordering: .relaxed)
    }
  }

  var text: String {
    let code = code.load(ordering: .relaxed)
    return (code < 0 ? ExitStatus.signaled(-1 - code) : .exited(code)).text
  }
}
