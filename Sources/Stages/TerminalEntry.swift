internal import Pipeline

/// The description of the caller's terminal, where it isn't among those that every machine has: terminfo(5).
struct TerminalEntry {
  /// Where it is in the container, as TERMINFO names it.
  static let directory: FilePath = "/run/terminfo"

  /// The path below the directory.
  let path: FilePath
  let contents: [UInt8]

  /// The entry that the caller's programs use; nil if it lies where the container's find theirs, or nowhere.
  init?(_ host: Host) {
    guard let name = host.variable("TERM"), let first = name.utf8.first, first != UInt8(ascii: "."),
      name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "/") })
    else { return nil }
    let places = ["\(Character(UnicodeScalar(first)))", String(first, radix: 16)].map { FilePath($0).appending(name) }
    func has(_ directory: FilePath) -> FilePath? {
      places.first { host.status(of: directory.appending($0.string)).map { !$0.isDirectory } == true }
    }
    let own =
      [host.variable("TERMINFO"), host.variable("HOME").map { $0 + "/.terminfo" }]
      + (host.variable("TERMINFO_DIRS") ?? "").split(separator: ":").map { String($0) }
    for directory in own.compactMap(\.self) where directory.hasPrefix("/") {
      guard let place = has(FilePath(directory)) else { continue }
      if directory.hasPrefix("/usr/") || directory.hasPrefix("/lib/") || directory.hasPrefix("/etc/") { return nil }
      guard let bytes = try? host.contents(of: FilePath(directory).appending(place.string)), bytes.count <= 65536,
        bytes.starts(with: [0x1a, 0x01]) || bytes.starts(with: [0x1e, 0x02])
      else { return nil }
      (path, contents) = (place, bytes)
      return
    }
    return nil
  }

  /// Makes it below the container's root.
  func make(below root: Handle) -> [Step] {
    let (directory, entry) = ("run/terminfo", path.names)
    return [
      .makeDirectory(FilePath(directory), below: root),
      .makeDirectory(FilePath("\(directory)/\(entry[0])"), below: root),
      .writeFile(FilePath("\(directory)/\(path)"), below: root, contents),
    ]
  }
}
