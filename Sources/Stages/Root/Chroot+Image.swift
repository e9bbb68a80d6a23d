internal import Pipeline

/// Where an image is looked for.
extension Chroot {
  /// Where the root lies: the directory given, or the first place that has the image.
  func directory(_ container: Container, among directories: [FilePath]) throws(Failure) -> FilePath {
    if case .directory(let path)? = root { return path }
    guard !image.isEmpty, image != ".", image != "..", !image.utf8.contains(UInt8(ascii: "/")) else {
      throw Failure("image=\(quoted(image))", Self.badName.filled(["name": quoted(image)]))
    }
    let places = directories.map { $0.appending(image) }
    // A place that exists but can't be entered is not passed over: the step below names what is in the way. One that others
    // have closed is passed over if another has the image; who runs inside could have closed the caller's own.
    var blocked: FilePath?
    for place in places {
      if container.host.status(of: place) != nil { return place }
      guard let (_, found) = Self.obstacle(on: place, container.host) else { continue }
      if found.userID != 0, !container.host.isRoot { return place }
      blocked = blocked ?? place
    }
    if let blocked { return blocked }
    let list = Self.distinct(directories, container.host).map(\.text).joined(separator: ", ")
    throw Failure(
      "image=\(quoted(image))",
      Self.noImage.filled([
        "image": image, "places": list, "home": directories.last { !$0.starts(with: "/var") }?.text ?? list,
      ]))
  }

  /// The directories without those that come again by another name.
  private static func distinct(_ directories: [FilePath], _ host: Host) -> [FilePath] {
    var kept: [(path: FilePath, whole: FilePath, found: Host.Found?)] = []
    for path in directories {
      let whole = (host.workingDirectory?.pushing(path) ?? path).lexicallyNormalized()
      let found = host.status(of: path)
      let isThere = kept.contains { other in
        if other.whole == whole { return true }
        if let found, let other = other.found { return found.isSame(as: other) }
        return false
      }
      if isThere { continue }
      kept.append((path, whole, found))
    }
    return kept.map(\.path)
  }
}
