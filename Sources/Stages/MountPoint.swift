internal import Pipeline

/// A directory of the image over which a stage mounts something of the container's own. The image is hostile: it may be
/// missing, a file, or a link to anywhere.
struct MountPoint {
  private let name: String

  /// - Parameter name: the directory's name in the root.
  init(_ name: String) { self.name = name }

  private var reachesHost: Advice {
    Advice(
      why: """
        with mount propagation={propagation} and without userns, the new /\(name) would appear on your machine, and stay
        """, fix: "write propagation=slave, or switch userns on")
  }
  private var noDirectory: Advice {
    Advice(.noSuchFileOrDirectory, why: "the image has no directory /\(name)", fix: "make one: mkdir {root}/\(name)")
  }
  private var notDirectory: Advice {
    Advice(
      .notDirectory, why: "the image's /\(name) isn't a directory", fix: "replace {root}/\(name) by an empty directory")
  }
  private var linked: Advice {
    Advice(
      .tooManySymbolicLinkLevels, why: "the image's /\(name) is a symbolic link, which could lead the mount astray",
      fix: "replace {root}/\(name) by an empty directory")
  }

  /// The refusals, for the manual.
  var diagnostics: [Advice] { [reachesHost, noDirectory, notDirectory, linked] }

  /// Refuses a container whose mounts would appear on the host.
  func check(_ container: Container) throws(Failure) {
    guard container.mountsReachHost else { return }
    throw Failure("no /\(name)", reachesHost.filled(["propagation": container.propagation.rawValue]))
  }

  /// Takes hold of the directory.
  func open(below root: Handle, into place: Handle, _ container: Container) -> Step {
    let path = container.rootPath
    return .openDirectory(FilePath(name), below: root, into: place)
      .advice(.noSuchFileOrDirectory) { _ in noDirectory.filled(["root": path.string]) }
      .advice(.notDirectory) { _ in notDirectory.filled(["root": path.string]) }
      .advice(.tooManySymbolicLinkLevels) { _ in linked.filled(["root": path.string]) }
  }
}
