internal import CKernel
public import SystemPackage

/// The system calls, one function each, under the name that their manual page has.
///
/// Each throws the `Errno` that the kernel answers, and nothing else. None of them allocates more than the
/// zero-terminated copy of a path, none takes a lock, and none starts a thread: all of them may be called in a child
/// that has not executed a program yet.
public enum Syscall {
  /// The directory from which relative paths are resolved: AT_FDCWD.
  static var currentDirectory: CInt { -100 }
}

/// Turns the kernel's answer, negative for an error, into a value or an `Errno`.
@inline(__always)
@discardableResult
func answer(_ result: Int) throws(Errno) -> Int {
  guard result >= 0 else { throw Errno(rawValue: CInt(truncatingIfNeeded: -result)) }
  return result
}

/// As `answer`, for a call that takes a path.
@inline(__always)
@discardableResult
func answer(for path: FilePath, _ call: (UnsafePointer<CChar>) -> Int) throws(Errno) -> Int {
  try answer(unsafe path.withPlatformString(call))
}

/// As `answer`, for calls that make a descriptor. It never gets the number of standard input, output or error, even if the
/// caller has closed those: what is printed must not end up in it, and nobody must take it for what it isn't.
@inline(__always)
func descriptor(_ result: Int) throws(Errno) -> FileDescriptor {
  var number = CInt(truncatingIfNeeded: try answer(result))
  if number < 3 { number = CInt(truncatingIfNeeded: try answer(ck_move_up(number))) }
  return FileDescriptor(rawValue: number)
}

extension Errno {
  /// The symbolic name, `EPERM` for instance, as errno(3) lists it.
  public var name: String {
    guard let name = unsafe ck_errno_name(rawValue) else { return "errno \(rawValue)" }
    return unsafe String(cString: name)
  }
}

extension FileDescriptor {
  /// The directory from which relative paths are resolved: AT_FDCWD.
  public static var currentDirectory: FileDescriptor { FileDescriptor(rawValue: Syscall.currentDirectory) }
}
