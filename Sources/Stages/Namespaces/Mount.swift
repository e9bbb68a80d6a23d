public import Pipeline

/// Gives the container a table of mounts of its own: mount_namespaces(7).
public struct Mount: IsolationStage {
  public static let name = "mount"
  public static let synonyms = ["mnt", "mntns", "mountns", "mounts", "mountnamespace", "mntnamespace"]
  public static let help = """
    A table of mounts of its own.
    What is mounted inside stays inside, and ends with the container. Without it nothing can be mounted at all, or with \
    real root, your machine's mounts would change.
    """
  public static let options = [
    StageOption(
      "propagation", \Self.propagation,
      "private: no mount passes; slave: the host's mounts appear inside; shared: both ways; unchanged: as the host has it"
    )
  ]
  public static let provides = [Facet.mounts]
  public static let follows: KeyValuePairs = [
    Facet.userNamespace: "mounts are made with the privileges of the user namespace"
  ]
  public static let diagnostics = [unprivileged]

  static let unprivileged = Advice(
    .notPermitted, why: "only root of the mount namespace's owner may change its mounts",
    fix: "write 'userns' with map=auto above mount, or run as root", without: "userns")

  var propagation = Container.Propagation.private
  public init() {}

  public var namespaces: Namespaces { .mount }
  public func shape(_ container: inout Container) { container.propagation = propagation }

  public func inChild(_ container: Container) -> [Step] {
    let wanted: MountPropagation
    switch propagation {
    case .private: wanted = .private
    case .slave: wanted = .slave
    case .shared: wanted = .shared
    case .unchanged: return []
    }
    return [.setPropagation(wanted, of: "/", recursively: true).advice(Self.unprivileged)]
  }
}
