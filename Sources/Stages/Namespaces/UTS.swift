public import Pipeline

/// Gives the container a host name of its own: uts_namespaces(7).
public struct UTS: IsolationStage {
  public static let name = "uts"
  public static let synonyms = ["utsns", "utsnamespace", "hostname"]
  public static let help = """
    A host name of its own.
    Without it the container sees your machine's name, and with real root it could change it.
    """
  public static let options = [StageOption("hostname", \Self.hostname, "the name seen inside", flag: "hostname")]
  public static let provides = [Facet.hostname]
  public static let diagnostics = [tooLong, unprivileged]

  static let tooLong = Advice(why: "a host name has 1 to 64 bytes, and this one has {count}", fix: "choose another one")
  static let unprivileged = Advice(
    .notPermitted, why: "only root of the namespace's owner may set its host name",
    fix: "write 'userns' with map=auto above uts, or run as root", without: "userns")

  var hostname = "littlectr"
  public init() {}

  public var namespaces: Namespaces { .uts }

  public func shape(_ container: inout Container) { container.hostname = hostname }

  public func inChild(_ container: Container) throws(Failure) -> [Step] {
    guard (1...64).contains(hostname.utf8.count) else {
      throw Failure("hostname=\(hostname.prefix(80))", Self.tooLong.filled(["count": String(hostname.utf8.count)]))
    }
    return [.setHostname(hostname).advice(Self.unprivileged)]
  }
}
