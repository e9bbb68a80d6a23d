internal import Kernel
public import SystemPackage

extension Step {
  /// Opens a directory, only to hold it: open(2) with O_PATH.
  public static func openDirectory(_ path: FilePath, into directory: Handle) -> Step {
    Step("openat(AT_FDCWD, \(quoted(path)), O_RDONLY|O_CLOEXEC|O_PATH|O_DIRECTORY) = \(directory)") {
      () throws(Errno) in
      directory.fill(try Syscall.open(path, [.path, .directory]))
    }
  }

  /// Opens a directory below another, which no symbolic link and no `..` can lead out of: openat2(2).
  public static func openDirectory(_ path: FilePath, below root: Handle, into directory: Handle) -> Step {
    Step(
      """
      openat2(\(root), \(quoted(path)), {flags=O_RDONLY|O_CLOEXEC|O_PATH|O_DIRECTORY, \
      resolve=RESOLVE_NO_MAGICLINKS|RESOLVE_NO_SYMLINKS|RESOLVE_IN_ROOT}, 24) = \(directory)
      """
    ) { () throws(Errno) in
      directory.fill(
        try Syscall.open(
          path, [.path, .directory], below: root.descriptor, [.inRoot, .noMagicLinks, .noSymlinks]))
    }
  }

  /// Opens a file of any kind below a directory, only to hold it; no symbolic link and no `..` can lead out: openat2(2).
  public static func openPath(_ path: FilePath, below root: Handle, into file: Handle) -> Step {
    Step(
      """
      openat2(\(root), \(quoted(path)), {flags=O_RDONLY|O_CLOEXEC|O_PATH, \
      resolve=RESOLVE_NO_MAGICLINKS|RESOLVE_NO_SYMLINKS|RESOLVE_IN_ROOT}, 24) = \(file)
      """
    ) { () throws(Errno) in
      file.fill(try Syscall.open(path, .path, below: root.descriptor, [.inRoot, .noMagicLinks, .noSymlinks]))
    }
  }

  /// Changes the working directory to one that is held: fchdir(2).
  public static func changeDirectory(to directory: Handle) -> Step {
    Step("fchdir(\(directory))") { () throws(Errno) in try Syscall.changeDirectory(directory.descriptor) }
  }

  /// Changes the working directory: chdir(2).
  public static func changeDirectory(to path: FilePath) -> Step {
    Step("chdir(\(quoted(path)))") { () throws(Errno) in try Syscall.changeDirectory(path) }
  }

  /// Writes a file of the child's in /proc, all at once: open(2), write(2), close(2).
  public static func write(_ contents: String, toChild child: ChildID, _ file: String) -> Step {
    Step(
      """
      openat(AT_FDCWD, "/proc/\(child)/\(file)", O_WRONLY|O_CLOEXEC) = <\(file)>
      write(<\(file)>, \(quoted(contents)), \(contents.utf8.count))
      close(<\(file)>)
      """
    ) { () throws(Errno) in
      let descriptor = try Syscall.open(FilePath("/proc/\(child.processID)/\(file)"), .write)
      defer { try? Syscall.close(descriptor) }
      try Syscall.write(Array(contents.utf8), to: descriptor)
    }.headline("write(\"/proc/\(child)/\(file)\", \(quoted(contents)), \(contents.utf8.count))")
      .advice(.noSuchFileOrDirectory) { evidence in
        evidence.host.status(of: "/proc/self") == nil ? PlatformAdvice.noProc : nil
      }
  }
}
