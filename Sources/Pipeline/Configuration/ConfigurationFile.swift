internal import Kernel
public import SystemPackage

/// A configuration's text, once it is certain that nobody else wrote it.
public struct ConfigurationFile: Sendable {
  /// The name for messages.
  public let name: String
  /// The same as a path, if it lies somewhere.
  private let path: FilePath
  /// Where relative paths in it begin.
  public var directory: FilePath {
    path.bytes.lastIndex(of: UInt8(ascii: "/")).map { FilePath(bytes: Array(path.bytes[...$0])) } ?? "."
  }
  /// The text.
  public let bytes: [UInt8]
  /// Whether it is the text inside the program, which lies nowhere.
  public let isBuiltIn: Bool
  /// The same for two names of one file; nil for text that isn't a file's.
  let identity: Identity?

  struct Identity: Equatable {
    let device: UInt64
    let inode: UInt64
  }

  /// The largest file that is read, in bytes.
  public static let largest = 1 << 20

  /// Text that isn't a file's: the one inside the binary, or a test's.
  public init(name: String, bytes: [UInt8], isBuiltIn: Bool = false) {
    (self.name, self.bytes, self.isBuiltIn, identity, path) = (name, bytes, isBuiltIn, nil, FilePath(name))
  }

  /// A file of a test's, which has a number as others have.
  init(name: String, bytes: [UInt8], inode: UInt64) {
    (self.name, self.bytes, isBuiltIn, path) = (name, bytes, false, FilePath(name))
    identity = Identity(device: 0, inode: inode)
  }

  /// Opens, checks and reads a file. The checks are made on the open file, so that it can't be exchanged in between.
  ///
  /// - Throws: why not: it can't be opened, isn't a regular file, is too large, or another user could have written it.
  public init(_ path: FilePath, host: Host) throws(Failure) {
    (name, isBuiltIn, self.path) = (path.text, false, path)
    func call<Value>(_ body: () throws(Errno) -> Value) throws(Failure) -> Value {
      do { return try body() } catch { throw Self.failure(path, error, host) }
    }
    let file = try call { () throws(Errno) in try Syscall.open(path, [.read, .nonBlocking]) }
    defer { try? Syscall.close(file) }
    let status = try call { () throws(Errno) in try Syscall.status(of: file) }
    identity = Identity(device: status.device, inode: status.inode)
    if let advice = Self.refusal(of: status, host) { throw Self.refused(path, advice) }
    bytes = try call { () throws(Errno) in try Syscall.read(file, limit: Self.largest + 1, isRegular: true) }
    if bytes.count > Self.largest { throw Self.refused(path, ConfigurationAdvice.tooLarge) }
  }

  private static func refused(_ path: FilePath, _ advice: Advice) -> Failure {
    var failure = Failure("the configuration can't be used", advice.filled(["file": path.text]))
    failure.location = Location(file: path.text)
    return failure
  }

  private static func failure(_ path: FilePath, _ errno: Errno, _ host: Host) -> Failure {
    let known = [ConfigurationAdvice.missing, ConfigurationAdvice.unreadable].first { $0.errno == errno }
    var failure = Failure("openat(AT_FDCWD, \(quoted(path)), O_RDONLY|O_NONBLOCK|O_CLOEXEC)")
    failure.errno = errno
    failure.location = Location(file: path.text)
    if let known = known?.filled(["file": path.text]) { (failure.why, failure.fix) = (known.why, known.fix) }
    return failure
  }

  /// Why a file can't be trusted; nil when it can.
  private static func refusal(of status: FileStatus, _ host: Host) -> Advice? {
    let mode = String(status.permissions, radix: 8)
    if !status.isRegular { return ConfigurationAdvice.notRegular }
    if status.userID != host.userID, status.userID != 0 {
      return ConfigurationAdvice.foreign.filled(["owner": String(status.userID), "user": String(host.userID)])
    }
    if status.mode & 0o002 != 0 || (status.mode & 0o020 != 0 && !isPrivate(group: status.groupID, host)) {
      return ConfigurationAdvice.writable.filled(["mode": mode])
    }
    return nil
  }

  /// Whether a group is the caller's alone, as many systems give one to every user: its own primary group, in which
  /// nobody else is, by /etc/group and /etc/passwd.
  private static func isPrivate(group: UInt32, _ host: Host) -> Bool {
    guard group == host.groupID, let name = host.accountName, let groups = try? host.contents(of: "/etc/group"),
      let users = try? host.contents(of: "/etc/passwd")
    else { return false }
    let colon = UInt8(ascii: ":")
    /// The lines that have that group; nil if one can't be read as it is meant.
    func lines(_ text: [UInt8], number field: Int) -> [[ArraySlice<UInt8>]]? {
      var found: [[ArraySlice<UInt8>]] = []
      for line in text.split(separator: 0x0a) where line.first != UInt8(ascii: "#") {
        let fields = line.split(separator: colon, omittingEmptySubsequences: false)
        guard fields.count >= 4, let number = Host.id(fields[field]) else { return nil }
        if number == group { found.append(fields) }
      }
      return found
    }
    guard let own = lines(groups, number: 2), let primary = lines(users, number: 3) else { return false }
    let members = own.flatMap { $0[3].split(separator: UInt8(ascii: ",")) } + primary.map { $0[0] }
    return members.allSatisfy { $0.elementsEqual(name) }
  }
}
