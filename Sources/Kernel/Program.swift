internal import CKernel
public import SystemPackage

/// A program that is ready to be executed: where it may be, its arguments and its environment, as execve(2) takes them.
///
/// Everything is laid out in memory when this is made, in the parent, so that nothing is left to do in the child. It is
/// unchecked Sendable because the pointers are never written after that, and live as long as the object.
public final class Program: @unchecked Sendable {
  private let paths: CStringArray
  private let arguments: CStringArray
  private let environment: CStringArray
  private let leading: Leading
  private let terminal: ProgramTerminal?
  private let endsWithParent: Bool
  private let hasInput: Bool
  private let directory: FileDescriptor?
  private let kept: FileDescriptor?
  private let closed: CNumberArray

  /// What a program leads of its own: credentials(7).
  public enum Leading: Sendable {
    /// It stays in the process group of the process that starts it.
    case nothing
    /// A process group: setpgid(2).
    case group
    /// A session: setsid(2).
    case session
  }

  /// Lays a program out.
  ///
  /// - Parameters:
  ///   - paths: where to look, in this order, as execvp(3) does.
  ///   - arguments: argv, the program's name first. Bytes, since a file's name need not be UTF-8.
  ///   - environment: `NAME=value`, each.
  ///   - leading: what it leads of its own.
  ///   - terminal: its controlling terminal; nil for what it inherits.
  ///   - endsWithParent: whether SIGKILL ends it when who spawns it ends: prctl(2), PR_SET_PDEATHSIG.
  ///   - hasInput: whether it inherits standard input; else that is /dev/null.
  ///   - directory: its working directory; nil for what it inherits.
  ///   - kept: what it inherits, although it is close-on-exec.
  ///   - closed: what is closed before it is looked for: the first and the last of each range of descriptors, in turn.
  public init(
    paths: [[UInt8]], arguments: [[UInt8]], environment: [[UInt8]], leading: Leading = .nothing,
    terminal: ProgramTerminal? = nil, endsWithParent: Bool = false, hasInput: Bool = true,
    directory: FileDescriptor? = nil, keeping kept: FileDescriptor? = nil, closing closed: [UInt32] = []
  ) {
    (self.leading, self.terminal, self.endsWithParent) = (leading, terminal, endsWithParent)
    (self.hasInput, self.directory, self.kept) = (hasInput, directory, kept)
    self.paths = CStringArray(paths)
    self.arguments = CStringArray(arguments)
    self.environment = CStringArray(environment)
    self.closed = CNumberArray(closed)
  }

  /// Becomes the program. Returns only by throwing: execve(2).
  ///
  /// - Parameters:
  ///   - report: what stays open until then; it gets the first of the numbers that are closed.
  ///   - isChecked: whether it is looked at whether what is closed is closed.
  /// - Throws: `.noSuchFileOrDirectory` when no path is there, `.permissionDenied` when one is but none may be
  ///   executed, and whatever else execve(2) answers.
  public func execute(mask: SignalSet, keeping report: inout FileDescriptor, isChecked: Bool)
    throws(Errno)
  {
    var program = unsafe layout(mask, isChecked ? report : nil)
    var number = report.rawValue
    let result = unsafe withUnsafeMutablePointer(to: &number) { number in
      unsafe program.report = number
      return unsafe ck_execute(&program)
    }
    report = FileDescriptor(rawValue: number)
    try answer(result)
  }

  /// Starts the program in a child, and returns the child's id once it has executed: vfork(2) and execve(2).
  ///
  /// - Parameter known: what is open, and among what is closed, to see that it is; nil where that isn't looked at.
  public func spawn(mask: SignalSet, closing known: FileDescriptor? = nil) throws(Errno) -> Int32 {
    var program = unsafe layout(mask, known)
    if endsWithParent { unsafe program.parent = Syscall.processID }
    return Int32(truncatingIfNeeded: try answer(unsafe ck_spawn(&program)))
  }

  private func layout(_ mask: SignalSet, _ known: FileDescriptor?) -> ck_program {
    let leads =
      switch leading {
      case .nothing: CK_LEADS_NOTHING
      case .group: CK_LEADS_GROUP
      case .session: CK_LEADS_SESSION
      }
    return unsafe ck_program(
      paths: UnsafePointer(paths.constant), arguments: arguments.pointers, environment: environment.pointers,
      mask: mask.bits, leads: CInt(leads), parent: 0, terminal: terminal?.descriptor().rawValue ?? -1,
      controls: terminal?.isControlling == true ? 1 : 0, in_front: terminal?.isInFront() == true ? 1 : 0,
      replaced: terminal?.replaced.reduce(0) { $0 | 1 << UInt32($1) } ?? 0, no_input: hasInput ? 0 : 1,
      directory: directory?.rawValue ?? -1, kept: kept?.rawValue ?? -1, closed: closed.constant,
      ranges: CInt(closed.count / 2), known: known?.rawValue ?? -1, report: nil)
  }
}

/// The terminal that a program gets.
public struct ProgramTerminal: Sendable {
  let descriptor: @Sendable () -> FileDescriptor
  let replaced: [Int32]
  let isControlling: Bool
  let isInFront: @Sendable () -> Bool

  /// A terminal.
  ///
  /// - Parameters:
  ///   - descriptor: the terminal, asked for when the program starts.
  ///   - replaced: which of standard input, output and error become it.
  ///   - isControlling: whether it becomes that of the session which the program leads: ioctl_tty(2), TIOCSCTTY.
  ///   - isInFront: whether the program's group is put into its foreground, asked for when the program starts: TIOCSPGRP.
  public init(
    replacing replaced: [Int32], isControlling: Bool, isInFront: @escaping @Sendable () -> Bool,
    _ descriptor: @escaping @Sendable () -> FileDescriptor
  ) {
    (self.replaced, self.isControlling, self.isInFront) = (replaced, isControlling, isInFront)
    self.descriptor = descriptor
  }
}

/// Zero-terminated strings and the null-terminated array of pointers to them.
@safe private final class CStringArray {
  private let bytes: UnsafeMutablePointer<CChar>
  let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

  init(_ strings: [[UInt8]]) {
    unsafe bytes = .allocate(capacity: strings.reduce(0) { $0 + $1.count + 1 } + 1)
    unsafe pointers = .allocate(capacity: strings.count + 1)
    var next = unsafe bytes
    for (index, string) in strings.enumerated() {
      unsafe pointers[index] = next
      for byte in string {
        unsafe next.initialize(to: CChar(bitPattern: byte))
        unsafe next += 1
      }
      unsafe next.initialize(to: 0)
      unsafe next += 1
    }
    unsafe pointers[strings.count] = nil
  }

  deinit {
    unsafe bytes.deallocate()
    unsafe pointers.deallocate()
  }

  var constant: UnsafeMutablePointer<UnsafePointer<CChar>?> {
    unsafe UnsafeMutableRawPointer(pointers).assumingMemoryBound(to: UnsafePointer<CChar>?.self)
  }
}

/// Numbers, one after another.
@safe private final class CNumberArray {
  private let numbers: UnsafeMutableBufferPointer<UInt32>
  var count: Int { unsafe numbers.count }

  init(_ numbers: [UInt32]) {
    unsafe self.numbers = .allocate(capacity: numbers.count)
    _ = unsafe self.numbers.initialize(from: numbers)
  }

  deinit { unsafe numbers.deallocate() }

  var constant: UnsafePointer<UInt32>? { unsafe UnsafePointer(numbers.baseAddress) }
}
