public import Kernel
public import SystemPackage

extension Step {
  /// Sets the propagation of a mount, and of all below it if `recursively`: mount(2).
  public static func setPropagation(_ propagation: MountPropagation, of path: FilePath, recursively: Bool) -> Step {
    Step("mount(NULL, \(quoted(path)), NULL, \(recursively ? "MS_REC|" : "")\(propagation.description), NULL)") {
      () throws(Errno) in
      try Syscall.setPropagation(propagation, of: path, recursively: recursively)
    }
  }

  /// Copies a mount, and unless told not to all below it, to one that is attached nowhere, and holds it: open_tree(2).
  public static func cloneTree(_ path: FilePath, into mount: Handle, recursively: Bool = true) -> Step {
    Step(
      """
      open_tree(AT_FDCWD, \(quoted(path)), \
      \(recursively ? "AT_RECURSIVE|" : "")OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC) = \(mount)
      """
    ) { () throws(Errno) in
      mount.fill(try Syscall.cloneTree(path, recursively: recursively))
    }
  }

  /// Copies a file or directory below one that is held, and if `recursively` the mounts below it, to a mount that is
  /// attached nowhere: open_tree(2).
  public static func cloneTree(
    _ path: FilePath, below directory: Handle, into mount: Handle, recursively: Bool = false
  ) -> Step {
    Step(
      """
      open_tree(\(directory), \(quoted(path)), \
      \(recursively ? "AT_RECURSIVE|" : "")OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC) = \(mount)
      """
    ) { () throws(Errno) in
      mount.fill(try Syscall.cloneTree(path, recursively: recursively, from: directory.descriptor))
    }
  }

  /// Copies a directory that is held, and all mounts below it, to a mount that is attached nowhere: open_tree(2).
  public static func cloneTree(_ directory: Handle, into mount: Handle) -> Step {
    Step("open_tree(\(directory), \"\", AT_EMPTY_PATH|AT_RECURSIVE|OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC) = \(mount)") {
      () throws(Errno) in
      mount.fill(try Syscall.cloneTree(directory.descriptor))
    }
  }

  /// Adds attributes to a mount, and unless told not to all below it, and sets their propagation unless nil:
  /// mount_setattr(2).
  public static func setAttributes(
    _ attributes: MountAttributes, propagation: MountPropagation? = nil, of mount: Handle, recursively: Bool = true
  ) -> Step {
    Step(
      """
      mount_setattr(\(mount), "", AT_EMPTY_PATH\(recursively ? "|AT_RECURSIVE" : ""), {attr_set=\(attributes), attr_clr=0, \
      propagation=\(propagation?.description ?? "0"), userns_fd=0}, 32)
      """
    ) { () throws(Errno) in
      try Syscall.setAttributes(
        attributes, propagation: propagation, of: mount.descriptor, recursively: recursively)
    }
  }

  /// Takes attributes of a mount away: mount_setattr(2).
  public static func clearAttributes(_ attributes: MountAttributes, of mount: Handle) -> Step {
    Step(
      """
      mount_setattr(\(mount), "", AT_EMPTY_PATH, {attr_set=0, attr_clr=\(attributes), propagation=0, userns_fd=0}, 32)
      """
    ) { () throws(Errno) in try Syscall.clearAttributes(attributes, of: mount.descriptor) }
  }

  /// Attaches a mount over a directory that is held: move_mount(2).
  public static func attach(_ mount: Handle, over directory: Handle) -> Step {
    Step("move_mount(\(mount), \"\", \(directory), \"\", MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_T_EMPTY_PATH)") {
      () throws(Errno) in
      try Syscall.attach(mount.descriptor, over: directory.descriptor)
    }.decided(by: .place)
  }

