public import Pipeline

/// Gives the container a network of its own, in which it is alone: network_namespaces(7).
public struct Net: IsolationStage {
  public static let name = "net"
  public static let synonyms = ["network", "netns", "netnamespace", "networknamespace", "networking", "loopback"]
  public static let help = """
    A network of its own, in which there is nothing but the container itself, at 127.0.0.1 and ::1.
    Nothing outside can be reached, nor reaches what listens inside. Without it the network is your machine's: its \
    addresses and ports, what listens on 127.0.0.1, its abstract Unix sockets, and access to the internet.
    """
  public static let diagnostics = [unprivileged]

  static let unprivileged = Advice(
    .notPermitted, why: "only root of the namespace's owner may switch its device lo on",
    fix: "write 'userns' above net, or run as root", without: "userns")

  public init() {}

  public var namespaces: Namespaces { .network }

  public func inChild(_ container: Container) -> [Step] {
    [.switchOn(device: "lo").advice(Self.unprivileged).remark("127.0.0.1 and ::1 answer")]
  }
}
