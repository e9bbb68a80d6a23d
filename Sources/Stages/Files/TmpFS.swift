public import Pipeline

/// Gives the container an empty directory in memory: tmpfs(5).
public struct TmpFS: IsolationStage {
  public static let name = "tmpfs"
  public static let synonyms = ["tmp", "ramfs"]
  public static let help = """
    An empty directory in memory, which is gone with the container.
    Without it what programs write to /tmp lies in the root, wherever that is.
    """
  public static let options = [
    StageOption("to", \Self.to, "where it is in the container"),
    StageOption("size", \Self.size, "how much it may hold; half of the machine's memory if not given", syntax: "SIZE"),
    StageOption("mode", \Self.mode, "its permissions, in octal"),
    StageOption("noexec", \Self.noExecute, "nothing in it can be executed"),
  ]
  public static let isRepeatable = true
  public static let provides = [Facet.files]
  public static let needs = Bind.needs
  public static let follows = Bind.follows
  public static let diagnostics =
    [noPlace, isRoot] + InnerPath.diagnostics + Filesystem.diagnostics + MountPoint.diagnostics

  static let noPlace = Advice(why: "the line doesn't say where", fix: "write tmpfs to=/tmp")
  static let isRoot = Advice(
    why: "to=/ would cover the whole container", fix: "write overlay, which keeps the image and writes to memory")

  var to: InnerPath?
  var size: MemorySize?
  var mode = FileMode(bits: 0o1777)
  var noExecute = false
  public init() {}

  public func shape(_ container: inout Container) {
    guard let to else { return }
    container.put(nil, at: to.path)
    container.give(to.path)
  }

  public func inChild(_ container: Container) throws(Failure) -> [Step] {
    guard let place = to else { throw Failure("no directory is made", Self.noPlace) }
    try place.check(container)
    let to = place.path
    if to.components.isEmpty { throw Failure("to=\(to)", Self.isRoot) }
    let mount = Handle("tmpfs")
    let attributes: MountAttributes = noExecute ? [.noSetUserID, .noDevices, .noExecute] : [.noSetUserID, .noDevices]
    return Filesystem.tmpfs(
      size: size, mode: mode.optionText, attributes, into: mount, for: Self.name, isRepeatable: true)
      + (try Place(to, .directory, in: container).attach(mount))
  }
}
