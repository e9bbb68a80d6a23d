internal import SystemPackage

/// A place of the host's by the names that lead to it from "/", none of them a link, and which file each of them is.
struct HostSpot {
  var names: [[UInt8]] = []
  /// The identities of "/" and of what each of the names leads to.
  var identities: [FileIdentity?]
  var found: Host.Found?

  /// Its path.
  var path: FilePath { HostWays.path(names[...]) }
}

/// Where a path of the host's leads.
struct HostWay {
  /// The symbolic links on the way, in the order in which they are followed.
  var links: [HostSpot] = []
  /// What it ends at: the file, or the last directory that is there.
  var end: HostSpot
  /// The names that lack below the end; empty if all is there.
  var rest: [[UInt8]] = []
}

/// Looks up where paths of the host's lead, name by name, and remembers what it has seen.
struct HostWays {
  private let host: Host
  private let root: HostSpot
  private var seen: [[UInt8]: Host.Found?] = [:]
  private var known: [[UInt8]: HostWay] = [:]

  init(_ host: Host) {
    self.host = host
    let found = try? host.here("/").found
    root = HostSpot(identities: [found?.identity], found: found)
  }

  /// Where a path leads.
  mutating func way(to path: FilePath) -> HostWay {
    let bytes = (path.isAbsolute ? path : (host.workingDirectory ?? "/").pushing(path)).bytes
    if let way = known[bytes] { return way }
    // What lies in one directory begins alike.
    let (parent, last) = Self.split(bytes)
    let isPlain = !last.isEmpty && last != Self.dot && last != Self.dotDot
    var way = isPlain && !parent.isEmpty ? self.way(to: Self.path(bytes: parent)) : HostWay(end: root)
    if way.rest.isEmpty {
      follow(isPlain ? [last] : Self.names(bytes).reversed(), &way)
    } else {
      way.rest.append(last)
    }
    known[bytes] = way
    return way
  }

  /// What is at a spot's name.
  mutating func found(_ spot: HostSpot, _ name: [UInt8]) -> Host.Found? { look(spot.names + [name]) }

  /// How many names a file has in its own directory.
  func namesBeside(_ spot: HostSpot) -> UInt64 {
    let directory = spot.names.dropLast()
    let count = host.list(Self.path(directory)).count { name in
      !Self.isDots(name)
        && (try? host.here(Self.path((directory + [name])[...])))?.found.identity == spot.found?.identity
    }
    return UInt64(count)
  }

  private mutating func look(_ names: [[UInt8]]) -> Host.Found? {
    let path = Self.joined(names[...], fromRoot: true)
    if let found = seen[path] { return found }
    let found = try? host.here(Self.path(bytes: path)).found
    seen[path] = .some(found)
    return found
  }

  /// Follows names, of which the last comes first.
  private mutating func follow(_ names: [[UInt8]], _ way: inout HostWay) {
    var (names, at, links) = (names, way.end, 0)
    while let name = names.popLast() {
      if name == Self.dot { continue }
      if name == Self.dotDot {
        if at.names.popLast() != nil { at.identities.removeLast() }
        at.found = at.names.isEmpty ? root.found : look(at.names)
        continue
      }
      at.names.append(name)
      guard let found = look(at.names) else {
        at.names.removeLast()
        (way.end, way.rest) = (at, [name] + names.reversed())
        return
      }
      guard found.isLink, links < 40, let target = host.linkTarget(of: at.path) else {
        at.identities.append(found.identity)
        at.found = found
        continue
      }
      links += 1
      way.links.append(HostSpot(names: at.names, identities: at.identities + [found.identity], found: found))
      at.names.removeLast()
      let text = target.bytes
      if text.first == UInt8(ascii: "/") { at = root }
      names += Self.names(text).reversed()
    }
    way.end = at
  }

  private static let dot: [UInt8] = [UInt8(ascii: ".")]
  private static let dotDot: [UInt8] = [UInt8(ascii: "."), UInt8(ascii: ".")]

  /// The names between a path's slashes.
  static func names(_ bytes: [UInt8]) -> [[UInt8]] { bytes.split(separator: UInt8(ascii: "/")).map(Array.init) }

  /// Whether a name stands for a directory itself, or the one above.
  static func isDots(_ name: [UInt8]) -> Bool { name == dot || name == dotDot }

  private static func split(_ bytes: [UInt8]) -> ([UInt8], [UInt8]) {
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return ([], bytes) }
    return (Array(bytes[..<slash]), Array(bytes[(slash + 1)...]))
  }

  private static func path(bytes: [UInt8]) -> FilePath { FilePath(bytes: bytes) }

  /// The path of names, from "/" on.
  static func path(_ names: ArraySlice<[UInt8]>) -> FilePath { path(bytes: joined(names, fromRoot: true)) }

  /// The path of names, from a directory on.
  static func below(_ names: [[UInt8]]) -> FilePath {
    names.isEmpty ? "." : path(bytes: joined(names[...], fromRoot: false))
  }

  // Speed: joined(separator:) takes ten instructions a byte.
  private static func joined(_ names: ArraySlice<[UInt8]>, fromRoot: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(names.reduce(1) { $0 + $1.count + 1 })
    if fromRoot, names.isEmpty { bytes.append(UInt8(ascii: "/")) }
    for name in names {
      if fromRoot || !bytes.isEmpty { bytes.append(UInt8(ascii: "/")) }
      bytes += name
    }
    return bytes
  }
}
