internal import Kernel
public import SystemPackage

/// Where a configuration is looked for, in which order. Never in the directory in which littlectr happens to be started:
/// whoever wrote what lies there, a repository or a program in the last container, would decide what the next one is.
public struct ConfigurationSearch: Sendable {
  let host: Host

  /// The search on a machine.
  public init(_ host: Host) { self.host = host }

  private static let usualName = "stages.conf"
  private static let end = ".conf"

  /// The directories in which a file is looked for, in this order.
  public var directories: [(origin: ConfigurationFile.Origin, path: FilePath)] {
    var directories: [(ConfigurationFile.Origin, FilePath)] = []
    if let beside = host.programDirectory { directories.append((.program, beside)) }
    if let home = host.directory(of: "XDG_CONFIG_HOME", inHome: ".config") {
      directories.append((.user, home.appending("littlectr")))
    }
    return directories + [(.machine, "/etc/littlectr")]
  }

  /// The file to use: the one named, or the first that is there of the usual places, or the text inside the binary.
  ///
  /// - Parameter name: what --conf names: a path if it has a slash; otherwise a file of the usual places.
  public func file(named name: String?, default text: [UInt8]) throws(Failure) -> ConfigurationFile {
    if let name { return try file(Array(name.utf8), "--conf", .named) }
    if let name = host.variable("LITTLECTR_CONF"), !name.isEmpty { return try file(name, "LITTLECTR_CONF", .variable) }
    for (origin, directory) in directories {
      if let file = try file(ifThere: directory.appending(Self.usualName), origin) { return file }
    }
    return ConfigurationFile(name: "built-in stages.conf", bytes: text, isBuiltIn: true)
  }

  /// A file by its path, or by its name alone, which may lack `.conf`.
  private func file(_ name: [UInt8], _ option: String, _ origin: ConfigurationFile.Origin) throws(Failure)
    -> ConfigurationFile
  {
    if name.contains(UInt8(ascii: "/")) {
      var file = try ConfigurationFile(FilePath(bytes: name), host: host)
      file.origin = origin
      return file
    }
    let end = Array(Self.end.utf8)
    let isWhole = name.reversed().starts(with: end.reversed())
    if !name.isEmpty, ![[0x2e], [0x2e, 0x2e]].contains(name) {
      for (_, directory) in directories {
        for name in isWhole ? [name] : [name + end, name] {
          let path = directory.pushing(FilePath(bytes: name))
          // A directory of that name beside the program isn't what is meant.
          if !isWhole, host.status(of: path).map({ !$0.isRegular }) ?? false { continue }
          if let file = try file(ifThere: path, origin) { return file }
        }
      }
    }
    throw missing(name, option)
  }

  private func file(ifThere path: FilePath, _ origin: ConfigurationFile.Origin) throws(Failure) -> ConfigurationFile? {
    do throws(Failure) {
      var file = try ConfigurationFile(path, isFound: true, host: host)
      file.origin = origin
      return file
    } catch {
      // Only a file that isn't there is passed over: one that can't be read or trusted might have asked for more.
      guard error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory else { throw error }
      return nil
    }
  }

  private func missing(_ name: [UInt8], _ option: String) -> Failure {
    let places = directories.map { $0.path.text }.joined(separator: ", ")
    let here = [name, name + Array(Self.end.utf8)].first {
      !$0.isEmpty && host.status(of: FilePath(bytes: [0x2e, 0x2f] + $0))?.isRegular == true
    }
    let values: KeyValuePairs = ["name": shown(name), "places": places, "here": shown(here ?? name)]
    let advice = here == nil ? ConfigurationAdvice.nameless : ConfigurationAdvice.onlyHere
    var failure = Failure("no configuration is called \(quoted(name))", advice.filled(values))
    failure.location = Location(file: option)
    return failure
  }

  /// What to tell of a stages.conf in the directory in which littlectr was started, which isn't the one in use; nil where
  /// there is none, or where another was asked for with --conf.
  public func neglected(for file: ConfigurationFile) -> String? {
    guard file.origin != .named, let found = host.status(of: FilePath(Self.usualName)), found.isRegular else {
      return nil
    }
    if let identity = file.identity, (identity.device, identity.inode) == (found.device, found.inode) { return nil }
    return
      "the stages.conf of this directory isn't used, but \(file.isBuiltIn ? "the one inside the program" : file.name)"
      + "; to use it: --conf ./\(Self.usualName)"
  }
}

extension Host {
  /// A directory of the caller's that a variable names, or otherwise one in the home directory. What isn't an absolute path
  /// counts for nothing: it would begin in the directory in which littlectr happens to be started.
  public func directory(of variable: String, inHome path: FilePath) -> FilePath? {
    absolutePath(in: variable) ?? absolutePath(in: "HOME")?.pushing(path)
  }
}
