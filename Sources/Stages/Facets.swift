public import Pipeline

// Speed: a name of at most 15 bytes is compared without a look at memory, and each start compares some hundred.

/// What the built-in stages give. Stages of other packages may rely on it, or give it in their stead.
extension Facet {
  /// The ids of a user namespace.
  public static let userNamespace = Facet("user namespace")
  /// A table of mounts that isn't the host's.
  public static let mounts = Facet("mounts")
  /// A root directory.
  public static let root = Facet("root", onlyOnce: "a container has one root")
  /// What lies over the root and takes what is written.
  public static let layer = Facet("layer")
  /// Something at a place in the root, for the command to find.
  public static let files = Facet("files")
  /// A host name.
  public static let hostname = Facet("host name")
  /// A /dev.
  public static let devices = Facet("/dev")
  /// A terminal of the container's own.
  public static let terminal = Facet("terminal")
  /// The limits of setrlimit(2).
  public static let limits = Facet("limits")
  /// As whom the command runs.
  public static let user = Facet("user")
  /// Where the command begins.
  public static let workingDirectory = Facet("workdir")
  /// That no program gains privileges.
  public static let noNewPrivileges = Facet("nonewprivs")
  /// That privileges of root's have been given up: what takes them precedes it.
  public static let lesserPrivileges = Facet("lesser rights")
}
