internal import Pipeline

/// The description of the caller's terminal, where it isn't among those that every machine has: terminfo(5).
struct TerminalEntry {
  /// Where it is in the container, as TERMINFO names it.
  static let directory: FilePath = "/run/terminfo"

  /// The path below the directory.
  let path: FilePath
  let contents: [UInt8]
  /// Where it lies on the host.
  let source: FilePath

  /// The entry that the caller's programs use; nil if it lies where the container's find theirs, or nowhere.
  init?(_ host: Host) {
    guard let name = host.variable("TERM").flatMap({ String(validating: $0, as: UTF8.self) }),
      let first = name.utf8.first, first != UInt8(ascii: "."),
      name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "/") })
    else { return nil }
    let places = ["\(Character(UnicodeScalar(first)))", String(first, radix: 16)].map { FilePath($0).appending(name) }
    func has(_ directory: FilePath) -> FilePath? {
      places.first { host.status(of: directory.pushing($0)).map { !$0.isDirectory } == true }
    }
    let listed = (host.variable("TERMINFO_DIRS") ?? []).split(separator: UInt8(ascii: ":"))
    let own =
      [host.absolutePath(in: "TERMINFO"), host.absolutePath(in: "HOME")?.appending(".terminfo")]
      + listed.filter { $0.first == UInt8(ascii: "/") }.map { FilePath(bytes: Array($0)) }
    for directory in own.compactMap(\.self) {
      guard let place = has(directory) else { continue }
      for known in ["/usr/", "/lib/", "/etc/"] where directory.bytes.starts(with: known.utf8) { return nil }
      guard let bytes = try? host.contents(of: directory.pushing(place)), bytes.count <= 65536,
        bytes.starts(with: [0x1a, 0x01]) || bytes.starts(with: [0x1e, 0x02])
      else { return nil }
      (path, contents, source) = (place, bytes, directory.pushing(place))
      return
    }
    return nil
  }

  /// Makes it below the container's root.
  func make(below root: Handle) -> [Step] {
    let (directory, entry) = (Self.directory.withoutSlash, path.names)
    return [
      .makeDirectory(directory, below: root),
      .makeDirectory(directory.pushing(entry[0]), below: root),
      .writeFile(directory.pushing(path), below: root, contents),
    ]
  }
}
