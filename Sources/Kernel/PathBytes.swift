internal import Glibc
public import SystemPackage

/// The bytes of a path, which need not be UTF-8: `FilePath.string` would repair what isn't, and name another file.
public func bytes(of path: FilePath) -> [UInt8] {
  unsafe path.withPlatformString { unsafe [UInt8](UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
}

/// The path with these bytes; it ends at a NUL.
public func path(of bytes: [UInt8]) -> FilePath {
  let characters = bytes.map { CChar(bitPattern: $0) } + [0]
  return unsafe characters.withUnsafeBufferPointer { buffer in
    unsafe buffer.baseAddress.map { unsafe FilePath(platformString: $0) } ?? FilePath()
  }
}
