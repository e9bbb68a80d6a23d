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

  /// Opens a directory by a path of the root that has been entered, only to hold it; links are followed, but none of /proc
  /// that jumps: openat2(2).
  public static func openDirectory(inside path: FilePath, into directory: Handle) -> Step {
    Step(
      """
      openat2(AT_FDCWD, \(quoted(path)), {flags=O_RDONLY|O_CLOEXEC|O_PATH|O_DIRECTORY, resolve=RESOLVE_NO_MAGICLINKS}, 24) \
      = \(directory)
      """
    ) { () throws(Errno) in
      directory.fill(try Syscall.open(path, [.path, .directory], below: .currentDirectory, .noMagicLinks))
    }.decided(by: .image)
  }

  /// What symbolic links do on the way to a file below a root.
  public enum Links: Sendable {
    /// Any is refused, with `.tooManySymbolicLinkLevels`.
    case refused
    /// They are followed, and never lead out of the root.
    case followed
    /// Any is refused but the last component, which is opened itself.
    case opened
  }

  /// Opens a directory below a root, only to hold it; no link and no `..` can lead out, nor if `inSameMount` into what is
  /// mounted below: openat2(2).
  public static func openDirectory(
    _ path: FilePath, below root: Handle, into directory: Handle, links: Links = .refused, inSameMount: Bool = false
  ) -> Step {
    open(path, [.path, .directory], below: root, into: directory, links, inSameMount: inSameMount)
  }

  /// Opens a file of any kind below a root, only to hold it; no link and no `..` can lead out: openat2(2).
  public static func openPath(_ path: FilePath, below root: Handle, into file: Handle, links: Links = .refused) -> Step
  {
    open(path, .path, below: root, into: file, links)
  }

  private static func open(
    _ path: FilePath, _ flags: OpenFlags, below root: Handle, into file: Handle, _ links: Links,
    inSameMount: Bool = false
  ) -> Step {
    let flags = links == .opened ? flags.union(.noFollow) : flags
    var resolving: ResolveFlags =
      links == .followed ? [.inRoot, .noMagicLinks] : [.inRoot, .noMagicLinks, .noSymlinks]
    if inSameMount { resolving.insert(.sameMount) }
    let resolve = resolving
    return Step(
      """
      openat2(\(root), \(quoted(path)), {flags=O_RDONLY\(links == .opened ? "|O_NOFOLLOW" : "")|O_CLOEXEC|O_PATH\
      \(flags.contains(.directory) ? "|O_DIRECTORY" : ""), resolve=\(inSameMount ? "RESOLVE_NO_XDEV|" : "")RESOLVE_NO_MAGICLINKS\
      \(links == .followed ? "" : "|RESOLVE_NO_SYMLINKS")|RESOLVE_IN_ROOT}, 24) = \(file)
      """
    ) { () throws(Errno) in
      file.fill(try Syscall.open(path, flags, below: root.descriptor, resolve))
    }.decided(by: .image)
  }

  /// Has the command find closed what is open from the first number to the last: close_range(2), CLOSE_RANGE_CLOEXEC.
  public static func closeOnExecute(from first: UInt32, to last: UInt32) -> Step {
    Step("close_range(\(first), \(last), CLOSE_RANGE_CLOEXEC)") { () throws(Errno) in
      try Syscall.closeOnExecute(from: first, to: last)
    }
  }

  /// Closes what is held: close(2).
  public static func close(_ file: Handle) -> Step {
    Step("close(\(file))") { () throws(Errno) in
      try Syscall.close(file.descriptor)
      file.empty()
    }
  }

  /// Makes a file with its contents, all at once: open(2), write(2), close(2).
  public static func writeFile(_ path: FilePath, below directory: Handle, _ contents: [UInt8], mode: UInt32 = 0o644)
    -> Step
  {
    Step(
      """
      openat(\(directory), \(quoted(path)), O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, \(octal(mode))) = <file>
      write(<file>, \(quoted(contents)), \(contents.count))
      close(<file>)
      """
    ) { () throws(Errno) in
      let file = try Syscall.create(path, mode: mode, from: directory.descriptor)
      defer { try? Syscall.close(file) }
      try Syscall.write(contents, to: file)
    }.headline("openat(\(directory), \(quoted(path)), O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, …)").decided(by: .image)
  }

  /// Makes a file in a directory that is held, which may not be there yet, and holds it for writing: open(2).
  public static func createFile(_ name: FilePath, below directory: Handle, mode: UInt32, into file: Handle) -> Step {
    Step(
      "openat(\(directory), \(quoted(name)), O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, \(octal(mode))) = \(file)"
    ) { () throws(Errno) in
      file.fill(try Syscall.create(name, mode: mode, from: directory.descriptor))
    }
  }

  /// Removes a file that is held if nothing was written into it, and if the name in the directory that is held still is
  /// its own: newfstatat(2), unlink(2).
  public static func removeIfEmpty(_ name: FilePath, below directory: Handle, _ file: Handle) -> Step {
    Step("unlinkat(\(directory), \(quoted(name)), 0)") { () throws(Errno) in
      let held = try Syscall.status(of: file.descriptor)
      guard held.size == 0, let found = try? Syscall.status(of: name, from: directory.descriptor),
        (found.device, found.inode) == (held.device, held.inode)
      else { return }
      try Syscall.removeFile(name, from: directory.descriptor)
    }
  }

  /// Changes the working directory to one that is held: fchdir(2).
  public static func changeDirectory(to directory: Handle) -> Step {
    Step("fchdir(\(directory))") { () throws(Errno) in try Syscall.changeDirectory(directory.descriptor) }
      .decided(by: .image)
  }

  /// Changes the working directory: chdir(2).
  public static func changeDirectory(to path: FilePath) -> Step {
    Step("chdir(\(quoted(path)))") { () throws(Errno) in try Syscall.changeDirectory(path) }
  }

  /// Writes a file of the child's in /proc, all at once: open(2), write(2), close(2).
  public static func write(_ contents: String, toChild child: ChildID, _ file: String) -> Step {
    write(contents, file, of: "\(child)") { String(child.processID) }
  }

  /// Writes a file in /proc of the process that performs the step, all at once: open(2), write(2), close(2).
  public static func write(_ contents: String, toSelf file: String) -> Step {
    write(contents, file, of: "self") { "self" }
  }

  /// Writes a file of the host's /proc/sys, all at once: open(2), write(2), close(2).
  public static func write(_ contents: String, toFile path: String) -> Step {
    Step(
      """
      openat(AT_FDCWD, \(quoted(path)), O_WRONLY|O_CLOEXEC) = <file>
      write(<file>, \(quoted(contents)), \(contents.utf8.count))
      close(<file>)
      """
    ) { () throws(Errno) in
      let file = try Syscall.open(FilePath(path), .write)
      defer { try? Syscall.close(file) }
      try Syscall.write(Array(contents.utf8), to: file)
    }.headline("write(\(quoted(path)), \(quoted(contents)), \(contents.utf8.count))")
  }

  /// Reads a file of the host's /proc/sys back: open(2), read(2), close(2). Fails with `.protocolError` when it holds anything
  /// else.
  public static func check(_ contents: String, ofFile path: String) -> Step {
    Step(
      """
      openat(AT_FDCWD, \(quoted(path)), O_RDONLY|O_CLOEXEC) = <file>
      read(<file>, \(quoted(contents)), 4096) = \(contents.utf8.count)
      close(<file>)
      """
    ) { () throws(Errno) in
      let file = try Syscall.open(FilePath(path), .read)
      defer { try? Syscall.close(file) }
      if try Syscall.read(file, limit: 4096, isRegular: true) != Array(contents.utf8) { throw .protocolError }
    }.headline("read(\(quoted(path)), …, 4096)")
  }

  private static func write(
    _ contents: String, _ file: String, of name: @autoclosure @escaping @Sendable () -> String,
    process: @escaping @Sendable () -> String
  ) -> Step {
    Step(
      """
      openat(AT_FDCWD, "/proc/\(name())/\(file)", O_WRONLY|O_CLOEXEC) = <\(file)>
      write(<\(file)>, \(quoted(contents)), \(contents.utf8.count))
      close(<\(file)>)
      """
    ) { () throws(Errno) in
      let descriptor = try Syscall.open(FilePath("/proc/\(process())/\(file)"), .write)
      defer { try? Syscall.close(descriptor) }
      try Syscall.write(Array(contents.utf8), to: descriptor)
    }.headline("write(\"/proc/\(name())/\(file)\", \(quoted(contents)), \(contents.utf8.count))")
      .advice(.noSuchFileOrDirectory) { evidence in
        evidence.host.status(of: "/proc/self") == nil ? PlatformAdvice.noProc : nil
      }
  }
}
