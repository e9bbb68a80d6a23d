internal import Kernel

extension Host {
  /// What a path leads to.
  public struct Found: Sendable {
    /// The type and the permission bits, as st_mode of inode(7).
    public var mode: UInt32
    /// The owner's user id.
    public var userID: UInt32
    /// The group's id.
    public var groupID: UInt32
    /// The file's number in its file system.
    public var inode: UInt64
    /// The file system that holds the file.
    public var device: UInt64
    /// How many names it has.
    public var links: UInt64 = 1
    /// Whether it is a directory.
    public var isDirectory: Bool { mode & 0o170000 == 0o040000 }
    /// Whether it is a symbolic link.
    public var isLink: Bool { mode & 0o170000 == 0o120000 }
    /// Whether it is a regular file.
    public var isRegular: Bool { mode & 0o170000 == 0o100000 }

    /// A file of a host that exists only in a test.
    public init(mode: UInt32, userID: UInt32 = 0, groupID: UInt32 = 0, inode: UInt64 = 0, device: UInt64 = 0) {
      (self.mode, self.userID, self.groupID) = (mode, userID, groupID)
      (self.inode, self.device) = (inode, device)
    }

    init(_ status: FileStatus) {
      self.init(
        mode: status.mode, userID: status.userID, groupID: status.groupID, inode: status.inode, device: status.device)
      links = status.links
    }

    /// Which file it is, by whatever name; nil for one that exists only in a test.
    public var identity: FileIdentity? { inode == 0 ? nil : FileIdentity(device: device, inode: inode) }

    /// Whether both are one file.
    public func isSame(as other: Found) -> Bool { inode != 0 && (device, inode) == (other.device, other.inode) }
  }

  /// What a path is, and where it points to if it is a symbolic link.
  public struct Here: Sendable {
    /// What it is, itself.
    public let found: Found
    /// The link's text; empty for what isn't one.
    public let target: [UInt8]

    /// A file of a host that exists only in a test.
    public init(_ found: Found, target: [UInt8] = []) { (self.found, self.target) = (found, target) }
  }
}
