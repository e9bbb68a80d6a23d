internal import Kernel
public import SystemPackage

/// The machine outside, as far as stages look at it while they plan. Reads only.
///
/// It is a value, so that a test can plan for a machine that isn't this one.
public struct Host: Sendable {
  /// The caller's effective user id.
  public let userID: UInt32
  /// The caller's effective group id.
  public let groupID: UInt32
  /// The kernel's release, `6.1.0-27-amd64` for instance: uname(2).
  public let release: String
  /// How filters of system calls are made and kept here.
  public var filters = FilterTools.current
  /// Reads a file that a configuration includes, once it is certain that nobody else could write it.
  public var included: @Sendable (FilePath, Host) throws(Failure) -> ConfigurationFile = { path, host throws(Failure) in
    try ConfigurationFile(path, host: host)
  }
  /// What keeps a program that gives privileges from giving them to the caller; nil for nothing.
  public var obstacle: @Sendable (FilePath) -> PrivilegeObstacle? = { _ in nil }
  /// The names in a directory, "." and ".." among them; none when it can't be read: getdents64(2).
  public var list: @Sendable (FilePath) -> [[UInt8]] = { _ in [] }
  /// Where the links of a directory lead that lead out of it.
  public var links: @Sendable (FilePath, Host) -> LinkTargets = { _, _ in LinkTargets(paths: []) }
  /// Whether a filter looks at littlectr's own system calls: an outer container's, which may answer for the kernel.
  public var isFiltered = false
  /// Whether standard input is a terminal.
  public let hasTerminal: Bool
  private let controllingTerminal: @Sendable () -> Bool
  private let read: @Sendable (FilePath) throws(Errno) -> [UInt8]
  private let readBelow: (@Sendable (FilePath, [FilePath]) throws(Errno) -> [UInt8])?
  private let openDescriptors: @Sendable (Int32) -> Bool
  private let terminals: @Sendable (Int32) -> Bool
  private let look: @Sendable (FilePath) -> Found?
  private let follow: @Sendable (FilePath) -> FilePath?
  private let executable: @Sendable (FilePath) -> Bool
  private let environment: @Sendable (String) -> [UInt8]?
  private let parent: @Sendable () -> Int32
  private let names: @Sendable () -> [String]
  private let capabilitySet: @Sendable () -> CapabilitySet
  private let newestCapability: @Sendable () -> Int
  private let landlock: @Sendable () -> Int
  private let streams: @Sendable (Int32) -> OpenFile?
  private let lookHere: @Sendable (FilePath) throws(Errno) -> Here
  private let directory: @Sendable () -> FilePath?
  private let program: @Sendable () -> FilePath?
  private let hasList: @Sendable (FilePath) -> Bool

  /// The largest file that is read while planning, in bytes. /etc/subuid of a large site is far below it.
  public static let largestFile = 16 << 20

  /// A machine given by its answers.
  public init(
    userID: UInt32, groupID: UInt32, read: @escaping @Sendable (FilePath) throws(Errno) -> [UInt8],
    readBelow: (@Sendable (_ path: FilePath, _ roots: [FilePath]) throws(Errno) -> [UInt8])? = nil,
    look: @escaping @Sendable (FilePath) -> Found?,
    follow: @escaping @Sendable (FilePath) -> FilePath? = { _ in nil },
    executable: @escaping @Sendable (FilePath) -> Bool = { _ in true },
    environment: @escaping @Sendable (String) -> [UInt8]? = { _ in nil }, hasTerminal: Bool = false,
    release: String = "6.18.0", openDescriptors: @escaping @Sendable (Int32) -> Bool = { $0 < 3 },
    terminals: (@Sendable (Int32) -> Bool)? = nil, parent: @escaping @Sendable () -> Int32 = { 1 },
    variableNames: @escaping @Sendable () -> [String] = { [] },
    controllingTerminal: @escaping @Sendable () -> Bool = { true },
    capabilities: @escaping @Sendable () -> CapabilitySet = { .all(to: 40) },
    lastCapability: @escaping @Sendable () -> Int = { 40 }, landlockVersion: @escaping @Sendable () -> Int = { 7 },
    openFile: @escaping @Sendable (Int32) -> OpenFile? = { _ in nil },
    lookHere: (@Sendable (FilePath) throws(Errno) -> Here)? = nil,
    workingDirectory: @escaping @Sendable () -> FilePath? = { nil },
    program: @escaping @Sendable () -> FilePath? = { nil },
    hasList: @escaping @Sendable (FilePath) -> Bool = { _ in false }
  ) {
    streams = openFile
    if let lookHere {
      self.lookHere = lookHere
    } else {
      self.lookHere = { path throws(Errno) in try Self.here(look(path), follow(path)) }
    }
    (directory, self.program, self.hasList) = (workingDirectory, program, hasList)
    (capabilitySet, newestCapability) = (capabilities, lastCapability)
    landlock = landlockVersion
    self.controllingTerminal = controllingTerminal
    self.parent = parent
    // Where nobody says otherwise, output and error are what input is.
    self.terminals = terminals ?? { _ in hasTerminal }
    self.release = release
    self.follow = follow
    names = variableNames
    (self.readBelow, self.openDescriptors) = (readBelow, openDescriptors)
    self.hasTerminal = hasTerminal
    (self.userID, self.groupID, self.executable) = (userID, groupID, executable)
    (self.read, self.look, self.environment) = (read, look, environment)
  }

