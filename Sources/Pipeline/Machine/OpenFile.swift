internal import Kernel
internal import SystemPackage

/// What somebody has opened for littlectr: a file, a device, a pipe.
public struct OpenFile: Sendable {
  /// What it is, and whose.
  public var found: Host.Found
  /// Whether it can be read.
  public var isReadable: Bool
  /// Whether it can be written.
  public var isWritable: Bool
  /// Whether it is a pipe that has no name in any directory: pipe(2).
  public var isPipe: Bool

  /// A file of a host that exists only in a test.
  public init(_ found: Host.Found, isReadable: Bool = true, isWritable: Bool = false, isPipe: Bool = false) {
    (self.found, self.isReadable, self.isWritable, self.isPipe) = (found, isReadable, isWritable, isPipe)
  }

  /// Looks at a descriptor: fstat(2), fcntl(2), fstatfs(2).
  init?(_ file: FileDescriptor) {
    guard let status = try? Syscall.status(of: file), let access = try? Syscall.access(of: file) else { return nil }
    found = Host.Found(mode: status.mode, userID: status.userID, groupID: status.groupID, inode: status.inode)
    (isReadable, isWritable, isPipe) = (access.reads, access.writes, false)
    if isFIFO { isPipe = (try? Syscall.filesystem(of: file).type) == .pipes }
  }

  private var isFIFO: Bool { found.mode & 0o170000 == 0o010000 }

  /// Whether it is a device.
  public var isDevice: Bool { [0o020000, 0o060000].contains(found.mode & 0o170000) }

  /// Whether it can be opened once more by a path of /proc, other than through a directory.
  public var isFile: Bool { isDevice || found.mode & 0o170000 == 0o100000 || isFIFO && !isPipe }
}
