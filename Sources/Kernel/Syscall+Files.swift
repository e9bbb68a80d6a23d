internal import CKernel
internal import Glibc
public import SystemPackage

/// What a file is, who owns it, and who may use it: inode(7).
public struct FileStatus: Sendable, Equatable {
  /// The type and the permission bits, as st_mode.
  public var mode: UInt32
  /// The owner's user id.
  public var userID: UInt32
  /// The owning group's id.
  public var groupID: UInt32
  /// The length in bytes.
  public var size: UInt64
  /// The file system that holds the file.
  public var device: UInt64
  /// The file's number in its file system.
  public var inode: UInt64
  /// Which device it is, for a device node.
  public var special: UInt64
  /// How many names it has.
  public var links: UInt64

  /// Makes a status by hand, for a host that exists only in a test.
  public init(mode: UInt32, userID: UInt32 = 0, groupID: UInt32 = 0, size: UInt64 = 0) {
    (self.mode, self.userID, self.groupID, self.size) = (mode, userID, groupID, size)
    (device, inode, special, links) = (0, 0, 0, 1)
  }

  init(_ status: ck_status) {
    (mode, userID, groupID) = (status.mode, status.uid, status.gid)
    (size, device, inode, special, links) = (status.size, status.device, status.inode, status.special, status.links)
  }

  /// Whether it is a directory.
  public var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
  /// Whether it is a symbolic link.
  public var isLink: Bool { mode & S_IFMT == S_IFLNK }
  /// Whether it is a regular file.
  public var isRegular: Bool { mode & S_IFMT == S_IFREG }
  /// The nine permission bits and the three above them.
  public var permissions: UInt32 { mode & 0o7777 }
}

/// How a path is opened: the flags of open(2).
public struct OpenFlags: OptionSet, Sendable {
  /// The bits, as the kernel of this architecture has them.
  public let rawValue: CInt
  /// Makes a set from the kernel's bits.
  public init(rawValue: CInt) { self.rawValue = rawValue }
  /// For reading: O_RDONLY.
  public static let read = OpenFlags([])
  /// For writing: O_WRONLY.
  public static let write = OpenFlags(rawValue: O_WRONLY)
  /// For reading and writing: O_RDWR.
  public static let readWrite = OpenFlags(rawValue: O_RDWR)
  /// A terminal that doesn't become the caller's own: O_NOCTTY.
  public static let notControlling = OpenFlags(rawValue: O_NOCTTY)
  /// Only to name the file, without access to its contents: O_PATH.
  public static let path = OpenFlags(rawValue: 0o10000000)
  /// Only a directory: O_DIRECTORY.
  public static let directory = OpenFlags(rawValue: O_DIRECTORY)
  /// A symbolic link itself, not what it leads to: O_NOFOLLOW.
  public static let noFollow = OpenFlags(rawValue: O_NOFOLLOW)
  /// Without waiting for the other end of a FIFO: O_NONBLOCK.
  public static let nonBlocking = OpenFlags(rawValue: O_NONBLOCK)
}

/// How far a path may lead: the `resolve` flags of openat2(2).
public struct ResolveFlags: OptionSet, Sendable {
  /// The bits of `struct open_how`.
  public let rawValue: UInt64
  /// Makes a set from the kernel's bits.
  public init(rawValue: UInt64) { self.rawValue = rawValue }
  /// No other mount than the one where it begins: RESOLVE_NO_XDEV.
  public static let sameMount = ResolveFlags(rawValue: 0x01)
  /// No link of /proc that jumps: RESOLVE_NO_MAGICLINKS.
  public static let noMagicLinks = ResolveFlags(rawValue: 0x02)
  /// No symbolic link at all: RESOLVE_NO_SYMLINKS.
  public static let noSymlinks = ResolveFlags(rawValue: 0x04)
  /// The directory is the root, also for `..` and absolute links: RESOLVE_IN_ROOT.
  public static let inRoot = ResolveFlags(rawValue: 0x10)
}

extension Syscall {
  /// Opens a file, close-on-exec: openat(2).
  public static func open(
    _ path: FilePath, _ flags: OpenFlags, from directory: FileDescriptor = .currentDirectory
  ) throws(Errno) -> FileDescriptor {
    try unsafe descriptor(answer(for: path) { unsafe ck_openat(directory.rawValue, $0, flags.rawValue | O_CLOEXEC, 0) })
  }

  /// Makes a file, which may not be there yet, and opens it for writing, close-on-exec: openat(2).
  public static func create(_ path: FilePath, mode: UInt32, from directory: FileDescriptor) throws(Errno)
    -> FileDescriptor
  {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
    return try unsafe descriptor(answer(for: path) { unsafe ck_openat(directory.rawValue, $0, flags, mode) })
  }

  /// Opens a file below a directory, which no link and no `..` can leave: openat2(2), or `walk` where there is none.
  public static func open(
    _ path: FilePath, _ flags: OpenFlags, below directory: FileDescriptor, _ resolve: ResolveFlags
  ) throws(Errno) -> FileDescriptor {
    let bits = UInt64(UInt32(bitPattern: flags.rawValue | O_CLOEXEC))
    do throws(Errno) {
      return try askKernel(path, bits, directory, resolve)
    } catch {
      // Old filters answer EPERM to a call that they don't know.
      guard error == .noFunction || error == .notPermitted else { throw error }
      return try walk(path, flags, below: directory, resolve)
    }
  }

  /// openat2(2) itself.
  static func askKernel(
    _ path: FilePath, _ flags: UInt64, _ directory: FileDescriptor, _ resolve: ResolveFlags
  ) throws(Errno) -> FileDescriptor {
    try unsafe descriptor(answer(for: path) { unsafe ck_openat2(directory.rawValue, $0, flags, resolve.rawValue) })
  }

