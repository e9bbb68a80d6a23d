internal import Kernel
internal import Pipeline
internal import SystemPackage

/// What every run takes as it is, whatever the stages: littlectr itself, files of settings, images, kept filters.
enum Reliances {
  static func all(_ configuration: Configuration, _ host: Host) -> [Reliance] {
    var all = configuration.ways.map { Reliance($0.path, .file, "a file of this configuration") } + program(host)
    if !configuration.file.isBuiltIn {
      all.append(Reliance(configuration.directory.appending("images"), .settings, "images", ifAbsent: .made))
    }
    if let name = host.variable("LITTLECTR_CONF"), name.contains(UInt8(ascii: "/")) {
      // A relative path is another file in each directory.
      let absence: Reliance.Absence = name.first == UInt8(ascii: "/") ? .refused : .ignored
      all.append(Reliance(FilePath(bytes: name), .file, "the file of $LITTLECTR_CONF", ifAbsent: absence))
    }
    // By /etc/passwd, which is read each time.
    let home = host.home
    for base in bases("XDG_CONFIG_HOME", ".config", home, host) {
      all.append(Reliance(base.appending("littlectr"), .settings, "where a stages.conf is looked for", ifAbsent: .made))
    }
    for base in bases("XDG_DATA_HOME", ".local/share", home, host) {
      let directory = base.appending("littlectr")
      all.append(Reliance(directory, .tree, "where images are looked for", ifAbsent: .made))
      all.append(Reliance(directory.appending("images"), .settings, "images"))
    }
    for base in bases("XDG_CACHE_HOME", ".cache", home, host) {
      let what = "where compiled filters, and where links lead, are kept"
      all.append(Reliance(base.appending("littlectr"), .tree, what, ifAbsent: .made))
    }
    return all + [
      Reliance("/etc/littlectr", .settings, "where a stages.conf is looked for", ifAbsent: .made),
      Reliance("/var/lib/littlectr/images", .settings, "images"),
      Reliance("/var/lib/littlectr", .tree, "where images are looked for", ifAbsent: .made),
    ]
  }

  /// littlectr, and what lies beside it.
  private static func program(_ host: Host) -> [Reliance] {
    guard let path = host.ownProgram else { return [] }
    var all = [
      Reliance(path, .file, "littlectr itself"),
      // By a name alone, --conf takes any file that lies there.
      Reliance(path.parent, .entries, "the directory of littlectr itself"),
      Reliance(path.parent.appending("images"), .settings, "images"),
    ]
    // It may have been started by a link to it.
    if let name = ProcessContext.programName {
      let isPath = name.contains(UInt8(ascii: "/"))
      let places = isPath ? [FilePath(bytes: name)] : host.searched(for: FilePath(bytes: name))
      if let start = places.first(where: { host.mayExecute($0) }) {
        all.append(Reliance(start, .file, "littlectr itself"))
      }
    }
    return all
  }

  /// Where files of a user's lie: by the variable, and as it is without.
  private static func bases(_ variable: String, _ usual: FilePath, _ home: FilePath?, _ host: Host) -> [FilePath] {
    [host.absolutePath(in: variable), host.absolutePath(in: "HOME")?.pushing(usual), home?.pushing(usual)]
      .compactMap(\.self)
  }
}
