public import Pipeline

/// Gives the container a cgroup tree that begins at its own cgroup: cgroup_namespaces(7).
public struct CgroupNS: IsolationStage {
  public static let name = "cgroupns"
  public static let synonyms = ["cgroup", "cgroups", "cgroupnamespace"]
  public static let help = """
    A view of the cgroup tree that begins at the container's own cgroup.
    Without it /proc/self/cgroup tells where in your machine's tree the container runs: in which login session, of which \
    service. It limits nothing.
    """
  public init() {}

  public var namespaces: Namespaces { .cgroup }
}
