internal import Kernel
public import SystemPackage

/// The way to a file: every directory and symbolic link that decides where its path leads, from "/" on, and the file.
///
/// Each is looked at without being followed, one after the other. Where `doubt` finds none that another user could have
/// made or could exchange, no other user can lead the path elsewhere, now or later: so the path may be opened afterwards.
public struct Way: Sendable {
  /// A directory, a link, or the file at the end.
  public struct Place: Sendable {
    /// Its path, on which nothing before the last name is a link.
    public var path: FilePath { FilePath(bytes: bytes) }
    /// What it is, not followed if it is a link.
    public let found: Host.Found
    let bytes: [UInt8]
    let target: [UInt8]
  }

  /// The path as it was given.
  public let path: FilePath
  /// All that is on the way, in the order in which it was met; the file itself last, if it is there.
  public private(set) var places: [Place] = []
  /// Where the path leads: an absolute path without any link.
  public private(set) var end: FilePath
  /// Whether the file isn't there, or a directory on the way to it.
  public private(set) var isMissing = false
  /// Whether a link is on the way.
  public private(set) var hasLinks = false

  /// What the path leads to; nil if nothing is there.
  public var found: Host.Found? { isMissing ? nil : places.last { !$0.found.isLink && $0.bytes == end.bytes }?.found }

  private static let dot: UInt8 = 0x2e
  private static let slash: UInt8 = 0x2f
  /// As many links as the kernel follows.
  private static let mostLinks = 40

  /// Looks at the way to a file. A relative path begins at the directory in which littlectr was started.
  ///
  /// - Parameter known: places that needn't be looked at again.
  /// - Throws: why it can't be looked at. That something isn't there is no error.
  public init(to path: FilePath, _ host: Host, known: [Place] = []) throws(Errno) {
    (self.path, end) = (path, path)
    let text = path.bytes
    guard let first = text.first else { throw .noSuchFileOrDirectory }
    var rest = Self.names(text)
    if first != Self.slash {
      guard let start = host.workingDirectory?.bytes, start.first == Self.slash else { throw .noSuchFileOrDirectory }
      rest += Self.names(start)
    }
    var here: [UInt8] = []
    var links = 0
    try add([Self.slash], host, known)
    while let name = rest.popLast() {
      if name.count == 2, name[0] == Self.dot, name[1] == Self.dot {
        here = Self.parent(of: here)
        continue
      }
      let next = here + [Self.slash] + name
      do throws(Errno) { try add(next, host, known) } catch {
        guard error == .noSuchFileOrDirectory else { throw error }
        (here, isMissing) = (next, true)
        while let name = rest.popLast() { here += [Self.slash] + name }
        continue
      }
      let place = places[places.count - 1]
      guard place.found.isLink else {
        here = next
        continue
      }
      (links, hasLinks) = (links + 1, true)
      if links > Self.mostLinks { throw .tooManySymbolicLinkLevels }
      if place.target.isEmpty { throw .noSuchFileOrDirectory }
      if place.target[0] == Self.slash { here = [] }
      rest += Self.names(place.target)
    }
    end = FilePath(bytes: here.isEmpty ? [Self.slash] : here)
  }

  private mutating func add(_ bytes: [UInt8], _ host: Host, _ known: [Place]) throws(Errno) {
    for place in known where place.bytes == bytes {
      places.append(place)
      return
    }
    let here = try host.here(FilePath(bytes: bytes))
    places.append(Place(found: here.found, bytes: bytes, target: here.target))
  }

  /// The names of a path, the last first, without ".".
  private static func names(_ path: [UInt8]) -> [[UInt8]] {
    var (names, name): ([[UInt8]], [UInt8]) = ([], [])
    for byte in path + [slash] {
      if byte != slash {
        name.append(byte)
      } else {
        if name.count > 1 || name.count == 1 && name[0] != dot { names.append(name) }
        name.removeAll(keepingCapacity: true)
      }
    }
    names.reverse()
    return names
  }

  /// The directory above, of a path without links; empty for "/".
  static func parent(of path: [UInt8]) -> [UInt8] {
    Array(path[..<(path.lastIndex(of: slash) ?? path.startIndex)])
  }
}
