internal import CKernel
internal import Glibc
public import SystemPackage

extension Syscall {
  /// Sets which permissions new files don't get, and returns what they were: umask(2).
  public static func setFileModeMask(_ mask: UInt32) -> UInt32 { UInt32(truncatingIfNeeded: ck_umask(mask)) }

  /// Makes a directory: mkdir(2).
  public static func makeDirectory(
    _ path: FilePath, mode: UInt32, from directory: FileDescriptor = .currentDirectory
  ) throws(Errno) {
    try unsafe answer(for: path) { unsafe ck_mkdirat(directory.rawValue, $0, mode) }
  }

  /// Sets the permissions of a file: chmod(2).
  public static func setMode(_ path: FilePath, _ mode: UInt32, from directory: FileDescriptor) throws(Errno) {
    try unsafe answer(for: path) { unsafe ck_fchmodat(directory.rawValue, $0, mode) }
  }

  /// Sets the permissions of an open file: fchmod(2).
  public static func setMode(_ mode: UInt32, of file: FileDescriptor) throws(Errno) {
    try answer(ck_fchmod(file.rawValue, mode))
  }

  /// Removes an empty directory: rmdir(2).
  public static func removeDirectory(_ path: FilePath, from directory: FileDescriptor = .currentDirectory) throws(Errno)
  {
    try unsafe answer(for: path) { unsafe ck_unlinkat(directory.rawValue, $0, AT_REMOVEDIR) }
  }

  /// Makes an empty regular file, which may not be there yet: mknod(2).
  public static func makeFile(_ path: FilePath, mode: UInt32, from directory: FileDescriptor) throws(Errno) {
    try unsafe answer(for: path) { unsafe ck_mknodat(directory.rawValue, $0, S_IFREG | mode) }
  }

  /// Makes a symbolic link: symlink(2).
  public static func makeLink(to target: FilePath, _ path: FilePath, from directory: FileDescriptor) throws(Errno) {
    try unsafe answer(for: path) { path in
      unsafe target.withPlatformString { target in unsafe ck_symlinkat(target, directory.rawValue, path) }
    }
  }
}
