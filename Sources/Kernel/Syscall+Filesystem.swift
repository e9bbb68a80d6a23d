internal import CKernel
internal import Glibc
public import SystemPackage

/// A kind of file system, by the number that the kernel gives it: statfs(2).
public struct FilesystemType: Sendable, Equatable {
  /// The number, as f_type.
  public let rawValue: UInt64
  /// A kind by its number.
  public init(rawValue: UInt64) { self.rawValue = rawValue }
  /// The kernel's processes and settings: PROC_SUPER_MAGIC.
  public static let proc = FilesystemType(rawValue: 0x9fa0)
  /// Pipes that have no name: PIPEFS_MAGIC.
  public static let pipes = FilesystemType(rawValue: 0x5049_5045)
  /// The kernel's devices: SYSFS_MAGIC.
  public static let sys = FilesystemType(rawValue: 0x6265_6572)
  /// Memory: TMPFS_MAGIC.
  public static let tmpfs = FilesystemType(rawValue: 0x0102_1994)
}

extension Syscall {
  /// Tells in which kind of file system an open file lies, and what its mount forbids: fstatfs(2).
  public static func filesystem(of file: FileDescriptor) throws(Errno) -> (
    type: FilesystemType, attributes: MountAttributes
  ) {
    var found = ck_filesystem()
    try answer(unsafe ck_filesystem(file.rawValue, &found))
    // The four lowest flags are those of mount_setattr(2).
    return (FilesystemType(rawValue: found.type), MountAttributes(rawValue: found.flags & 0xf))
  }

  /// Tells whether an open file can be read and written: fcntl(2) with F_GETFL.
  public static func access(of file: FileDescriptor) throws(Errno) -> (reads: Bool, writes: Bool) {
    let mode = try answer(ck_access_mode(file.rawValue))
    return (mode != Int(O_WRONLY), mode != Int(O_RDONLY))
  }
}
