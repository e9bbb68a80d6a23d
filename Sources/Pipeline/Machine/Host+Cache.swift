internal import SystemPackage

extension FilterCache {
  /// The cache of the user who runs littlectr on a machine.
  public init(_ host: Host) {
    self.init(of: host.userID, in: { host.cacheDirectories }, mayMake: { host.isInOwnPlace($0) })
  }
}

extension Host {
  /// The directories that caches may be in, in this order: the second only if the first is somebody else's.
  fileprivate var cacheDirectories: [FilePath] {
    if let cache = absolutePath(in: "XDG_CACHE_HOME") { return [cache] }
    let home = absolutePath(in: "HOME")
    if let home, status(of: home)?.userID == userID { return [home.appending(".cache")] }
    return (self.home ?? home).map { [$0.appending(".cache")] } ?? []
  }

  /// Whether a directory would lie in one of the caller's own: what isn't there is made only in one's own home, which HOME needn't
  /// be, since sudo may leave it as it is.
  fileprivate func isInOwnPlace(_ directory: FilePath) -> Bool {
    var way = directory
    while way.removeLastComponent() {
      if let found = status(of: way) { return found.userID == userID && found.mode & 0o022 == 0 }
    }
    return false
  }
}
