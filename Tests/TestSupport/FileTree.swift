import Glibc

/// Files, made and looked at without Foundation's conveniences, which hide modes and links.
package enum FileTree {
  package static func make(_ path: String, _ mode: mode_t = 0o755) throws {
    guard mkdir(path, mode) == 0, chmod(path, mode) == 0 else { throw Trouble("mkdir \(path): errno \(errno)") }
  }

  package static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard file >= 0 else { throw Trouble("open \(path): errno \(errno)") }
    defer { close(file) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress.map { $0 + written }, $0.count - written) }
      guard count > 0 else { throw Trouble("write \(path): errno \(errno)") }
      written += count
    }
    guard fchmod(file, mode) == 0 else { throw Trouble("chmod \(path): errno \(errno)") }
  }

  package static func read(_ path: String) throws -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw Trouble("open \(path): errno \(errno)") }
    defer { close(file) }
    var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
    while true {
      let count = Glibc.read(file, &buffer, buffer.count)
      if count <= 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  package static func text(_ path: String) throws -> String { String(decoding: try read(path), as: UTF8.self) }

  package static func linkTarget(_ path: String) throws -> String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink(path, &buffer, buffer.count)
    guard count >= 0 else { throw Trouble("readlink \(path): errno \(errno)") }
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  package static func entries(_ directory: String) -> [String] {
    let names = names(Array(directory.utf8CString)).map {
      String(decoding: $0.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    return names.filter { $0 != "." && $0 != ".." }.sorted()
  }

  /// Every file below a directory, with its type, mode, owner and size.
  package static func listing(_ directory: String) -> [String] {
    entries(directory).flatMap { name in
      let path = "\(directory)/\(name)"
      var status = stat()
      guard lstat(path, &status) == 0 else { return [path] }
      let isDirectory = status.st_mode & S_IFMT == S_IFDIR
      let size = isDirectory ? 0 : status.st_size
      let line = "\(path) \(String(status.st_mode, radix: 8)) \(status.st_uid):\(status.st_gid) \(size)"
      return [line] + (isDirectory ? listing(path) : [])
    }
  }

  /// What tells contents apart, within one run of the tests.
  package static func digest(_ bytes: [UInt8]) -> Int {
    var hasher = Hasher()
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    return hasher.finalize()
  }

  /// Whether a text stands somewhere in bytes.
  package static func holds(_ bytes: [UInt8], _ text: String) -> Bool {
    let part = Array(text.utf8)
    guard let first = part.first else { return true }
    return bytes.withUnsafeBytes { all in
      var rest = all[...]
      while rest.count >= part.count, let base = all.baseAddress,
        let found = memchr(base + rest.startIndex, Int32(first), rest.count)
      {
        let index = UnsafeRawPointer(found) - base
        if all.count - index >= part.count, memcmp(found, part, part.count) == 0 { return true }
        rest = all[(index + 1)...]
      }
      return false
    }
  }

  /// All that can be told of a directory and every file below it: type, mode, owner, links, size, time of change, contents.
  package static func fingerprint(_ path: String) throws -> [String] {
    var status = stat()
    guard lstat(path, &status) == 0 else { throw Trouble("lstat \(path): errno \(errno)") }
    let kind = status.st_mode & S_IFMT
    let contents =
      switch kind {
      case S_IFREG: digest(try read(path))
      case S_IFLNK: try linkTarget(path).hashValue
      default: 0
      }
    let time = "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) \(status.st_ctim.tv_sec).\(status.st_ctim.tv_nsec)"
    let owner = "\(status.st_uid):\(status.st_gid)"
    let line =
      "\(path) \(String(status.st_mode, radix: 8)) \(owner) \(status.st_nlink) \(status.st_size) \(time) \(contents)"
    return [line] + (kind == S_IFDIR ? try entries(path).flatMap { try fingerprint("\(path)/\($0)") } : [])
  }

  /// Gives a file, and what is below it, to somebody.
  package static func give(_ path: String, to ids: (user: uid_t, group: gid_t)) throws {
    guard lchown(path, ids.user, ids.group) == 0 else { throw Trouble("chown \(path): errno \(errno)") }
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return }
    for name in entries(path) { try give("\(path)/\(name)", to: ids) }
  }

  /// Removes a file, and what is below it, whatever the modes of the directories, and the bytes of the names.
  package static func remove(_ path: String) { remove(Array(path.utf8CString)) }

  private static func remove(_ path: [CChar]) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    if status.st_mode & S_IFMT == S_IFDIR {
      chmod(path, 0o700)
      for name in names(path) where name != [0x2e, 0] && name != [0x2e, 0x2e, 0] {
        remove(path.dropLast() + [0x2f] + name)
      }
    }
    _ = Glibc.remove(path)
  }

  /// The names in a directory, each with its final zero.
  private static func names(_ directory: [CChar]) -> [[CChar]] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var names: [[CChar]] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { $0.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0] })
    }
    return names
  }
}
