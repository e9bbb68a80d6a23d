/// Which file it is, by whatever name: inode(7).
public struct FileIdentity: Sendable, Hashable {
  /// The file system that holds it.
  public let device: UInt64
  /// Its number there.
  public let inode: UInt64
  /// An identity.
  public init(device: UInt64, inode: UInt64) { (self.device, self.inode) = (device, inode) }
}
