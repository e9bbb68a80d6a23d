public import Pipeline

/// Gives the container a root that is borrowed from the host: its programs, read-only, and nothing else of it.
public struct HostRoot: IsolationStage {
  public static let name = "hostroot"
  public static let synonyms = ["host"]
  public static let help = """
    A root of its own with the host's programs, for a first run without any image.
    It is a directory in memory with the host's /usr and what links of that lead to, as far as everybody may read it; with \
    a small /etc, and an empty /home, /tmp and /var. What is the host's can only be read. With userns map=self you have \
    your name and a home directory in it, otherwise you are its root. Without it a container needs an image, or has all of \
    your machine's files.
    """
  public static let options = [
    StageOption(
      "size", \Self.size, "how much memory what is written may take; half of the machine's if not given", syntax: "SIZE"
    ),
    StageOption(
      "home", \Self.home, "your home directory inside, which is made; if not given, /root or with map=self /home/NAME"),
  ]
  public static let provides = [Facet.root, .files]
  public static let needs: KeyValuePairs = [Facet.mounts: "it is mounted in the container's own table of mounts"]
  public static let follows: KeyValuePairs = [Facet.userNamespace: "its files belong to the ids of the user namespace"]
  public static let precedes: KeyValuePairs = [Facet.lesserPrivileges: "the root is changed with root's privileges"]
  public static let diagnostics = [twice, reachesHost] + NewRoot.diagnostics + Filesystem.diagnostics

  static let twice = Advice(
    why: "the container has a root already, from another line", fix: "switch one of the two lines off")
  static let reachesHost = Advice(
    why: "with mount propagation={propagation} and without userns, it would also be mounted on your machine, and stay",
    fix: "write propagation=private, or switch userns on")

  /// Where programs lie: as the host has them, which may be links into /usr.
  private static let programs = ["usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32"]
  /// What programs need of the host's /etc, if it is there: no secrets (private keys lie beside certificates), and
  /// nothing about its users.
  private static let settings = [
    "alternatives", "ca-certificates", "crypto-policies", "ethertypes", "fonts", "ld.so.cache", "ld.so.conf",
    "ld.so.conf.d", "localtime", "mime.types", "os-release", "pki/ca-trust", "pki/tls/cert.pem", "pki/tls/certs",
    "pki/tls/openssl.cnf", "profile", "profile.d", "protocols", "rpc", "services", "ssl/cert.pem", "ssl/certs",
    "ssl/openssl.cnf", "terminfo",
  ]
  /// The directories in /etc in which some of those lie.
  private static let settingsDirectories: [FilePath] = ["etc/pki", "etc/pki/tls", "etc/ssl"]
  /// What is empty, with its permissions.
  private static let directories: [(FilePath, UInt32)] = [
    ("dev", 0o755), ("etc", 0o755), ("home", 0o755), ("mnt", 0o755), ("proc", 0o755), ("root", 0o700), ("run", 0o755),
    ("srv", 0o755), ("sys", 0o755), ("tmp", 0o1777), ("var", 0o755), ("var/cache", 0o755), ("var/lib", 0o755),
    ("var/log", 0o755), ("var/tmp", 0o1777),
  ]

  var size: MemorySize?
  var home: InnerPath?
  let new: NewRoot
  public init() { new = NewRoot(stage: Self.name) }
  /// As another stage's way to a root.
  init(for stage: String) { new = NewRoot(stage: stage) }

