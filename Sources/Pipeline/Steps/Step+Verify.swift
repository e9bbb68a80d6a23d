public import Kernel
public import SystemPackage

extension Step {
  /// Looks what is found at a path below a mount that is held, once something was attached there, and fails with
  /// `.canceled` when that isn't what was asked for: openat2(2), fstatfs(2). Nothing at all is as good as hidden.
  ///
  /// - Parameters:
  ///   - type: the kind of file system that it must be; nil for any.
  ///   - attributes: what its mount must forbid.
  public static func verify(
    _ path: FilePath, below mount: Handle, is type: FilesystemType?, _ attributes: MountAttributes
  ) -> Step {
    Step(
      """
      openat2(\(mount), \(quoted(path)), {flags=O_RDONLY|O_CLOEXEC|O_PATH, \
      resolve=RESOLVE_NO_MAGICLINKS|RESOLVE_NO_SYMLINKS|RESOLVE_IN_ROOT}, 24) = <seen>
      fstatfs(<seen>, <filesystem>)
      close(<seen>)
      """
    ) { () throws(Errno) in
      let seen = try Syscall.open(path, .path, below: mount.descriptor, [.inRoot, .noMagicLinks, .noSymlinks])
      defer { try? Syscall.close(seen) }
      try check(seen, type, attributes)
    }.headline("fstatfs(<\(path)>, …)")
  }

  /// Looks what a mount is that is held, and fails with `.canceled` when that isn't what was asked for: fstatfs(2).
  public static func verify(_ mount: Handle, is type: FilesystemType?, _ attributes: MountAttributes) -> Step {
    Step("fstatfs(\(mount), <filesystem>)") { () throws(Errno) in try check(mount.descriptor, type, attributes) }
  }

  private static func check(
    _ file: FileDescriptor, _ type: FilesystemType?, _ attributes: MountAttributes
  ) throws(Errno) {
    let found = try Syscall.filesystem(of: file)
    if let type, found.type != type { throw .canceled }
    if !found.attributes.isSuperset(of: attributes) { throw .canceled }
  }
}
