internal import SystemPackage

extension Container {
  /// All that is relied on, with what links in its directories lead to, and what programs name in their first lines.
  ///
  /// - Parameter isHeld: whether mounts stay as they are. Otherwise a directory given as root is what root inside makes of it,
  ///   and where a line binds from decides nothing else.
  func relied(_ ways: inout HostWays, isHeld: Bool) -> [(Reliance, HostWay)] {
    var all = reliesBeside() + reach.reliances.filter { isHeld || $0.extent != .place }
    // A root without a layer is there to be written to.
    if isHeld, rootIsCovered || rootIsReadOnly, rootPath != "/" {
      all.append(Reliance(rootPath, .tree, "the root of this container"))
    }
    // No link of the machine's leads into a root, and no file has a name there, unless somebody has made them outside: to look
    // for these takes longer than all the rest.
    let isBound = reach.exposures.contains { $0.place != "/" }
    var found: [(Reliance, HostWay)] = []
    for reliance in all {
      let way = ways.way(to: reliance.path)
      switch reliance.extent {
      case .entries, .settings:
        found.append((reliance, way))
        if isBound { found += links(in: way, of: reliance, &ways) }
      case .program:
        // An argument may be a directory that it works in.
        if way.rest.isEmpty, way.end.found?.isDirectory == true { continue }
        found.append((reliance, way))
        found += interpreters(of: way, &ways)
      case .file, .tree, .place: found.append((reliance, way))
      }
    }
    return found
  }

  /// Whether who runs inside could change something, or make something in a directory, if it is in reach.
  func mayChange(_ found: Host.Found?) -> Bool {
    guard let found else { return true }
    // The caller's subordinate ids are the container's too.
    return host.isRoot || found.userID != 0 || found.mode & 0o022 != 0
  }

  private func links(in way: HostWay, of reliance: Reliance, _ ways: inout HostWays) -> [(Reliance, HostWay)] {
    guard way.rest.isEmpty, way.end.found?.isDirectory == true else { return [] }
    // Beside a program there may be a thousand others; who runs inside could make no link among root's.
    if reliance.extent == .entries, way.end.found?.userID == 0,
      ways.found(way.end, Array("stages.conf".utf8)) == nil
    {
      return []
    }
    var found: [(Reliance, HostWay)] = []
    for name in host.list(way.end.path) where !HostWays.isDots(name) {
      guard let entry = ways.found(way.end, name) else { continue }
      // By another of its names a file could be written.
      let isLinked = entry.isRegular && entry.links > 1
      if !entry.isLink, !isLinked { continue }
      let path = HostWays.path((way.end.names + [name])[...])
      found.append(
        (
          Reliance(
            path, isLinked ? .file : .tree, isLinked ? "which lies where a run looks" : reliance.what,
            ifAbsent: .refused),
          ways.way(to: path)
        ))
    }
    return found
  }

  private func interpreters(of way: HostWay, _ ways: inout HostWays) -> [(Reliance, HostWay)] {
    var (found, last, count) = ([(Reliance, HostWay)](), way, 0)
    // As many as the kernel follows: execve(2).
    while count < 5, last.rest.isEmpty, let (path, argument) = host.interpreter(of: last.end.path) {
      count += 1
      last = ways.way(to: path)
      found.append((Reliance(path, .file, "the interpreter of a hook's program"), last))
      guard path.bytes.suffix(4).elementsEqual("/env".utf8), let argument else { continue }
      // env(1) looks it up in PATH.
      for place in host.searched(for: argument) {
        let way = ways.way(to: place)
        let what = "where the interpreter of a hook's program is looked for"
        found.append((Reliance(place, .file, what, ifAbsent: .refused), way))
        if way.rest.isEmpty { break }
      }
    }
    return found
  }
}

extension Host {
  /// The program that a script's first line names, and the first word after it that is neither an option nor a variable; nil
  /// for what isn't a script.
  fileprivate func interpreter(of path: FilePath) -> (FilePath, argument: FilePath?)? {
    guard let text = try? contents(of: path), text.starts(with: Array("#!".utf8)) else { return nil }
    let line = text.dropFirst(2).prefix { $0 != 0x0a && $0 != 0 }
    let words = line.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }
    guard let name = words.first else { return nil }
    let argument = words.dropFirst().first { $0.first != UInt8(ascii: "-") && !$0.contains(UInt8(ascii: "=")) }
    return (FilePath(bytes: Array(name)), argument.map { FilePath(bytes: Array($0)) })
  }
}