  public func shape(_ container: inout Container) throws(Failure) {
    guard container.root == nil else { throw Failure("there can be only one root", Self.twice) }
    if container.mountsReachHost {
      throw Failure(
        "the root can't be changed", Self.reachesHost.filled(["propagation": container.propagation.rawValue]))
    }
    container.root = new.handle
    (container.rootMayChange, container.rootIsStacked) = (true, true)
    container.filePlaces = []
    for place in (Self.programs + Self.settings.map { "etc/" + $0 }).map({ FilePath("/" + $0) }) {
      container.put(place, at: place)
    }
    container.linkTargets = container.host.links("/usr", container.host)
    for place in links(container).mounts { container.put(place, at: place) }
    let account = account(container)
    for (path, text) in account.files { container.generatedFiles[FilePath("/etc/" + path)] = Array(text.utf8) }
    container[bytesOf: "HOME"] = account.home.bytes
    if account.id != 0 {
      for name in ["USER", "LOGNAME"] { container[environment: name] = account.name }
    }
    if let entry = TerminalEntry(container.host) {
      container[bytesOf: "TERMINFO"] = TerminalEntry.directory.bytes
      container.rely(on: entry.source, .file, as: "the description of your terminal")
    }
    container.unshare("files")
    // The flags of a mount made in the container's own table of mounts can be taken off there, by one who has the ids.
    let isRoot = container.host.isRoot
    container.share(
      SharedThing(
        "programs",
        "the host's /usr and what of its /etc programs need, read-only"
          + (isRoot ? "; root inside is real root here, and could change them without capabilities and seccomp" : "")))
  }

  public func beforeClone(_ container: Container) -> [Step] {
    container.linkTargets?.keep.map { [$0(links(container).targets)] } ?? []
  }

  public func inChild(_ container: Container) -> [Step] {
    let root = new.handle
    var steps = new.prepare(container)
    steps += Filesystem.tmpfs(size: size, mode: "0755", [.noSetUserID, .noDevices], into: root, for: Self.name)
    steps += new.attach
    // Their permissions as they are named here: the mask lets all of them through but the last but one.
    steps += Self.directories.map { .makeDirectory($0.0, below: root, mode: $0.1) }
    steps += Self.directories.filter { $0.1 == 0o1777 }.map { .setMode($0.0, below: root, $0.1) }
    for name in Self.programs { steps += borrow(FilePath(name), container.host) }
    steps += Self.settingsDirectories.filter { container.host.status(of: $0.inside("/")) != nil }
      .map { .makeDirectory($0, below: root) }
    for name in Self.settings { steps += borrow(FilePath("etc/" + name), container.host) }
    let links = links(container)
    steps += links.directories.map { .makeDirectory($0.withoutSlash, below: root).mayExist() }
    for path in links.mounts + links.links.map(\.path) {
      steps += borrow(path.withoutSlash, container.host)
    }
    let account = account(container)
    steps += account.files.map { .writeFile(FilePath("etc/" + $0), below: root, Array($1.utf8)) }
    let isThere = Self.directories.map(\.0)
    steps += account.directories.filter { !isThere.contains($0) }.map { .makeDirectory($0, below: root, mode: 0o755) }
    if let entry = TerminalEntry(container.host) { steps += entry.make(below: root) }
    return steps
  }

  public func beforeExec(_ container: Container) -> [Step] { new.pivot }

  /// A file or directory of the host's at the same path, read-only; a link stays one.
  private func borrow(_ path: FilePath, _ host: Host) -> [Step] {
    let source = path.inside("/")
    if let target = host.linkTarget(of: source) { return [.makeLink(to: target, path, below: new.handle)] }
    guard let found = host.status(of: source) else { return [] }
    let mount = Handle(path.names.last?.text ?? "")
    return [
      .cloneTree(source, into: mount),
      .setAttributes([.readOnly, .noSetUserID, .noDevices], of: mount),
      found.isDirectory ? .makeDirectory(path, below: new.handle) : .makeFile(path, below: new.handle),
      .attach(mount, over: path, below: new.handle), .close(mount),
    ]
  }

  /// What is borrowed beside all that.
  private func links(_ container: Container) -> BorrowedLinks {
    let host = container.host
    let there = Self.programs + Self.settings.map { "etc/" + $0 }
    let own = Self.directories.map { $0.0.inside("/") } + Self.settingsDirectories.map { $0.inside("/") }
    let made = ["passwd", "group", "nsswitch.conf", "resolv.conf", "hosts", "hostname"].map { FilePath("/etc/" + $0) }
    let found = there.map { FilePath("/" + $0) }.filter { host.status(of: $0) != nil }
    return BorrowedLinks(to: container.linkTargets?.paths ?? [], host, borrowed: found, own: Set(own + made))
  }

  private func account(_ container: Container) -> BorrowedAccounts { BorrowedAccounts(container, home: home?.path) }
}
