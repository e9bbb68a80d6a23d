public import SystemPackage

/// A file or directory of the host's that a stage has put into the root. Below it nothing is made, replaced or removed
/// by littlectr: that would happen on the host.
public struct HostPlace: Sendable {
  /// Where it is in the container.
  public let path: FilePath
  /// Where it is on the host.
  public let source: FilePath
}

/// What stages have put into the root, by its path, and whose it is.
public struct PlacedThings: Sendable {
  private struct Thing {
    let path: [UInt8]
    /// Nil for what isn't the host's.
    let place: HostPlace?
  }

  /// The last of a path holds. An array: a dictionary's type costs more to make than there is to look up.
  private var things: [Thing] = []

  mutating func put(_ source: FilePath?, at path: FilePath) {
    things.append(Thing(path: path.bytes, place: source.map { HostPlace(path: path, source: $0) }))
  }

  /// What of the host's a path of the container's is, or lies in; nil if it is the container's own.
  public func hostPlace(of path: FilePath) -> HostPlace? { things.isEmpty ? nil : nearest(path.bytes) ?? nil }

  func isOwn(_ path: FilePath) -> Bool {
    // Inside an optional: nothing was put there at all.
    guard !things.isEmpty, case .some(.none) = nearest(path.bytes) else { return false }
    return path != "/"
  }

  /// The longest path at which a stage has put something, and that a path is or lies in; nil if there is none.
  func placeHolding(_ path: FilePath) -> [UInt8]? {
    var way = path.bytes
    while true {
      if things.contains(where: { $0.path == way }) { return way }
      if way.count <= 1 { return nil }
      way = FilePath.parent(of: way)
    }
  }

  private func nearest(_ path: [UInt8]) -> HostPlace?? {
    var way = path
    while true {
      if let found = things.last(where: { $0.path == way }) { return .some(found.place) }
      if way.count <= 1 { return nil }
      way = FilePath.parent(of: way)
    }
  }
}

extension Container {
  /// Says whose is what a stage puts at a path: the host's, from `source`, or with nil the container's own.
  public mutating func put(_ source: FilePath?, at path: FilePath) { placed.put(source, at: path) }

  /// Whether a path of the container's lies in what a stage has mounted there of the container's own.
  public func isOwnPlace(_ path: FilePath) -> Bool { placed.isOwn(path) }

  /// What of the host's a path of the container's is, or lies in; nil if it is the container's own.
  public func hostPlace(of path: FilePath) -> HostPlace? { placed.hostPlace(of: path) }
}

extension FilePath {
  /// The directory that a path which begins with a slash lies in. FilePath's own way of taking paths apart costs 150,000
  /// instructions when it is first used.
  public var parent: FilePath { FilePath(bytes: Self.parent(of: bytes)) }

  /// The names on the way, from the left, with neither slashes nor "." among them.
  public var names: [FilePath] { bytes.split(separator: UInt8(ascii: "/")).map { FilePath(bytes: Array($0)) } }

  static func parent(of path: [UInt8]) -> [UInt8] {
    guard let slash = path.lastIndex(of: UInt8(ascii: "/")), slash > 0 else { return [UInt8(ascii: "/")] }
    return Array(path[..<slash])
  }
}
