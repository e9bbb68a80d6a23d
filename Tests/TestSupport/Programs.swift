import Glibc

/// Where programs lie: those that the tests use, and littlectr itself.
package enum Programs {
  /// The PATH that the tests' programs get.
  package static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

  /// The littlectr to test: $LITTLECTR, else the one that was built beside the tests.
  package static let littlectr: String = {
    if let path = getenv("LITTLECTR"), path.pointee != 0 { return absolute(String(cString: path)) }
    let own = (try? FileTree.linkTarget("/proc/self/exe")) ?? ""
    return String(own[..<(own.lastIndex(of: "/") ?? own.startIndex)]) + "/littlectr"
  }()

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
