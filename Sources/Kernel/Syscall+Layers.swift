internal import CKernel
internal import Glibc
public import SystemPackage

extension Syscall {
  /// Takes hold of what a path leads to in layers that lie over each other, as overlayfs shows them: a directory holds what
  /// all of them have in it, what an upper one has hides what is below, and its marks take files and whole directories away.
  /// Links are followed inside. Docs: docs.kernel.org/filesystems/overlayfs.html.
  ///
  /// - Parameter layers: the directories, the uppermost first.
  public static func open(_ path: FilePath, inLayers layers: [FileDescriptor]) throws(Errno) -> FileDescriptor {
    var walk = LayerWalk(layers)
    defer { walk.letGo() }
    return try walk.follow(path)
  }

  /// An attribute of a file that is held, O_PATH too: getxattr(2). Nil without one.
  static func attribute(_ name: String, of file: FileDescriptor) -> [UInt8]? {
    var length = 0
    let value = unsafe [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
      length = unsafe ck_attribute("/proc/self/fd/\(file.rawValue)", name, buffer.baseAddress, 16)
      count = max(length, 0)
    }
    return length < 0 ? nil : value
  }
}

/// A way through layers. Each directory on it is held in every layer that has one.
private struct LayerWalk {
  private var way: [[FileDescriptor]]
  private var rest: [[UInt8]] = []
  private var links = 0
  private static let mostLinks = 40
  private static let slash: UInt8 = 0x2f

  init(_ layers: [FileDescriptor]) { way = [layers] }

  mutating func follow(_ path: FilePath) throws(Errno) -> FileDescriptor {
    prepend(bytes(of: path))
    while let name = rest.popLast() {
      if name == Array(".".utf8) { continue }
      if name == Array("..".utf8) {
        if way.count > 1 { leave() }
        continue
      }
      let found = try lookUp(Kernel.path(of: name))
      guard let first = found.first else { throw .noSuchFileOrDirectory }
      way.append(found)
      let status = try Syscall.status(of: first)
      if status.isDirectory { continue }
      if status.isLink {
        let target = try Syscall.readLink(first)
        leave()
        links += 1
        if links > Self.mostLinks { throw .tooManySymbolicLinkLevels }
        if target.first == Self.slash { while way.count > 1 { leave() } }
        prepend(target)
        continue
      }
      if !rest.isEmpty { throw .notDirectory }
      way.removeLast()
      return first
    }
    throw .isDirectory
  }

  /// A name in the directory where the way has led: one file, or a directory in each layer that adds to it.
  private func lookUp(_ name: FilePath) throws(Errno) -> [FileDescriptor] {
    var found: [FileDescriptor] = []
    for directory in way[way.count - 1] {
      let file: FileDescriptor
      do throws(Errno) { file = try Syscall.open(name, [.path, .noFollow], from: directory) } catch {
        if error == .noSuchFileOrDirectory { continue }
        for file in found { try? Syscall.close(file) }
        throw error
      }
      let status = try? Syscall.status(of: file)
      guard let status, !Self.isWhiteout(file, status), status.isDirectory || found.isEmpty else {
        try? Syscall.close(file)
        break
      }
      found.append(file)
      if !status.isDirectory || Self.isOpaque(file) { break }
    }
    return found
  }

  /// Whether it stands for a file that was deleted.
  private static func isWhiteout(_ file: FileDescriptor, _ status: FileStatus) -> Bool {
    if status.mode & S_IFMT == S_IFCHR { return status.special == 0 }
    return status.isRegular && status.size == 0 && attribute("whiteout", of: file) != nil
  }

  /// Whether a directory hides those of its name below.
  private static func isOpaque(_ directory: FileDescriptor) -> Bool { attribute("opaque", of: directory) == [0x79] }

  /// A mark of overlayfs: one that users may set, as in a user namespace, or one that only root can.
  private static func attribute(_ name: String, of file: FileDescriptor) -> [UInt8]? {
    Syscall.attribute("user.overlay." + name, of: file) ?? Syscall.attribute("trusted.overlay." + name, of: file)
  }

  /// Puts a path before what is still to be walked.
  private mutating func prepend(_ path: [UInt8]) {
    for name in path.split(separator: Self.slash).reversed() { rest.append(Array(name)) }
  }

  private mutating func leave() { for file in way.removeLast() { try? Syscall.close(file) } }

  /// Closes all that is held, but for the layers themselves.
  mutating func letGo() { while way.count > 1 { leave() } }
}
