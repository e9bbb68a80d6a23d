internal import Pipeline

/// What of the host's files a borrowed root has beside its programs: where their links lead, as far as everybody may read it.
///
/// Each is there at its own path: a link as the same link, a file or directory as a mount. A directory that the root has of its
/// own, /etc itself for instance, stays that.
struct BorrowedLinks {
  /// Where something is borrowed from, and is in the root.
  private(set) var mounts: [FilePath] = []
  private(set) var links: [(path: FilePath, target: FilePath)] = []

  /// The targets that matter.
  private(set) var targets: [FilePath] = []

  private let host: Host
  /// What the root has already, as the host has it; nothing in it is made.
  private let borrowed: [[UInt8]]
  /// What the root has of its own.
  private let own: Set<FilePath>

  /// Trees of which nothing is borrowed: the container's own, and people's.
  private static let never: [FilePath] = ["dev", "proc", "sys", "run", "tmp", "home", "root", "mnt"]

  init(to paths: [FilePath], _ host: Host, borrowed: [FilePath], own: Set<FilePath>) {
    (self.host, self.borrowed, self.own) = (host, borrowed.map(\.bytes), own)
    var places: Set<FilePath> = []
    var linkPaths: Set<FilePath> = []
    for path in paths {
      let before = links.count
      let place = resolve(path, &linkPaths)
      if let place, !own.contains(place) { places.insert(place) }
      if place != nil || links.count > before { targets.append(path) }
    }
    // What lies in another of them is there with that.
    var taken: [[UInt8]] = []
    for place in places.map(\.bytes).sorted(by: { $0.lexicographicallyPrecedes($1) }) where !Self.isBelow(place, taken)
    {
      taken.append(place)
    }
    mounts = taken.map { FilePath(bytes: $0) }
    links.removeAll { link in Self.isBelow(link.path.bytes, taken) }
  }

  /// Where a path leads at last, if that must be borrowed. Links on the way are noted.
  private mutating func resolve(_ path: FilePath, _ seen: inout Set<FilePath>) -> FilePath? {
    var (rest, way, followed, noted) = ([FilePath](path.names.reversed()), FilePath("/"), 0, [(FilePath, FilePath)]())
    while let name = rest.popLast() {
      if name == ".." {
        way = way.parent
        continue
      }
      let next = way.pushing(name)
      if way == "/", Self.never.contains(name) { return nil }
      if own.contains(next), !rest.isEmpty {
        way = next
        continue
      }
      if let target = host.linkTarget(of: next) {
        followed += 1
        if followed > 40 { return nil }
        if !Self.isBelow(next.bytes, borrowed), !own.contains(next) { noted.append((next, target)) }
        if target.isAbsolute { way = "/" }
        rest += target.names.reversed()
        continue
      }
      guard let found = host.status(of: next) else { return nil }
      let needed: UInt32 = !found.isDirectory ? 0o004 : rest.isEmpty ? 0o005 : 0o001
      guard found.mode & needed == needed, rest.isEmpty || found.isDirectory else { return nil }
      way = next
      // All below is the host's already.
      if Self.isBelow(way.bytes, borrowed) {
        if rest.isEmpty || way == "/usr" { break }
      }
    }
    for (path, target) in noted where seen.insert(path).inserted { links.append((path, target)) }
    return way == "/" || Self.isBelow(way.bytes, borrowed) ? nil : way
  }

  /// Whether a path is one of some, or lies below one.
  private static func isBelow(_ path: [UInt8], _ places: [[UInt8]]) -> Bool {
    places.contains { place in
      path.starts(with: place) && (path.count == place.count || path[place.count] == UInt8(ascii: "/"))
    }
  }

  /// The directories in which they lie, each after the one above, without those that the root has.
  var directories: [FilePath] {
    var (result, seen) = ([FilePath](), own)
    for path in mounts + links.map(\.path) {
      var way: FilePath = "/"
      for name in path.names.dropLast() {
        way.push(name)
        if seen.insert(way).inserted { result.append(way) }
      }
    }
    return result
  }
}
