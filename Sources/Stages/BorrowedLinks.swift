internal import Pipeline

/// What of the host's files a borrowed root has beside its programs: where their links lead, as far as everybody may read it.
///
/// Each is there at its own path: a link as the same link, a file or directory as a mount. A directory that the root has of its
/// own, /etc itself for instance, stays that.
struct BorrowedLinks {
  /// Where something is borrowed from, and is in the root.
  private(set) var mounts: [FilePath] = []
  private(set) var links: [(path: FilePath, target: String)] = []

  /// The targets that matter.
  private(set) var targets: [FilePath] = []

  private let host: Host
  /// What the root has already, as the host has it; nothing in it is made.
  private let borrowed: [String]
  /// What the root has of its own.
  private let own: Set<String>

  /// Trees of which nothing is borrowed: the container's own, and people's.
  private static let never = ["dev", "proc", "sys", "run", "tmp", "home", "root", "mnt"]

  init(to paths: [FilePath], _ host: Host, borrowed: [String], own: Set<String>) {
    (self.host, self.borrowed, self.own) = (host, borrowed, own)
    var places: [String] = []
    var linkPaths: Set<String> = []
    for path in paths {
      let before = links.count
      let place = resolve(path, &linkPaths)
      if let place, !own.contains(place) { places.append(place) }
      if place != nil || links.count > before { targets.append(path) }
    }
    // What lies in another of them is there with that.
    for place in Set(places).sorted() where !Self.isBelow(place, mounts.map(\.string)) {
      mounts.append(FilePath(place))
    }
    links.removeAll { link in Self.isBelow(link.path.string, mounts.map(\.string)) }
  }

  /// Where a path leads at last, if that must be borrowed. Links on the way are noted.
  private mutating func resolve(_ path: FilePath, _ seen: inout Set<String>) -> String? {
    var (rest, way, followed, noted) = ([String](path.names.reversed()), "", 0, [(FilePath, String)]())
    while let name = rest.popLast() {
      if name == ".." {
        way = way.isEmpty ? "" : FilePath(way).parent.string == "/" ? "" : FilePath(way).parent.string
        continue
      }
      let next = way + "/" + name
      if way.isEmpty, Self.never.contains(name) { return nil }
      if own.contains(next), !rest.isEmpty {
        way = next
        continue
      }
      if let target = host.linkTarget(of: FilePath(next)) {
        followed += 1
        if followed > 40 { return nil }
        if !Self.isBelow(next, borrowed), !own.contains(next) { noted.append((FilePath(next), target)) }
        if target.utf8.first == UInt8(ascii: "/") { way = "" }
        rest += FilePath(target).names.reversed()
        continue
      }
      guard let found = host.status(of: FilePath(next)) else { return nil }
      let needed: UInt32 = !found.isDirectory ? 0o004 : rest.isEmpty ? 0o005 : 0o001
      guard found.mode & needed == needed, rest.isEmpty || found.isDirectory else { return nil }
      way = next
      // All below is the host's already.
      if Self.isBelow(way, borrowed) {
        if rest.isEmpty || way == "/usr" { break }
      }
    }
    for (path, target) in noted where seen.insert(path.string).inserted { links.append((path, target)) }
    return Self.isBelow(way, borrowed) || way.isEmpty ? nil : way
  }

  /// Whether a path is one of some, or lies below one.
  private static func isBelow(_ path: String, _ places: [String]) -> Bool {
    places.contains { place in
      path.utf8.starts(with: place.utf8)
        && (path.utf8.count == place.utf8.count || path.utf8.dropFirst(place.utf8.count).first == UInt8(ascii: "/"))
    }
  }

  /// The directories in which they lie, each after the one above, without those that the root has.
  var directories: [FilePath] {
    var (result, seen) = ([FilePath](), own)
    for path in mounts + links.map(\.path) {
      var way = ""
      for name in path.names.dropLast() {
        way += "/" + name
        if seen.insert(way).inserted { result.append(FilePath(way)) }
      }
    }
    return result
  }
}
