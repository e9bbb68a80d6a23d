internal import CKernel
internal import Glibc
public import SystemPackage

/// What a mount forbids: the attributes of mount_setattr(2) and fsmount(2).
public struct MountAttributes: OptionSet, Sendable, CustomStringConvertible {
  /// The bits of `struct mount_attr`.
  public let rawValue: UInt64
  /// Makes a set from the kernel's bits.
  public init(rawValue: UInt64) { self.rawValue = rawValue }
  /// Nothing can be written: MOUNT_ATTR_RDONLY.
  public static let readOnly = MountAttributes(rawValue: 0x1)
  /// Set-user-ID bits and file capabilities have no effect: MOUNT_ATTR_NOSUID.
  public static let noSetUserID = MountAttributes(rawValue: 0x2)
  /// Device nodes can't be opened: MOUNT_ATTR_NODEV.
  public static let noDevices = MountAttributes(rawValue: 0x4)
  /// Nothing can be executed: MOUNT_ATTR_NOEXEC.
  public static let noExecute = MountAttributes(rawValue: 0x8)

  /// The names, as strace prints them.
  public var description: String {
    let names: [(MountAttributes, String)] = [
      (.readOnly, "MOUNT_ATTR_RDONLY"), (.noSetUserID, "MOUNT_ATTR_NOSUID"),
      (.noDevices, "MOUNT_ATTR_NODEV"), (.noExecute, "MOUNT_ATTR_NOEXEC"),
    ]
    let set = names.filter { contains($0.0) }.map(\.1)
    return set.isEmpty ? "0" : set.joined(separator: "|")
  }
}

/// Whether mounts made here appear elsewhere and the other way round: mount_namespaces(7).
public enum MountPropagation: UInt64, Sendable {
  /// In neither direction: MS_PRIVATE.
  case `private` = 0x40000
  /// Only from the other side to here: MS_SLAVE.
  case slave = 0x80000
  /// In both directions: MS_SHARED.
  case shared = 0x100000
  /// In neither direction, and left out where what it lies in is copied: MS_UNBINDABLE.
  case unbindable = 0x20000

  /// The name, as strace prints it.
  public var description: String {
    switch self {
    case .private: "MS_PRIVATE"
    case .slave: "MS_SLAVE"
    case .shared: "MS_SHARED"
    case .unbindable: "MS_UNBINDABLE"
    }
  }
}

extension Syscall {
  /// The descriptor itself is meant, not a path from it: AT_EMPTY_PATH.
  static var emptyPath: UInt32 { 0x1000 }
  /// The mounts below as well: AT_RECURSIVE.
  static var recursive: UInt32 { 0x8000 }

  /// Sets the propagation of a mount, and of all below it if `recursively`: mount(2).
  public static func setPropagation(
    _ propagation: MountPropagation, of path: FilePath, recursively: Bool
  ) throws(Errno) {
    let flags = UInt(propagation.rawValue) | (recursively ? 0x4000 : 0)
    try unsafe answer(for: path) { unsafe ck_mount(nil, $0, nil, flags, nil) }
  }

  /// Copies a mount, with all mounts below it if `recursively`, to one that is attached nowhere: open_tree(2).
  public static func cloneTree(
    _ path: FilePath, recursively: Bool, from directory: FileDescriptor = .currentDirectory
  ) throws(Errno) -> FileDescriptor {
    let flags = 1 | UInt32(O_CLOEXEC) | (recursively ? recursive : 0)
    return try unsafe descriptor(answer(for: path) { unsafe ck_open_tree(directory.rawValue, $0, flags) })
  }

  /// As above, for a directory that is already open.
  public static func cloneTree(_ directory: FileDescriptor) throws(Errno) -> FileDescriptor {
    try descriptor(unsafe ck_open_tree(directory.rawValue, "", 1 | UInt32(O_CLOEXEC) | recursive | emptyPath))
  }

