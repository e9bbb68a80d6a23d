internal import Kernel
public import SystemPackage

extension FilePath {
  /// The path's bytes, which need not be UTF-8.
  public var bytes: [UInt8] { Kernel.bytes(of: self) }

  /// The path with these bytes, up to a NUL.
  public init(bytes: [UInt8]) { self = Kernel.path(of: bytes) }

  /// A path that begins with a slash, as the path of a place below a directory.
  public func inside(_ directory: FilePath) -> FilePath {
    FilePath(bytes: directory.bytes + [UInt8(ascii: "/")] + bytes)
  }

  /// The path without the slash at its beginning.
  public var withoutSlash: FilePath { isAbsolute ? FilePath(bytes: Array(bytes.dropFirst())) : self }
}

extension FilePath {
  /// Whether it is that directory, or lies below it; both begin with a slash, and have no `..`. By bytes.
  public func lies(in directory: FilePath) -> Bool { Self.lies(bytes, in: directory.bytes) }

  package static func lies(_ path: String, in directory: String) -> Bool {
    lies(Array(path.utf8), in: Array(directory.utf8))
  }

  private static func lies(_ path: [UInt8], in directory: [UInt8]) -> Bool {
    if directory.count <= 1 { return true }
    return path.starts(with: directory) && (path.count == directory.count || path[directory.count] == UInt8(ascii: "/"))
  }
}

extension FilePath {
  /// The directory that a path which begins with a slash lies in. FilePath's own way of taking paths apart costs 150,000
  /// instructions when it is first used.
  public var parent: FilePath { FilePath(bytes: Self.parent(of: bytes)) }

  /// The names on the way, from the left, with neither slashes nor "." among them.
  public var names: [FilePath] { bytes.split(separator: UInt8(ascii: "/")).map { FilePath(bytes: Array($0)) } }

  package static func parent(of path: [UInt8]) -> [UInt8] {
    guard let slash = path.lastIndex(of: UInt8(ascii: "/")), slash > 0 else { return [UInt8(ascii: "/")] }
    return Array(path[..<slash])
  }
}
