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

/// As `answer`, for calls that make a descriptor.
@inline(__always)
func descriptor(_ result: Int) throws(Errno) -> FileDescriptor {
  FileDescriptor(rawValue: CInt(truncatingIfNeeded: try answer(result)))
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