  /// Adds attributes to a mount, and to all below it if `recursively`, and sets their propagation unless nil:
  /// mount_setattr(2).
  public static func setAttributes(
    _ attributes: MountAttributes, propagation: MountPropagation?, of mount: FileDescriptor, recursively: Bool
  ) throws(Errno) {
    let flags = emptyPath | (recursively ? recursive : 0)
    try answer(
      unsafe ck_mount_setattr(mount.rawValue, "", flags, attributes.rawValue, 0, propagation?.rawValue ?? 0))
  }

  /// Takes attributes of a mount away: mount_setattr(2).
  public static func clearAttributes(_ attributes: MountAttributes, of mount: FileDescriptor) throws(Errno) {
    try answer(unsafe ck_mount_setattr(mount.rawValue, "", emptyPath, 0, attributes.rawValue, 0))
  }

  /// Attaches a mount over a directory: move_mount(2).
  public static func attach(_ mount: FileDescriptor, over directory: FileDescriptor) throws(Errno) {
    try answer(unsafe ck_move_mount(mount.rawValue, "", directory.rawValue, "", 0x4 | 0x40))
  }

  /// Attaches a mount over a path: move_mount(2).
  public static func attach(
    _ mount: FileDescriptor, over path: FilePath, from directory: FileDescriptor = .currentDirectory
  ) throws(Errno) {
    try unsafe answer(for: path) { unsafe ck_move_mount(mount.rawValue, "", directory.rawValue, $0, 0x4) }
  }

  /// Makes the directory `newRoot` the root, and puts the old one over `putOld`: pivot_root(2).
  public static func pivotRoot(_ newRoot: FilePath, _ putOld: FilePath) throws(Errno) {
    try unsafe answer(for: newRoot) { new in unsafe putOld.withPlatformString { old in unsafe ck_pivot_root(new, old) }
    }
  }

  /// Changes the root directory; the old one stays mounted: chroot(2).
  public static func chroot(_ path: FilePath) throws(Errno) {
    try unsafe answer(for: path) { unsafe ck_chroot($0) }
  }

  /// Changes the working directory: chdir(2).
  public static func changeDirectory(_ path: FilePath) throws(Errno) {
    try unsafe answer(for: path) { unsafe ck_chdir($0) }
  }

  /// Changes the working directory to an open one: fchdir(2).
  public static func changeDirectory(_ directory: FileDescriptor) throws(Errno) {
    try answer(ck_fchdir(directory.rawValue))
  }

  /// Detaches a mount at once, with all below it; what is in use lives on unseen: umount2(2) with MNT_DETACH.
  public static func detach(_ path: FilePath) throws(Errno) {
    try unsafe answer(for: path) { unsafe ck_umount2($0, 2) }
  }

  /// Opens a file system that is to be configured: fsopen(2).
  public static func openFilesystem(_ type: String) throws(Errno) -> FileDescriptor {
    try descriptor(unsafe ck_fsopen(type, 1))
  }

  /// Sets a parameter of a file system, as mount's -o does: fsconfig(2) with FSCONFIG_SET_STRING.
  public static func configure(_ context: FileDescriptor, _ key: String, _ value: String) throws(Errno) {
    try answer(unsafe ck_fsconfig(context.rawValue, 1, key, value))
  }

  /// Sets a parameter of a file system that has no value: fsconfig(2) with FSCONFIG_SET_FLAG.
  public static func configure(_ context: FileDescriptor, flag: String) throws(Errno) {
    try answer(unsafe ck_fsconfig(context.rawValue, 0, flag, nil))
  }

  /// Makes the configured file system: fsconfig(2) with FSCONFIG_CMD_CREATE.
  public static func create(_ context: FileDescriptor) throws(Errno) {
    try answer(ck_fsconfig(context.rawValue, 6, nil, nil))
  }

  /// Makes a mount, attached nowhere, of a file system: fsmount(2).
  public static func mount(_ context: FileDescriptor, _ attributes: MountAttributes) throws(Errno) -> FileDescriptor {
    try descriptor(ck_fsmount(context.rawValue, 1, UInt32(attributes.rawValue)))
  }
}
