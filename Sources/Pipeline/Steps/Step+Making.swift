internal import Kernel
public import SystemPackage

extension Step {
  /// Makes a directory: mkdir(2).
  ///
  ///     .makeDirectory(path).undo(.removeDirectory(path))
  public static func makeDirectory(_ path: FilePath, mode: UInt32 = 0o755) -> Step {
    Step("mkdirat(AT_FDCWD, \(quoted(path)), \(octal(mode)))") { () throws(Errno) in
      try Syscall.makeDirectory(path, mode: mode)
    }
  }

  /// Removes an empty directory: unlinkat(2) with AT_REMOVEDIR.
  public static func removeDirectory(_ path: FilePath) -> Step {
    Step("unlinkat(AT_FDCWD, \(quoted(path)), AT_REMOVEDIR)") { () throws(Errno) in
      try Syscall.removeDirectory(path)
    }
  }

  /// Makes a directory below one that is held: mkdir(2).
  public static func makeDirectory(_ path: FilePath, below directory: Handle, mode: UInt32 = 0o755) -> Step {
    Step("mkdirat(\(directory), \(quoted(path)), \(octal(mode)))") { () throws(Errno) in
      try Syscall.makeDirectory(path, mode: mode, from: directory.descriptor)
    }.decided(by: .image)
  }

  /// Removes a file below a directory that is held: unlink(2).
  public static func removeFile(_ path: FilePath, below directory: Handle) -> Step {
    Step("unlinkat(\(directory), \(quoted(path)), 0)") { () throws(Errno) in
      try Syscall.removeFile(path, from: directory.descriptor)
    }.decided(by: .image)
  }

  /// Sets the permissions of a file below a directory that is held, whatever the mask: chmod(2).
  public static func setMode(_ path: FilePath, below directory: Handle, _ mode: UInt32) -> Step {
    Step("fchmodat(\(directory), \(quoted(path)), \(octal(mode)))") { () throws(Errno) in
      try Syscall.setMode(path, mode, from: directory.descriptor)
    }.decided(by: .image)
  }

  /// Lets its owner into a directory below one that is held, if it is there: chmod(2). No link is followed on the way.
  public static func openUp(_ path: FilePath, below directory: Handle) -> Step {
    Step(
      """
      openat2(\(directory), \(quoted(path)), {flags=O_RDONLY|O_CLOEXEC|O_PATH|O_DIRECTORY, resolve=RESOLVE_NO_SYMLINKS|RESOLVE_IN_ROOT}, 24) = <found>
      fchmodat(AT_FDCWD, "/proc/self/fd/<found>", 0700)
      close(<found>)
      """
    ) { () throws(Errno) in
      do throws(Errno) {
        let found = try Syscall.open(path, [.path, .directory], below: directory.descriptor, [.inRoot, .noSymlinks])
        defer { try? Syscall.close(found) }
        let name = FilePath("/proc/self/fd/\(found.rawValue)")
        try Syscall.setMode(name, 0o700, from: FileDescriptor(rawValue: -100))
      } catch {
        // A layer that can only be read has none.
        if error != .noSuchFileOrDirectory { throw error }
      }
    }.decided(by: .image)
  }

  /// Makes an empty file, for something to be attached over it: mknod(2).
  public static func makeFile(_ path: FilePath, below directory: Handle, mode: UInt32 = 0o600) -> Step {
    Step("mknodat(\(directory), \(quoted(path)), S_IFREG|\(octal(mode)))") {
      () throws(Errno) in
      try Syscall.makeFile(path, mode: mode, from: directory.descriptor)
    }.decided(by: .image)
  }

  /// Makes a symbolic link: symlink(2).
  public static func makeLink(to target: FilePath, _ path: FilePath, below directory: Handle) -> Step {
    Step("symlinkat(\(quoted(target)), \(directory), \(quoted(path)))") { () throws(Errno) in
      try Syscall.makeLink(to: target, path, from: directory.descriptor)
    }.decided(by: .image)
  }
}
