import Glibc

/// Where programs lie: those that the tests use, and littlectr itself.
package enum Programs {
  /// The PATH that the tests' programs get.
  package static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

  /// The littlectr to test: $LITTLECTR, otherwise the one that was built beside the tests. Where a stages.conf lies beside it,
  /// which littlectr would find, a copy.
  package static let littlectr: String = {
    var program = directory(of: (try? FileTree.linkTarget("/proc/self/exe")) ?? "") + "/littlectr"
    if let path = getenv("LITTLECTR"), path.pointee != 0 { program = absolute(String(cString: path)) }
    if access(directory(of: program) + "/stages.conf", F_OK) != 0 { return program }
    guard let place = copies, let bytes = try? FileTree.read(program) else { return program }
    try? FileTree.write(bytes, to: place + "/littlectr", mode: 0o755)
    return place + "/littlectr"
  }()

  /// A directory for the copy, which goes with this process.
  private static let copies: String? = {
    var name = Array("/tmp/littlectr-copy-XXXXXX".utf8CString)
    guard mkdtemp(&name) != nil else { return nil }
    let place = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    chmod(place, 0o755)
    atexit { Programs.copies.map { FileTree.remove($0) } }
    return place
  }()

  private static func directory(of path: String) -> String {
    String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }

  /// A program's path.
  package static func path(_ name: String) throws -> String {
    if name.contains("/") { return name }
    for directory in searchPath.split(separator: ":") where access("\(directory)/\(name)", X_OK) == 0 {
      return "\(directory)/\(name)"
    }
    throw Trouble("there is no \(name) in \(searchPath); ./setup --tests installs what the tests need")
  }

  /// Whether every user may enter all the directories on the way to a file, and execute it.
  package static func isEverybodys(_ path: String) -> Bool {
    var way = ""
    for component in path.split(separator: "/") {
      way += "/\(component)"
      var status = stat()
      if stat(way, &status) != 0 || status.st_mode & 0o001 == 0 { return false }
    }
    return true
  }

  private static func absolute(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
