public import Pipeline

/// Gives the container a session keyring of its own, with nothing in it: keyrings(7).
public struct Keyring: IsolationStage {
  public static let name = "keyring"
  public static let synonyms = ["keyrings", "keys", "sessionkeyring"]
  public static let help = """
    A session keyring of its own, with nothing in it.
    Kernel keys hold what unlocks your encrypted files, and tickets of Kerberos. Without it the command has those of your \
    session: it can read and use them, and put others among them. Without userns the user keyring is still \
    yours; and a key that your user id may read by its number can be read inside, unless seccomp refuses keyctl.
    """
  public static let follows: KeyValuePairs = [Facet.user: "the keyring is the user's"]
  public static let diagnostics = [quota, unknown, filtered]

  static let quota = Advice(
    .diskQuotaExceeded, why: "you have as many keys as you may, {used}: sysctl kernel.keys.{kind}",
    fix: "end what holds them, as /proc/keys lists it, or as root: sysctl -w kernel.keys.{kind}={more}")
  static let unknown = Advice(
    .noFunction, why: "this kernel has no keys, or an outer container's filter hides them",
    fix: "write 'off' or 'try' before keyring")
  static let filtered = Advice(
    .notPermitted, why: "an outer container's seccomp filter refuses keyctl",
    fix: "write 'off' before keyring, or run the outer container with a filter that allows it")

  public init() {}

  public func shape(_ container: inout Container) {
    container.unshare("keyring")
    if !container.namespaces.contains(.user) {
      container.share(SharedThing("keyring", "the user keyring of your id, and what keys it holds: keyrings(7)"))
    }
  }

  public func beforeExec(_ container: Container) -> [Step] {
    [
      .joinNewSessionKeyring.advice(Self.unknown).advice(Self.filtered).advice(.diskQuotaExceeded) { evidence in
        Self.quota.filled(Self.used(evidence.host))
      }
    ]
  }

  /// How many keys, or bytes of them, are used of how many: the user's line of /proc/key-users, `1000: 5 4/4 3/200 97/20000`.
  private static func used(_ host: Host) -> KeyValuePairs<String, String> {
    for line in (host.text(of: "/proc/key-users") ?? "").lines {
      let fields = line.words()
      guard fields.count == 5, fields[0] == "\(host.userID):" else { continue }
      let sides = fields[3].words("/").compactMap { Int($0) }
      let isFull = sides.count == 2 && sides[0] >= sides[1]
      let used = fields[isFull ? 3 : 4]
      let most = used.words("/").last.flatMap { Int($0) } ?? 0
      let kind = (host.isRoot ? "root_" : "") + (isFull ? "maxkeys" : "maxbytes")
      return ["used": used, "kind": kind, "more": String(most * 2)]
    }
    return ["used": "all", "kind": host.isRoot ? "root_maxkeys" : "maxkeys", "more": "1000"]
  }
}
