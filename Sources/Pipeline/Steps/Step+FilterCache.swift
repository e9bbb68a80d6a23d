internal import Kernel
internal import SystemPackage

extension Step {
  /// Keeps a compiled filter for the next time, in a directory that is made if it isn't there: openat(2), renameat2(2). What
  /// can't be kept is compiled again the next time: that is no failure.
  ///
  /// The file has another name until it is whole.
  public static func keep(_ filter: CompiledFilter, for key: FilterKey, in directory: FilePath, of host: Host) -> Step {
    let (path, parent) = (directory, directory.parent)
    let (name, new) = (key.fileName, key.fileName + ".new")
    return Step(
      """
      umask(077) = <umask>
      mkdirat(AT_FDCWD, \(quoted(parent)), 0700)
      mkdirat(AT_FDCWD, \(quoted(path)), 0700)
      openat(AT_FDCWD, \(quoted(path)), O_RDONLY|O_NOFOLLOW|O_CLOEXEC|O_DIRECTORY) = <cache>
      unlinkat(<cache>, \(quoted(new)), 0)
      openat(<cache>, \(quoted(new)), O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0600) = <kept>
      close(<kept>)
      renameat2(<cache>, \(quoted(new)), <cache>, \(quoted(name)), 0)
      close(<cache>)
      umask(<umask>)
      """
    ) { () throws(Errno) in
      // A directory that its owner can't enter would stay.
      let mask = Syscall.setFileModeMask(0o077)
      defer { _ = Syscall.setFileModeMask(mask) }
      try? Syscall.makeDirectory(parent, mode: 0o700)
      try? Syscall.makeDirectory(path, mode: 0o700)
      guard let opened = try? FilterCache.open(path) else { return }
      defer { try? Syscall.close(opened) }
      guard let status = try? Syscall.status(of: opened), FilterCache(host).isOwn(status) else { return }
      // What a run that was killed has left. If another one is at it now, the last wins, and each file is whole.
      try? Syscall.removeFile(FilePath(new), from: opened)
      guard let file = try? Syscall.create(FilePath(new), mode: 0o600, from: opened) else { return }
      let isWritten = (try? Syscall.write(KeptFile.bytes(filter, for: key), to: file)) != nil
      try? Syscall.close(file)
      if isWritten, (try? Syscall.rename(FilePath(new), from: opened, to: FilePath(name), in: opened)) != nil { return }
      try? Syscall.removeFile(FilePath(new), from: opened)
    }.headline("openat(\(quoted(path)), \(quoted(new)), …)")
  }
}