  /// Attaches a mount over a path: move_mount(2).
  public static func attach(_ mount: Handle, over path: FilePath) -> Step {
    Step("move_mount(\(mount), \"\", AT_FDCWD, \(quoted(path)), MOVE_MOUNT_F_EMPTY_PATH)") { () throws(Errno) in
      try Syscall.attach(mount.descriptor, over: path)
    }
  }

  /// Attaches a mount over a file or directory below one that is held, where nobody else can have put a link:
  /// move_mount(2).
  public static func attach(_ mount: Handle, over path: FilePath, below directory: Handle) -> Step {
    Step("move_mount(\(mount), \"\", \(directory), \(quoted(path)), MOVE_MOUNT_F_EMPTY_PATH)") { () throws(Errno) in
      try Syscall.attach(mount.descriptor, over: path, from: directory.descriptor)
    }
  }

  /// Makes the working directory the root, with the old root stacked on it: pivot_root(2).
  public static func pivotRoot() -> Step {
    Step("pivot_root(\".\", \".\")") { () throws(Errno) in try Syscall.pivotRoot(".", ".") }
  }

  /// Makes a directory the root; the old one stays mounted: chroot(2).
  public static func changeRoot(_ path: FilePath) -> Step {
    Step("chroot(\(quoted(path)))") { () throws(Errno) in try Syscall.chroot(path) }
  }

  /// Detaches a mount and all below it: umount2(2).
  public static func detach(_ path: FilePath) -> Step {
    Step("umount2(\(quoted(path)), MNT_DETACH)") { () throws(Errno) in try Syscall.detach(path) }
  }

  /// Opens a file system of a type: fsopen(2).
  public static func openFilesystem(_ type: String, into context: Handle) -> Step {
    Step("fsopen(\(quoted(type)), FSOPEN_CLOEXEC) = \(context)") { () throws(Errno) in
      context.fill(try Syscall.openFilesystem(type))
    }
  }

  /// Sets a parameter of a file system: fsconfig(2).
  public static func configure(_ context: Handle, _ key: String, _ value: String) -> Step {
    Step("fsconfig(\(context), FSCONFIG_SET_STRING, \(quoted(key)), \(quoted(value)), 0)") { () throws(Errno) in
      try Syscall.configure(context.descriptor, key, value)
    }
  }

  /// Sets a parameter of a file system that has no value: fsconfig(2).
  public static func configure(_ context: Handle, _ flag: String) -> Step {
    Step("fsconfig(\(context), FSCONFIG_SET_FLAG, \(quoted(flag)), NULL, 0)") { () throws(Errno) in
      try Syscall.configure(context.descriptor, flag: flag)
    }
  }

  /// Sets a parameter of a file system to a path below a directory that is held: fsconfig(2).
  ///
  /// The path goes through the host's /proc, since descriptors are taken only by newer kernels.
  public static func configure(_ context: Handle, _ key: String, below directory: Handle, _ path: FilePath) -> Step {
    let rest = path.isEmpty ? "" : "/" + path.text
    return Step("fsconfig(\(context), FSCONFIG_SET_STRING, \(quoted(key)), \"/proc/self/fd/\(directory)\(rest)\", 0)") {
      () throws(Errno) in
      let place = "/proc/self/fd/\(directory.descriptor.rawValue)\(rest)"
      try Syscall.configure(context.descriptor, key, place)
    }
  }

  /// Makes the configured file system: fsconfig(2).
  public static func create(_ context: Handle) -> Step {
    Step("fsconfig(\(context), FSCONFIG_CMD_CREATE, NULL, NULL, 0)") { () throws(Errno) in
      try Syscall.create(context.descriptor)
    }
  }

  /// Makes a mount of a file system, attached nowhere: fsmount(2).
  public static func mount(_ context: Handle, _ attributes: MountAttributes, into mount: Handle) -> Step {
    Step("fsmount(\(context), FSMOUNT_CLOEXEC, \(attributes)) = \(mount)") { () throws(Errno) in
      mount.fill(try Syscall.mount(context.descriptor, attributes))
    }
  }
}
