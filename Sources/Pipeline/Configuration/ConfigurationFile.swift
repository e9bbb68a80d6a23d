internal import Kernel
public import SystemPackage

/// A configuration's text, once it is certain that nobody else wrote it.
public struct ConfigurationFile: Sendable {
  /// The name for messages: short where the file lies in the directory in which littlectr was started.
  public let name: String
  /// Where it lies; its name for text that isn't a file's.
  public let path: FilePath
  /// Where relative paths in it begin.
  public var directory: FilePath {
    path.bytes.lastIndex(of: UInt8(ascii: "/")).map { FilePath(bytes: Array(path.bytes[...$0])) } ?? "."
  }
  /// The text.
  public let bytes: [UInt8]
  /// Why it is this one that is used.
  public var origin = Origin.named
  /// Whether it is the text inside the program, which lies nowhere.
  public var isBuiltIn: Bool { origin == .builtIn }
  /// What is on the way to it; nil for text that isn't a file's.
  public let way: Way?
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
    (self.name, self.bytes, path, way, identity) = (name, bytes, FilePath(name), nil, nil)
    if isBuiltIn { origin = .builtIn }
  }

  /// A file of a test's, which has a number as others have.
  init(name: String, bytes: [UInt8], inode: UInt64) {
    (self.name, self.bytes, path, way) = (name, bytes, FilePath(name), nil)
    identity = Identity(device: 0, inode: inode)
  }

  /// Looks at the way to a file, opens it, checks and reads it.
  ///
  /// - Parameter isFound: whether nobody named it by this path, so that a shorter one may be shown.
  /// - Throws: why not: it can't be opened, isn't a regular file, is too large, or another user could have written or
  ///   exchanged it.
  public init(_ path: FilePath, isFound: Bool = false, host: Host) throws(Failure) {
    let name = Self.shown(path, isFound ? host.workingDirectory : nil)
    (self.name, self.path) = (name, path)
    func call<Value>(_ body: () throws(Errno) -> Value) throws(Failure) -> Value {
      do { return try body() } catch { throw Self.failure(path, name, error, host) }
    }
    // Where nobody else could change the way, the file is still the same when it is opened.
    let way = try call { () throws(Errno) in try Way(to: path, host) }
    let file = try call { () throws(Errno) in try Syscall.open(path, [.read, .nonBlocking]) }
    defer { try? Syscall.close(file) }
    let status = try call { () throws(Errno) in try Syscall.status(of: file) }
    (identity, self.way) = (Identity(device: status.device, inode: status.inode), way)
    if !status.isRegular { throw Self.refused(name, ConfigurationAdvice.notRegular.filled(["file": name])) }
    if let doubt = way.doubt(host) {
      throw Self.refused(
        name,
        doubt.advice(
          way, name, "make littlectr do anything in your name", copy: "my.conf",
          use: "littlectr run --conf ./my.conf …",
          host))
    }
    if way.found.map({ $0.inode != 0 && ($0.device, $0.inode) != (status.device, status.inode) }) ?? true {
      throw Self.refused(name, ConfigurationAdvice.exchanged.filled(["file": name]))
    }
    bytes = try call { () throws(Errno) in try Syscall.read(file, limit: Self.largest + 1, isRegular: true) }
    if bytes.count > Self.largest { throw Self.refused(name, ConfigurationAdvice.tooLarge.filled(["file": name])) }
  }

  private static func refused(_ name: String, _ advice: Advice) -> Failure {
    var failure = Failure("the configuration can't be used", advice)
    failure.location = Location(file: name)
    return failure
  }

  private static func failure(_ path: FilePath, _ name: String, _ errno: Errno, _ host: Host) -> Failure {
    let known = [ConfigurationAdvice.missing, ConfigurationAdvice.unreadable].first { $0.errno == errno }
    var failure = Failure("openat(AT_FDCWD, \(quoted(path)), O_RDONLY|O_NONBLOCK|O_CLOEXEC)")
    failure.errno = errno
    failure.location = Location(file: name)
    if let known = known?.filled(["file": name]) { (failure.why, failure.fix) = (known.why, known.fix) }
    return failure
  }

  /// A path as it is shown: without the way to the directory in which littlectr was started.
  private static func shown(_ path: FilePath, _ directory: FilePath?) -> String {
    let text = path.bytes
    if text.starts(with: [0x2e, 0x2f]) { return FilePath(bytes: Array(text.dropFirst(2))).text }
    guard let beginning = directory.map({ $0.bytes + [0x2f] }), text.starts(with: beginning) else { return path.text }
    return FilePath(bytes: Array(text.dropFirst(beginning.count))).text
  }
}
