import Pipeline
import Synchronization
import SystemPackage

/// Foundation has a Host too.
typealias Host = Pipeline.Host

/// A machine that exists only in a test: what it isn't told about isn't there.
struct FakeHost {
  var userID: UInt32 = 1000
  var groupID: UInt32 = 1000
  /// Files by path, with their text.
  var files = ["/etc/passwd": "root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n"]
  /// What else is there, by path.
  var found = [
    "/proc/self": Host.Found(mode: 0o040555), "/proc/version": Host.Found(mode: 0o100444),
    "/sys/kernel": Host.Found(mode: 0o040755),
  ]
  /// Symbolic links with their targets.
  var links: [String: String] = [:]
  /// Whether the session has a terminal.
  var hasControllingTerminal = true
  /// The version of Landlock that the kernel has.
  var landlockVersion = 7
  /// The kernel's release.
  var release = "6.18.0"
  /// Directories that the caller can't enter.
  var closed: Set<String> = []
  /// Which of standard input, output and error are a terminal.
  var terminals: Set<Int32> = []
  /// The machine's hardware name.
  var machine = "x86_64"
  /// Whether littlectr is under another container's filter.
  var isFiltered = false
  /// What the cache of compiled filters holds.
  var keptFilter = KeptFilter.missing(directory: "/home/ada/.cache/littlectr")
  /// The descriptors that littlectr is started with.
  var descriptors: Set<Int32> = [0, 1, 2]
  /// What littlectr itself may have of root's privileges.
  var capabilities = CapabilitySet.all(to: 40)
  /// The newest capability that the kernel knows.
  var lastCapability = 40
  /// What keeps newuidmap and the like from having privileges.
  var obstacle: PrivilegeObstacle?
  /// Variables that aren't UTF-8.
  var bytes: [String: [UInt8]] = [:]
  var environment = ["HOME": "/home/ada"]
  /// Where littlectr's own file lies.
  var program: String?
  /// Whether the ways to files are those of the machine that runs the test.
  var hasRealFiles = false
  /// The directory in which littlectr is started.
  static let here = "/here"

  /// Adds directories that anybody can enter.
  mutating func add(directories: String...) {
    for path in directories { found[path] = Host.Found(mode: 0o040755) }
  }

  /// Sets a number of /proc/sys.
  mutating func set(sysctl name: String, _ value: Int) {
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

  private static func compile(_ source: FilterSource) throws(FilterError) -> CompiledFilter {
    if let known = compiled.withLock({ $0.first { $0.source == source } }) { return known.filter }
    let filter = try source.compiled()
    compiled.withLock { $0.append((source, filter)) }
    return filter
  }

  var host: Host {
    let machine = self
    // The same file by each of its names: `./images` and `images`.
    @Sendable func key(_ path: FilePath) -> String { Self.plain(path.string) }
    let files = Dictionary(uniqueKeysWithValues: files.map { (Self.plain($0.key), $0.value) })
    let found = Dictionary(uniqueKeysWithValues: found.map { (Self.plain($0.key), $0.value) })
    let closed = Set(closed.map(Self.plain))
    var host = Host(
      userID: userID, groupID: groupID,
      read: { path throws(Errno) in
        guard let text = files[key(path)] else { throw .noSuchFileOrDirectory }
        return Array(text.utf8)
      },
      look: { path in found[key(path)] ?? files[key(path)].map { _ in Host.Found(mode: 0o100644) } },
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
        if let thing = found[name] ?? files[name].map({ _ in Host.Found(mode: 0o100644) }) { return Host.Here(thing) }
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
      compile: { source throws(FilterError) in try Self.compile(source) }, look: { _, _, _ in machine.keptFilter })
    host.filters.read = { path, _ throws(Failure) in
      guard let text = files[key(path)] else {
        var failure = Failure("openat")
        failure.errno = .noSuchFileOrDirectory
        throw failure
      }
      return Array(text.utf8)
    }
    return host
  }
}