  /// The process that has started littlectr; 0 if that is outside of its pid namespace.
  public var parentID: Int32 { parent() }

  /// Whether the caller is root, of the host or of the user namespace that littlectr runs in.
  public var isRoot: Bool { userID == 0 }

  /// A file's contents, up to `largestFile` bytes.
  public func contents(of path: FilePath) throws(Errno) -> [UInt8] { try read(path) }

  /// The contents of a regular file below a directory, which no link leads out of: openat2(2), RESOLVE_IN_ROOT. Without a
  /// path it is the file `root` itself.
  ///
  /// - Throws: `.fileTooLarge` beyond `largestFile` bytes, `.invalidArgument` for what isn't a regular file.
  public func contents(of path: FilePath, below root: FilePath) throws(Errno) -> [UInt8] {
    try contents(of: path, inLayers: [root])
  }

  /// The contents of a regular file in directories that overlayfs lays over each other, the uppermost first. One that isn't
  /// there is left out.
  public func contents(of path: FilePath, inLayers layers: [FilePath]) throws(Errno) -> [UInt8] {
    if let readBelow { return try readBelow(path, layers) }
    for root in layers {
      do throws(Errno) { return try read(path.isEmpty ? root : path.inside(root)) } catch {
        if error != .noSuchFileOrDirectory { throw error }
      }
    }
    throw .noSuchFileOrDirectory
  }

  static func find(_ path: FilePath, below roots: [FilePath]) throws(Errno) -> FileDescriptor {
    if path.isEmpty, let file = roots.first { return try Syscall.open(file, .path) }
    var layers: [FileDescriptor] = []
    defer { for layer in layers { try? Syscall.close(layer) } }
    for root in roots {
      do throws(Errno) { layers.append(try Syscall.open(root, [.path, .directory])) } catch {
        if error != .noSuchFileOrDirectory { throw error }
      }
    }
    if layers.isEmpty { throw .noSuchFileOrDirectory }
    if layers.count > 1 { return try Syscall.open(path, inLayers: layers) }
    return try Syscall.open(path, .path, below: layers[0], [.inRoot, .noMagicLinks])
  }

  /// Whether littlectr's session has a terminal, which any of its processes can open as /dev/tty.
  public var hasControllingTerminal: Bool { controllingTerminal() }

  /// What littlectr itself may have and hand down: its permitted capabilities, as far as they are in its bounding set.
  public var capabilities: CapabilitySet { capabilitySet() }

  /// The number of the newest capability that the kernel knows.
  public var lastCapability: Int { newestCapability() }

  /// The version of Landlock that the kernel has; 0 for none: landlock(7).
  public var landlockVersion: Int { landlock() }

  /// Whether littlectr was started with that descriptor open.
  public func isOpen(_ descriptor: Int32) -> Bool { openDescriptors(descriptor) }

  /// What a descriptor of littlectr's is; nil when it isn't open.
  public func openFile(_ descriptor: Int32) -> OpenFile? { streams(descriptor) }

