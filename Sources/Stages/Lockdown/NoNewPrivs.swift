public import Pipeline

/// Lets no program inside have more privileges than the process that starts it: prctl(2), PR_SET_NO_NEW_PRIVS.
public struct NoNewPrivs: IsolationStage {
  public static let name = "nonewprivs"
  public static let synonyms = ["nonewprivileges", "nnp"]
  public static let help = """
    No program inside gets more privileges than who starts it: set-user-ID bits and file capabilities do nothing.
    For a user who isn't root that breaks sudo, su, ping and passwd, and it can't be taken back; root inside has no use for \
    them. The kernel wants it before it lets an ordinary user's process filter its system calls (seccomp) or rule itself \
    (landlock). The root, layers and what is bound are nosuid in any case. Without it a set-user-ID program makes root \
    of any user inside where a line says nosuid=no.
    """
  public static let provides = [Facet.noNewPrivileges]

  public init() {}

  public func beforeExec(_ container: Container) -> [Step] { [.forbidNewPrivileges, .checkNewPrivileges] }
}