  /// Locks an open file for its holders alone, or `shared` with other holders, or throws `.resourceTemporarilyUnavailable`:
  /// flock(2).
  public static func lock(_ file: FileDescriptor, shared: Bool = false) throws(Errno) {
    try answer(ck_flock(file.rawValue, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB))
  }

  /// Tells whether a file can have attributes that users set: fsetxattr(2) and fremovexattr(2).
  public static func tryUserAttribute(of file: FileDescriptor) throws(Errno) {
    try answer(ck_try_attribute(file.rawValue))
  }

  /// Closes a descriptor: close(2).
  public static func close(_ file: FileDescriptor) throws(Errno) { try answer(ck_close(file.rawValue)) }

  /// Tells the flags of a descriptor, if it is open: fcntl(2) with F_GETFD.
  @discardableResult
  public static func descriptorFlags(_ file: FileDescriptor) throws(Errno) -> Int {
    try answer(ck_descriptor_flags(file.rawValue))
  }

  /// Closes every descriptor from the first on: close_range(2).
  public static func closeAll(from first: UInt32) throws(Errno) { try answer(ck_close_range(first, .max, 0)) }

  /// Has every descriptor from the first to the last closed by the next execve: close_range(2) with CLOSE_RANGE_CLOEXEC.
  public static func closeOnExecute(from first: UInt32, to last: UInt32) throws(Errno) {
    try answer(ck_close_range(first, last, 4))
  }

  /// Writes all bytes: write(2).
  public static func write(_ bytes: [UInt8], to file: FileDescriptor) throws(Errno) {
    var written = 0
    while written < bytes.count {
      let result = unsafe bytes.withUnsafeBytes { bytes in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[written...])
        return unsafe ck_write(file.rawValue, rest.baseAddress, UInt(rest.count))
      }
      if result != -Int(EINTR) { written += try answer(result) }
    }
  }

  /// Empties a file: ftruncate(2).
  public static func truncate(_ file: FileDescriptor) throws(Errno) { try answer(ck_truncate(file.rawValue)) }

  /// Reads up to the end of the file, or to `limit` bytes, whichever comes first: read(2).
  ///
  /// - Parameter isRegular: whether it is a regular file, of which a short read has reached the end.
  public static func read(_ file: FileDescriptor, limit: Int, isRegular: Bool = false) throws(Errno) -> [UInt8] {
    var contents: [UInt8] = []
    while contents.count < limit {
      var result = 0
      let wanted = min(limit - contents.count, max(contents.count, 4096))
      contents += unsafe [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
        result = unsafe ck_read(file.rawValue, buffer.baseAddress, UInt(buffer.count))
        count = max(result, 0)
      }
      if result == -Int(EINTR) { continue }
      if try answer(result) == 0 || isRegular && result < wanted { break }
    }
    return contents
  }

  /// Reads a regular file of a size that is known, in one piece: read(2). What is longer is cut off.
  public static func readWhole(_ file: FileDescriptor, size: Int) throws(Errno) -> [UInt8] {
    var result = 0
    let contents = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      repeat { result = unsafe ck_read(file.rawValue, buffer.baseAddress, UInt(size)) } while result == -Int(EINTR)
      count = max(result, 0)
    }
    try answer(result)
    return contents
  }

  /// Tells what an open file is: fstat(2).
  public static func status(of file: FileDescriptor) throws(Errno) -> FileStatus {
    var status = ck_status()
    try answer(unsafe ck_stat(file.rawValue, "", 0x1000, &status))
    return FileStatus(status)
  }

  /// Tells what a path leads to: stat(2).
  public static func status(of path: FilePath, from directory: FileDescriptor = .currentDirectory) throws(Errno)
    -> FileStatus
  {
    var status = ck_status()
    try unsafe answer(for: path) { unsafe ck_stat(directory.rawValue, $0, 0, &status) }
    return FileStatus(status)
  }

  /// Tells whether the caller, by its effective ids, may enter a directory or execute a file: faccessat2(2).
  public static func mayExecute(_ path: FilePath) throws(Errno) {
    try unsafe answer(for: path) { unsafe ck_access(currentDirectory, $0, X_OK, AT_EACCESS) }
  }

  /// Reads where a symbolic link points to: readlinkat(2).
  public static func readLink(
    _ path: FilePath, from directory: FileDescriptor = .currentDirectory
  ) throws(Errno) -> [UInt8] {
    var result = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
      result = unsafe path.withPlatformString {
        unsafe ck_readlink_at(directory.rawValue, $0, buffer.baseAddress, 4096)
      }
      count = max(result, 0)
    }
    try answer(result)
    return bytes
  }

  /// The names in an open directory, from where it was read last: getdents64(2).
  public static func names(in directory: FileDescriptor) throws(Errno) -> [[UInt8]] {
    var names: [[UInt8]] = []
    while true {
      var result = 0
      let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 32768) { buffer, count in
        result = unsafe ck_directory_entries(directory.rawValue, buffer.baseAddress, 32768)
        count = max(result, 0)
      }
      if try answer(result) == 0 { return names }
      var start = 0
      // Of each entry the length is at 16, and the name, which ends with a zero, at 19.
      while start + 19 < bytes.count {
        let length = Int(bytes[start + 16]) | Int(bytes[start + 17]) << 8
        let name = bytes[(start + 19)..<min(start + length, bytes.count)].prefix { $0 != 0 }
        names.append(Array(name))
        start += max(length, 1)
      }
    }
  }
}