  /// Whether a descriptor of littlectr's is a terminal.
  public func isTerminal(_ descriptor: Int32) -> Bool { terminals(descriptor) }

  /// A file's contents as text of ASCII, as the kernel's are but for names: a byte of another kind stands for itself, as in
  /// ISO 8859-1, so that no two names become one. Nil when it can't be read.
  public func text(of path: FilePath) -> String? {
    guard let bytes = try? read(path) else { return nil }
    return String(validating: bytes, as: UTF8.self)
      ?? bytes.reduce(into: "") { $0.unicodeScalars.append(UnicodeScalar($1)) }
  }

  /// The number in a file of /proc/sys, whose name is given as sysctl(8) does; nil when there is none.
  public func sysctl(_ name: String) -> Int? {
    let path = name.words(".").joined(separator: "/")
    return text(of: FilePath("/proc/sys/" + path)).flatMap { Int($0.prefix { $0.isNumber || $0 == "-" }) }
  }

  /// What a path leads to; nil when there is nothing, or when it can't be reached.
  public func status(of path: FilePath) -> Found? { look(path) }

  /// What a path is, without following it if it is a symbolic link: lstat(2), readlink(2).
  public func here(_ path: FilePath) throws(Errno) -> Here { try lookHere(path) }

  private static func here(_ found: Found?, _ target: FilePath?) throws(Errno) -> Here {
    if let target {
      let link = Found(mode: 0o120777)
      return Here(found?.isLink == true ? found ?? link : link, target: target.bytes)
    }
    guard let found else { throw .noSuchFileOrDirectory }
    return Here(found)
  }

  /// Whether a file's permissions have a list of users and groups beside the mode: acl(5).
  public func hasAccessList(_ path: FilePath) -> Bool { hasList(path) }

  /// The directory in which littlectr was started; nil if it is gone.
  public var workingDirectory: FilePath? { directory() }

  /// Where littlectr's own file lies, without any link on the way; nil if that can't be told.
  public var ownProgram: FilePath? { program() }

  /// The directory in which littlectr's own file lies, without any link on the way; nil if that can't be told.
  public var programDirectory: FilePath? { program()?.parent }

  /// Where a symbolic link points to; nil for what isn't one.
  public func linkTarget(of path: FilePath) -> FilePath? { follow(path) }

  /// Whether the caller may enter a directory, or execute a file.
  public func mayExecute(_ path: FilePath) -> Bool { executable(path) }

  /// The bytes of a variable of the caller's environment.
  public func variable(_ name: String) -> [UInt8]? { environment(name) }

  /// The path that a variable of the caller's environment holds, if it begins with a slash.
  public func absolutePath(in name: String) -> FilePath? {
    environment(name).flatMap { $0.first == UInt8(ascii: "/") ? FilePath(bytes: $0) : nil }
  }

  /// The names of the variables of the caller's environment that begin so.
  public func variableNames(from beginning: String) -> [String] { names().filter { $0.begins(with: beginning) } }

  /// Whether the kernel is that version or a newer one.
  public func hasKernel(_ major: Int, _ minor: Int) -> Bool {
    var (first, second, dots) = (0, 0, 0)
    for byte in release.utf8 {
      if byte == UInt8(ascii: "."), dots == 0 {
        dots = 1
      } else if (0x30...0x39).contains(byte) {
        if dots == 0 { first = first &* 10 &+ Int(byte & 15) } else { second = second &* 10 &+ Int(byte & 15) }
      } else {
        break
      }
    }
    return dots > 0 && (first, second) >= (major, minor)
  }

  /// Where a program is looked for: in the directories of the caller's PATH, but for relative ones.
  public func searched(for program: FilePath) -> [FilePath] {
    let directories = (variable("PATH") ?? Array("/usr/bin:/bin".utf8)).split(separator: UInt8(ascii: ":"))
    return directories.filter { $0.first == UInt8(ascii: "/") }
      .map { FilePath(bytes: Array($0)).pushing(program) }
  }

  /// Looks a program up in the caller's PATH.
  public func find(program: String, where isFit: (FilePath) -> Bool = { _ in true }) -> FilePath? {
    searched(for: FilePath(program)).first { path in
      status(of: path).map { !$0.isDirectory } == true && mayExecute(path) && isFit(path)
    }
  }
}
