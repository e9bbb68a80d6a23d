internal import CKernel
public import SystemPackage

extension Syscall {
  /// Opens a file below a directory as openat2(2) does with RESOLVE_IN_ROOT and RESOLVE_NO_MAGICLINKS, where that call is
  /// missing or a filter refuses it: component by component, each held before the next is looked up.
  ///
  /// No link is followed by the kernel. One of the image's is read, and its target is walked in the same way, so that an
  /// absolute one begins at the root, and `..` ends there. A path without RESOLVE_IN_ROOT must be absolute.
  public static func walk(
    _ path: FilePath, _ flags: OpenFlags, below directory: FileDescriptor, _ resolve: ResolveFlags
  ) throws(Errno) -> FileDescriptor {
    if path.isEmpty { throw .noSuchFileOrDirectory }
    if !resolve.contains(.inRoot), !path.isAbsolute { throw .noFunction }
    let start: FilePath = resolve.contains(.inRoot) ? "." : "/"
    var walk = Walk(root: try open(start, [.path, .directory], from: directory), flags, resolve)
    do throws(Errno) {
      if resolve.contains(.sameMount) { walk.mount = try mountNumber(of: walk.held[0]) }
      let found = try walk.follow(path)
      walk.letGo(keeping: found)
      return found
    } catch {
      walk.letGo(keeping: nil)
      throw error
    }
  }

  /// The number of the mount in which an open file lies: statx(2), STATX_MNT_ID.
  public static func mountNumber(of file: FileDescriptor) throws(Errno) -> UInt64 {
    var number: UInt64 = 0
    try answer(unsafe ck_mount_number(file.rawValue, &number))
    return number
  }

  /// Reads where a symbolic link points to that is held itself: readlinkat(2).
  static func readLink(_ link: FileDescriptor) throws(Errno) -> [UInt8] {
    var result = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
      result = unsafe ck_readlink_at(link.rawValue, "", buffer.baseAddress, 4096)
      count = max(result, 0)
    }
    try answer(result)
    return bytes
  }
}

/// A way that is being walked.
private struct Walk {
  /// The directories from the root to where the walk is.
  var held: [FileDescriptor]
  /// The mount that mustn't be left; nil if any may be.
  var mount: UInt64?
  private let flags: OpenFlags
  private let resolve: ResolveFlags
  /// What is still to be walked, the next component last.
  private var rest: [[UInt8]] = []
  private var links = 0

  /// As many links as the kernel follows.
  private static let mostLinks = 40
  private static let dot: UInt8 = 0x2e
  private static let slash: UInt8 = 0x2f

  init(root: FileDescriptor, _ flags: OpenFlags, _ resolve: ResolveFlags) {
    (held, self.flags, self.resolve) = ([root], flags, resolve)
  }

  mutating func follow(_ path: FilePath) throws(Errno) -> FileDescriptor {
    var mustBeDirectory = prepend(bytes(of: path)) || flags.contains(.directory)
    while let name = rest.popLast() {
      if name == [Self.dot] { continue }
      if name == [Self.dot, Self.dot] {
        if held.count > 1 { try? Syscall.close(held.removeLast()) }
        try checkMount(held[held.count - 1])
        continue
      }
      let text = Kernel.path(of: name)
      let file = try Syscall.open(text, [.path, .noFollow], from: held[held.count - 1])
      var isHeld = false
      defer { if !isHeld { try? Syscall.close(file) } }
      try checkMount(file)
      let status = try Syscall.status(of: file)
      if status.isLink, !(rest.isEmpty && flags.contains(.noFollow) && !mustBeDirectory) {
        if resolve.contains(.noSymlinks) || links == Self.mostLinks { throw .tooManySymbolicLinkLevels }
        links += 1
        try refuseJump(file)
        let target = try Syscall.readLink(file)
        if target.isEmpty { throw .noSuchFileOrDirectory }
        if target[0] == Self.slash { returnToRoot() }
        let isLast = rest.isEmpty
        if prepend(target), isLast { mustBeDirectory = true }
        continue
      }
      if !status.isDirectory {
        if !rest.isEmpty || mustBeDirectory { throw .notDirectory }
        return try finish(text, file, &isHeld)
      }
      held.append(file)
      isHeld = true
    }
    // A directory: it is the last that is held.
    if flags.contains(.path) { return held[held.count - 1] }
    return try Syscall.open(".", flags.union(.noFollow), from: held[held.count - 1])
  }

  private func finish(_ name: FilePath, _ file: FileDescriptor, _ isHeld: inout Bool) throws(Errno) -> FileDescriptor {
    if flags.contains(.path) {
      isHeld = true
      return file
    }
    return try Syscall.open(name, flags.union(.noFollow), from: held[held.count - 1])
  }

  /// Puts a path before what is still to be walked.
  ///
  /// - Returns: whether it must lead to a directory, since it ends with a slash.
  private mutating func prepend(_ path: [UInt8]) -> Bool {
    for component in path.split(separator: Self.slash).reversed() { rest.append(Array(component)) }
    let tail = path.split(separator: Self.slash).last
    return path.last == Self.slash || tail == [Self.dot] || tail == [Self.dot, Self.dot]
  }

  private mutating func returnToRoot() {
    while held.count > 1 { try? Syscall.close(held.removeLast()) }
  }

  private func checkMount(_ file: FileDescriptor) throws(Errno) {
    if let mount, try Syscall.mountNumber(of: file) != mount { throw .improperLink }
  }

  /// Refuses the links of /proc that lead to what a process has open. Those in its topmost directory are plain ones.
  private func refuseJump(_ link: FileDescriptor) throws(Errno) {
    guard try Syscall.filesystem(of: link).type == .proc else { return }
    let isTopmost = try Syscall.status(of: held[held.count - 1]).inode == 1
    if !isTopmost { throw .tooManySymbolicLinkLevels }
  }

  /// Closes all but one.
  mutating func letGo(keeping found: FileDescriptor?) {
    for file in held where file != found { try? Syscall.close(file) }
  }
}
