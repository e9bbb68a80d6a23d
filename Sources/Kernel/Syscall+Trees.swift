internal import CKernel
internal import Glibc
public import SystemPackage

extension Syscall {
  /// Removes what isn't a directory: unlink(2).
  public static func removeFile(_ path: FilePath, from directory: FileDescriptor) throws(Errno) {
    try unsafe answer(for: path) { unsafe ck_unlinkat(directory.rawValue, $0, 0) }
  }

  /// Renames a file: rename(2).
  public static func rename(
    _ path: FilePath, from directory: FileDescriptor, to newPath: FilePath, in newDirectory: FileDescriptor
  ) throws(Errno) {
    try unsafe answer(for: path) { path in
      unsafe newPath.withPlatformString { new in
        unsafe ck_renameat(directory.rawValue, path, newDirectory.rawValue, new)
      }
    }
  }

  /// The names in a directory, without `.` and `..`: readdir(3). The descriptor stays open.
  public static func entries(of directory: FileDescriptor) throws(Errno) -> [FilePath] {
    let own = try open(".", [.read, .directory], from: directory)
    guard let stream = unsafe fdopendir(own.rawValue) else {
      try? close(own)
      throw .noMemory
    }
    defer { unsafe closedir(stream) }
    var names: [FilePath] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        unsafe FilePath(platformString: UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self))
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  /// Removes a directory with all that is in it, however deep, and whatever the names. No symbolic link is followed.
  ///
  /// What lies deeper than two levels is moved up first, so that neither the stack nor the number of open files grows
  /// with the depth, which a stranger may have chosen.
  public static func removeTree(_ name: FilePath, from parent: FileDescriptor) throws(Errno) {
    let top = try open(name, [.read, .directory, .noFollow], from: parent)
    defer { try? close(top) }
    var number = 0
    while true {
      let names = try entries(of: top)
      if names.isEmpty { break }
      for name in names where try !removeLeaf(name, from: top) {
        let directory = try open(name, [.read, .directory, .noFollow], from: top)
        defer { try? close(directory) }
        for inner in try entries(of: directory) where try !removeLeaf(inner, from: directory) {
          try moveUp(inner, from: directory, to: top, &number)
        }
        try removeDirectory(name, from: top)
      }
    }
    try removeDirectory(name, from: parent)
  }

  /// Removes a file or an empty directory; false for a directory that isn't empty.
  private static func removeLeaf(_ name: FilePath, from directory: FileDescriptor) throws(Errno) -> Bool {
    do throws(Errno) {
      try removeFile(name, from: directory)
      return true
    } catch {
      guard error == .isDirectory || error == .notPermitted else { throw error }
    }
    do throws(Errno) {
      try removeDirectory(name, from: directory)
      return true
    } catch {
      guard error == .directoryNotEmpty || error == .fileExists else { throw error }
      return false
    }
  }

  private static func moveUp(
    _ name: FilePath, from directory: FileDescriptor, to top: FileDescriptor, _ number: inout Int
  ) throws(Errno) {
    while true {
      number += 1
      do throws(Errno) {
        return try rename(name, from: directory, to: FilePath("littlectr-\(number)"), in: top)
      } catch {
        // The name is taken by what the container has left there.
        guard error == .directoryNotEmpty || error == .fileExists || error == .notDirectory else { throw error }
      }
    }
  }
}
