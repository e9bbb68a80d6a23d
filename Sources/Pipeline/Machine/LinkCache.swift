internal import Kernel
public import SystemPackage

/// Where the links of a directory lead that lead out of it.
public struct LinkTargets: Sendable {
  /// The paths, absolute, each once.
  public let paths: [FilePath]
  /// The step that keeps those of them that matter for the next time; nil if they are kept, or can't be.
  public let keep: (@Sendable (_ paths: [FilePath]) -> Step)?

  /// Targets.
  public init(paths: [FilePath], keep: (@Sendable ([FilePath]) -> Step)? = nil) {
    (self.paths, self.keep) = (paths, keep)
  }
}

/// Where links lead out of the host's /usr. To search it takes a quarter of a second, so what was found is kept in the user's
/// cache directory, until something changes in the upper directories of the tree, in /etc, or in what packages are installed.
///
/// A file there counts under the rules of `FilterCache`. Who uses the paths looks at each himself.
struct LinkCache {
  let host: Host

  init(_ host: Host) { self.host = host }

  private static let beginning = "littlectr links "
  private static let databases: [FilePath] = [
    "/var/lib/dpkg/status", "/var/lib/rpm", "/usr/lib/sysimage/rpm", "/var/lib/pacman/local", "/lib/apk/db/installed",
  ]

  func targets(of root: FilePath) -> LinkTargets {
    let trees = [(root, 2), ("/etc", 1), ("/etc/alternatives", 0)] + Self.databases.map { ($0, 0) }
    let stamp = Array((Self.beginning + root.text + " " + String(Syscall.stamp(of: trees), radix: 16)).utf8)
    let place = directory()
    if case .there(let directory) = place, let paths = read(stamp, in: directory) { return LinkTargets(paths: paths) }
    let found = (try? Syscall.targetsOfLinks(leaving: root)) ?? []
    let paths = found.map { FilePath(bytes: Array($0)) }
    guard let place else { return LinkTargets(paths: paths) }
    return LinkTargets(paths: paths) { Self(host).keep([stamp] + $0.map(\.bytes), in: place.path) }
  }

  private enum Place {
    case there(FilePath)
    case possible(FilePath)

    var path: FilePath {
      switch self {
      case .there(let path), .possible(let path): path
      }
    }
  }

  /// The directory for it.
  private func directory() -> Place? {
    let cache = FilterCache(host)
    for base in cache.bases() {
      let path = base.appending("littlectr")
      if let opened = try? FilterCache.open(path) {
        defer { try? Syscall.close(opened) }
        if let status = try? Syscall.status(of: opened), cache.isOwn(status) { return .there(path) }
      } else if cache.mayMake(path) {
        return .possible(path)
      }
    }
    return nil
  }

  private func read(_ stamp: [UInt8], in path: FilePath) -> [FilePath]? {
    guard let directory = try? FilterCache.open(path) else { return nil }
    defer { try? Syscall.close(directory) }
    guard let file = try? Syscall.open("links", [.read, .noFollow, .nonBlocking], from: directory) else { return nil }
    defer { try? Syscall.close(file) }
    guard let status = try? Syscall.status(of: file), status.isRegular, FilterCache(host).isOwn(status),
      status.size < 2 << 20, let bytes = try? Syscall.readWhole(file, size: Int(status.size))
    else { return nil }
    let lines = bytes.split(separator: 0, omittingEmptySubsequences: false)
    // What isn't whole has no empty line at its end.
    guard lines.count > 1, lines.last?.isEmpty == true, lines[0].elementsEqual(stamp) else { return nil }
    return lines[1..<(lines.count - 1)].map { FilePath(bytes: Array($0)) }
  }

  private func keep(_ lines: [[UInt8]], in directory: FilePath) -> Step {
    let (path, parent) = (directory, directory.parent)
    let (bytes, cache) = (lines.flatMap { $0 + [UInt8(0)] }, FilterCache(host))
    return Step(
      """
      mkdirat(AT_FDCWD, \(quoted(parent)), 0700)
      mkdirat(AT_FDCWD, \(quoted(path)), 0700)
      openat(AT_FDCWD, \(quoted(path)), O_RDONLY|O_NOFOLLOW|O_CLOEXEC|O_DIRECTORY) = <cache>
      unlinkat(<cache>, "links.new", 0)
      openat(<cache>, "links.new", O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0600) = <kept>
      close(<kept>)
      renameat2(<cache>, "links.new", <cache>, "links", 0)
      close(<cache>)
      """
    ) { () throws(Errno) in
      try? Syscall.makeDirectory(parent, mode: 0o700)
      try? Syscall.makeDirectory(directory, mode: 0o700)
      guard let opened = try? FilterCache.open(path) else { return }
      defer { try? Syscall.close(opened) }
      guard let status = try? Syscall.status(of: opened), cache.isOwn(status) else { return }
      try? Syscall.removeFile("links.new", from: opened)
      guard let file = try? Syscall.create("links.new", mode: 0o600, from: opened) else { return }
      let isWritten = (try? Syscall.write(bytes, to: file)) != nil
      try? Syscall.close(file)
      if isWritten, (try? Syscall.rename("links.new", from: opened, to: "links", in: opened)) != nil { return }
      try? Syscall.removeFile("links.new", from: opened)
    }.headline("openat(\(quoted(path)), \"links.new\", …)").remark("where links of /usr lead, for the next time")
  }
}
