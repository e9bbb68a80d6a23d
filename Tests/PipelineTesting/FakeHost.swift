import Pipeline
import Synchronization
import SystemPackage

/// A machine that exists only in a test: what it isn't told about isn't there.
public struct FakeHost: Sendable {
  /// The caller's user id.
  public var userID: UInt32 = 1000
  /// The caller's group id.
  public var groupID: UInt32 = 1000
  /// Files by path, with their text.
  public var files = ["/etc/passwd": "root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n"]
  /// Files whose bytes needn't be text, by path; they stand before `files`.
  private var written: [String: [UInt8]] = [:]
  /// What else is there, by path.
  public var found = [
    "/proc/self": Host.Found(mode: 0o040555), "/proc/version": Host.Found(mode: 0o100444),
    "/sys/kernel": Host.Found(mode: 0o040755),
  ]
  /// Symbolic links with their targets.
  public var links: [String: String] = [:]
  /// Whether the session has a terminal.
  public var hasControllingTerminal = true
  /// The version of Landlock that the kernel has.
  public var landlockVersion = 7
  /// The kernel's release.
  public var release = "6.18.0"
  /// Directories that the caller can't enter.
  public var closed: Set<String> = []
  /// Which of standard input, output and error are a terminal.
  public var terminals: Set<Int32> = []
  /// The machine's hardware name.
  public var machine = "x86_64"
  /// Whether littlectr is under another container's filter.
  public var isFiltered = false
  /// What the cache of compiled filters holds.
  public var keptFilter = KeptFilter.missing(directory: "/home/ada/.cache/littlectr")
  /// The descriptors that littlectr is started with.
  public var descriptors: Set<Int32> = [0, 1, 2]
  /// What littlectr itself may have of root's privileges.
  public var capabilities = CapabilitySet.all(to: 40)
  /// The newest capability that the kernel knows.
  public var lastCapability = 40
  /// What keeps newuidmap and the like from having privileges.
  public var obstacle: PrivilegeObstacle?
  /// Variables that aren't UTF-8.
  public var bytes: [String: [UInt8]] = [:]
  /// The caller's variables.
  public var environment = ["HOME": "/home/ada"]
  /// Where littlectr's own file lies.
  public var program: String?
  /// Whether filters are compiled. Without, one instruction allows all, which takes no time.
  public var compilesFilters = true
  /// Whether the ways to files are those of the machine that runs the test.
  public var hasRealFiles = false
  /// The directory in which littlectr is started.
  public static let here = "/here"

  /// Ada's machine, who is an ordinary user.
  public init() {}

  /// Adds a file that may hold any bytes.
  public mutating func write(_ bytes: [UInt8], to path: String) { written[Self.plain(path)] = bytes }

  /// Adds directories that anybody can enter.
  public mutating func add(directories: String...) {
    for path in directories { found[path] = Host.Found(mode: 0o040755) }
  }

  /// Sets a number of /proc/sys.
  public mutating func set(sysctl name: String, _ value: Int) {
    files["/proc/sys/" + name.split(separator: ".").joined(separator: "/")] = "\(value)\n"
  }

  /// A path without dots. The library takes them out, slowly, and most paths have none.
  private static func plain(_ path: String) -> String {
    var last: UInt8 = 0
    for byte in path.utf8 {
      let begins = last == 0 || last == UInt8(ascii: "/")
      if begins, byte == UInt8(ascii: ".") || byte == last { return FilePath(path).lexicallyNormalized().string }
      last = byte
    }
    if last == UInt8(ascii: "/"), path != "/" { return FilePath(path).lexicallyNormalized().string }
    return path
  }

  /// What has been compiled: most machines of one run ask for the same few filters.
  private static let compiled = Mutex<[(source: FilterSource, filter: CompiledFilter)]>([])

  private func compile(_ source: FilterSource) throws(FilterError) -> CompiledFilter {
    if !compilesFilters { return CompiledFilter(FilterCode([0x7fff_0000_0000_0006])) }
    if let known = Self.compiled.withLock({ $0.first { $0.source == source } }) { return known.filter }
    let filter = try source.compiled()
    Self.compiled.withLock { $0.append((source, filter)) }
    return filter
  }

  /// The machine as stages look at it.
  public var host: Host {
    let machine = self
    // The same file by each of its names: `./images` and `images`.
    @Sendable func key(_ path: FilePath) -> String { Self.plain(path.string) }
    let files = Dictionary(uniqueKeysWithValues: files.map { (Self.plain($0.key), $0.value) })
    let found = Dictionary(uniqueKeysWithValues: found.map { (Self.plain($0.key), $0.value) })
    let closed = Set(closed.map(Self.plain))
    @Sendable func bytes(_ name: String) -> [UInt8]? { machine.written[name] ?? files[name].map { Array($0.utf8) } }
    @Sendable func thing(_ name: String) -> Host.Found? {
      found[name] ?? (machine.written[name] != nil || files[name] != nil ? Host.Found(mode: 0o100644) : nil)
    }
    var host = Host(
      userID: userID, groupID: groupID,
      read: { path throws(Errno) in
        guard let bytes = bytes(key(path)) else { throw .noSuchFileOrDirectory }
        return bytes
      },
      look: { thing(key($0)) },
      follow: { machine.links[$0.string].map { FilePath($0) } }, executable: { !closed.contains(key($0)) },
      environment: { name in machine.bytes[name] ?? machine.environment[name].map { Array($0.utf8) } },
      hasTerminal: terminals.contains(0), release: release,
      openDescriptors: { machine.descriptors.contains($0) }, terminals: { machine.terminals.contains($0) },
      variableNames: { machine.environment.keys.sorted() },
      controllingTerminal: { machine.hasControllingTerminal },
      capabilities: { machine.capabilities }, lastCapability: { machine.lastCapability },
      landlockVersion: { machine.landlockVersion },
      lookHere: { path throws(Errno) in
        if machine.hasRealFiles { return try Host.current.here(path) }
        // Relative names are of a directory of that name.
        let text = path.string
        let name =
          text == Self.here ? "." : text.hasPrefix(Self.here + "/") ? String(text.dropFirst(Self.here.count + 1)) : text
        if let target = machine.links[name] {
          let link = found[name].flatMap { $0.isLink ? $0 : nil }
          return Host.Here(link ?? Host.Found(mode: 0o120777), target: Array(target.utf8))
        }
        if let thing = thing(name) { return Host.Here(thing) }
        let beginning = name.hasSuffix("/") ? name : name + "/"
        guard
          name == "/" || name == "." || (found.keys.contains { $0.hasPrefix(beginning) })
            || (files.keys.contains { $0.hasPrefix(beginning) })
        else { throw .noSuchFileOrDirectory }
        return Host.Here(Host.Found(mode: 0o040755))
      }, workingDirectory: { FilePath(Self.here) }, program: { machine.program.map { FilePath($0) } })
    host.obstacle = { _ in machine.obstacle }
    host.isFiltered = isFiltered
    host.filters = FilterTools(
      machine: machine.machine, library: "2.5.4",
      compile: { source throws(FilterError) in try machine.compile(source) }, look: { _, _, _ in machine.keptFilter })
    host.filters.read = { path, _ throws(Failure) in
      if let bytes = bytes(key(path)) { return bytes }
      var failure = Failure("openat")
      failure.errno = .noSuchFileOrDirectory
      throw failure
    }
    return host
  }
}
