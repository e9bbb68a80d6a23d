internal import CKernel
internal import Glibc
public import SystemPackage

extension Syscall {
  /// Tells what a path is, itself if it is a symbolic link: lstat(2).
  public static func statusHere(of path: FilePath) throws(Errno) -> FileStatus {
    var status = ck_status()
    try unsafe answer(for: path) { unsafe ck_stat(currentDirectory, $0, AT_SYMLINK_NOFOLLOW, &status) }
    return FileStatus(status)
  }

  /// Tells whether a file's permissions have a list of users and groups beside the mode: getxattr(2), acl(5).
  public static func hasAccessList(_ path: FilePath) throws(Errno) -> Bool {
    do throws(Errno) {
      try unsafe answer(for: path) { unsafe ck_attribute($0, "system.posix_acl_access", nil, 0) }
      return true
    } catch {
      // No such attribute, or a file system without any.
      if error == .noData || error == .notSupported { return false }
      throw error
    }
  }

  /// The path of the program that runs, without any link on the way; nil if the file has been removed or replaced, or
  /// can't be reached by a path: proc(5), /proc/self/exe.
  public static var ownProgram: FilePath? {
    guard let target = try? readLink("/proc/self/exe"), target.first == UInt8(ascii: "/") else { return nil }
    let place = path(of: target)
    // Of a file that is gone the kernel tells the old path, with a word behind it.
    guard let running = try? status(of: "/proc/self/exe"), let found = try? statusHere(of: place),
      (running.device, running.inode) == (found.device, found.inode)
    else { return nil }
    return place
  }
}
