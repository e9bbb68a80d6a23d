public import Pipeline

/// Gives the container the files of /etc that belong to a machine and not to an image: resolv.conf(5), hosts(5), hostname(5).
public struct Etc: IsolationStage {
  public static let name = "etc"
  public static let synonyms = ["dns", "resolv", "resolv.conf", "hosts"]
  public static let help = """
    /etc/resolv.conf, /etc/hosts and /etc/hostname that fit the container.
    They are put over the image's, which stay as they are; where one of those is a link, it isn't followed. Without it \
    names are looked up as the image has it, which mostly means not at all.
    """
  public static let options = [
    StageOption(
      "resolv", \Self.resolv,
      "auto: the host's name servers, as far as they can be reached; host: exactly the host's file; none: the image's"),
    StageOption(
      "hosts", \Self.hosts,
      "auto: the container itself, and with the host's network the host's names; host: the host's file; none: the image's"
    ),
    StageOption(
      "hostname", \Self.hostname, "auto: the name that uts gives; none: the image's file; any other word: that name",
      syntax: "auto|none|NAME"),
  ]
  public static let provides = [Facet.files]
  public static let needs = Bind.needs
  public static let follows: KeyValuePairs = [
    Facet.userNamespace: "its files belong to the ids of the user namespace",
    .hostname: "the files tell the name that it gives",
    .root: "it is the new root that they are put into", .layer: "the layer would cover them",
  ]
  public static let diagnostics = [unreadable, badName] + Filesystem.diagnostics + MountPoint.diagnostics

  static let unreadable = Advice(
    .noSuchFileOrDirectory, why: "the host's {file} can't be read", fix: "write {key}=none, or {key}=auto")
  static let badName = Advice(why: "a name has 1 to 64 letters, digits, '-' and '.'", fix: "write hostname=auto")

  enum Source: String, CaseIterable {
    case auto
    case host
    case none
  }

  enum Resolver: OptionValue, Equatable {
    case auto
    case host
    case none
    case address(String)

    var isAddress: Bool { if case .address = self { true } else { false } }

    static let syntax = "auto|host|none|ADDRESS"
    static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> Resolver {
      switch text {
      case "auto": return .auto
      case "host": return .host
      case "none": return .none
      default:
        guard NetworkAddress.isAddress(text) else {
          throw ValueError(
            expected: "auto, host, none, or the address of a name server", words: ["auto", "host", "none"])
        }
        return .address(text)
      }
    }
    var optionText: String {
      switch self {
      case .auto: "auto"
      case .host: "host"
      case .none: "none"
      case .address(let text): text
      }
    }
  }

  var resolv = Resolver.auto
  var hosts = Source.auto
  var hostname = "auto"
  public init() {}

  public func shape(_ container: inout Container) {
    // A layer is no help where the image belongs to somebody who isn't mapped.
    let remedy = container.stagesInUse.contains("overlay") ? "take an image of your own" : "switch overlay on"
    for path in passedOver(container) {
      container.warnings.append(
        "etc: the image has no \(path), so auto leaves it out, and names of that kind aren't found; \(remedy), or make the file"
      )
    }
  }

  public func inChild(_ container: Container) throws(Failure) -> [Step] {
    let all: [(FilePath, [UInt8]?)] = [
      ("/etc/resolv.conf", try resolverFile(container)), ("/etc/hosts", try hostsFile(container)),
      ("/etc/hostname", try hostnameFile(container)),
    ]
    var files = SmallFiles()
    let passedOver = passedOver(container)
    // With the host's root it has the host's files already, but for what the line says otherwise.
    let isOwn = container.root != nil
    let isNamed = hostname != "auto" && hostname != "none"
    for (path, contents) in all where !passedOver.contains(path) {
      let isSaid = path == "/etc/resolv.conf" ? resolv.isAddress : path == "/etc/hostname" && isNamed
      if let contents, isOwn || isSaid { files.files.append((path, contents, FileMode(bits: 0o644))) }
    }
    return try files.make(in: container, for: Self.name)
  }

  /// What `auto` doesn't insist on: files that an image doesn't have, which can't be made there.
  private func passedOver(_ container: Container) -> [FilePath] {
    guard container.root != nil, !container.rootMayChange else { return [] }
    let optional: [(FilePath, Bool)] = [
      ("/etc/resolv.conf", resolv == .auto), ("/etc/hosts", hosts == .auto), ("/etc/hostname", hostname == "auto"),
    ]
    return optional.filter { $0.1 }.map(\.0).filter { path in
      let place = path.inside(container.rootPath)
      return container.host.status(of: place) == nil && container.host.linkTarget(of: place) == nil
    }
  }

  /// The name servers; nil for the image's.
  private func resolverFile(_ container: Container) throws(Failure) -> [UInt8]? {
    let (file, host) = ("/etc/resolv.conf" as FilePath, container.host)
    switch resolv {
    case .none: return nil
    case .address(let address): return Array("nameserver \(address)\n".utf8)
    case .host: return try contents(of: file, "resolv", host)
    case .auto:
      guard let found = try? host.contents(of: file) else { return nil }
      // A server on the host's loopback can't be reached from another network: systemd-resolved tells whom it asks.
      let isReachable = !container.namespaces.contains(.network) || Self.hasReachableServer(found)
      return isReachable ? found : (try? host.contents(of: "/run/systemd/resolve/resolv.conf")) ?? found
    }
  }

  private func hostsFile(_ container: Container) throws(Failure) -> [UInt8]? {
    let file: FilePath = "/etc/hosts"
    let own = container.hostname.map { "127.0.1.1\t\($0)\n" } ?? ""
    switch hosts {
    case .none: return nil
    case .host: return try contents(of: file, "hosts", container.host)
    case .auto:
      if !container.namespaces.contains(.network), let found = try? container.host.contents(of: file) {
        return found + (found.last == UInt8(ascii: "\n") || found.isEmpty ? [] : [UInt8(ascii: "\n")]) + Array(own.utf8)
      }
      return Array(("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n" + own).utf8)
    }
  }

  private func hostnameFile(_ container: Container) throws(Failure) -> [UInt8]? {
    if hostname == "none" { return nil }
    if hostname == "auto" { return container.hostname.map { Array(($0 + "\n").utf8) } }
    let isName = hostname.utf8.allSatisfy { byte in
      [0x61...0x7a, 0x41...0x5a, 0x30...0x39].contains { $0.contains(byte) } || byte == 0x2d || byte == 0x2e
    }
    guard isName, (1...64).contains(hostname.utf8.count) else {
      throw Failure("hostname=\(quoted(hostname))", Self.badName)
    }
    return Array((hostname + "\n").utf8)
  }

  private func contents(of file: FilePath, _ key: String, _ host: Host) throws(Failure) -> [UInt8] {
    do throws(Errno) { return try host.contents(of: file) } catch {
      var failure = Failure("\(key)=host", Self.unreadable.filled(["file": file.text, "key": key]))
      (failure.errno, failure.hostLacks) = (error, true)
      throw failure
    }
  }

  /// Whether a resolv.conf names a server that isn't on the loopback.
  private static func hasReachableServer(_ contents: [UInt8]) -> Bool {
    contents.split(separator: 0x0a).contains { line in
      let words = line.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }
      return words.count > 1 && words[0].elementsEqual("nameserver".utf8) && !words[1].starts(with: "127.".utf8)
        && !words[1].elementsEqual("::1".utf8)
    }
  }
}
