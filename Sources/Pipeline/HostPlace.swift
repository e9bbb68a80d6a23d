public import SystemPackage

/// A file or directory of the host's that a stage has put into the root. Below it nothing is made, replaced or removed
/// by littlectr: that would happen on the host.
public struct HostPlace: Sendable {
  /// Where it is in the container.
  public let path: FilePath
  /// Where it is on the host.
  public let source: FilePath
}

extension Container {
  /// Says whose is what a stage puts at a path: the host's, from `source`, or with nil the container's own.
  public mutating func put(_ source: FilePath?, at path: FilePath) {
    placed[path] = .some(source.map { HostPlace(path: path, source: $0) })
  }

  /// Whether a path of the container's lies in what a stage has mounted there of the container's own.
  public func isOwnPlace(_ path: FilePath) -> Bool {
    var way = path
    while !way.components.isEmpty {
      if let found = placed[way] { return found == nil }
      way.removeLastComponent()
    }
    return false
  }

  /// What of the host's a path of the container's is, or lies in; nil if it is the container's own.
  public func hostPlace(of path: @autoclosure () -> FilePath) -> HostPlace? {
    if placed.isEmpty { return nil }
    var way = path()
    while true {
      if let found = placed[way] { return found }
      if way.components.isEmpty { return nil }
      way.removeLastComponent()
    }
  }
}
