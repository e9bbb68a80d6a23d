public import Pipeline

/// Gives the container a root that is borrowed from the host: its programs, read-only, and nothing else of it.
public struct HostRoot: IsolationStage {
  public static let name = "hostroot"
  public static let help = """
    A root of its own with the host's programs, for a first run without any image.
    It is a directory in memory with the host's /usr, which can only be read, a small /etc, and an empty /home, /tmp and \
    /var. Without it a container needs an image, or has all of your machine's files.
    """
  public static let options = [
    StageOption(
      "size", \Self.size, "how much memory what is written may take; half of the machine's if not given", syntax: "SIZE"
    )
  ]
  public static let requires: KeyValuePairs = ["mount": "it is mounted in the container's own table of mounts"]
  public static let after: KeyValuePairs = ["userns": "the root is changed with the privileges of the user namespace"]
  public static let diagnostics = [twice, reachesHost] + NewRoot.diagnostics + Filesystem.diagnostics

  static let twice = Advice(why: "the container has a root already, from chroot", fix: "switch one of the two off")
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

  var size: ByteCount?
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
    for (path, text) in accounts(container) { container.generatedFiles[FilePath("/etc/" + path)] = Array(text.utf8) }
    container.unshare("files")
    // The flags of a mount made in the container's own table of mounts can be taken off there, by one who has the ids.
    let isRoot = container.host.isRoot
    container.share(
      SharedThing(
        "programs",
        "the host's /usr and what of its /etc programs need, read-only"
          + (isRoot ? "; root inside is real root here, and could change them without capabilities and seccomp" : "")))
  }

  public func inChild(_ container: Container) -> [Step] {
    let root = new.handle
    var steps = new.prepare(container)
    steps += Filesystem.tmpfs(size: size, mode: "0755", [.noSetUserID, .noDevices], into: root, for: Self.name)
    steps.append(new.attach)
    // Their permissions as they are named here: the mask lets all of them through but the last but one.
    steps += Self.directories.map { .makeDirectory($0.0, below: root, mode: $0.1) }
    steps += Self.directories.filter { $0.1 == 0o1777 }.map { .setMode($0.0, below: root, $0.1) }
    for name in Self.programs { steps += borrow(FilePath(name), container.host) }
    steps += Self.settingsDirectories.filter { container.host.status(of: FilePath("/" + $0.string)) != nil }
      .map { .makeDirectory($0, below: root) }
    for name in Self.settings { steps += borrow(FilePath("etc/" + name), container.host) }
    steps += accounts(container).map { .writeFile(FilePath("etc/" + $0), below: root, Array($1.utf8)) }
    if let home = home(container) { steps.append(.makeDirectory(home, below: root, mode: 0o755)) }
    return steps
  }

  public func beforeExec(_ container: Container) -> [Step] { new.pivot }

  /// A file or directory of the host's at the same path, read-only; a link stays one.
  private func borrow(_ path: FilePath, _ host: Host) -> [Step] {
    let source = FilePath("/" + path.string)
    if let target = host.linkTarget(of: source) { return [.makeLink(to: FilePath(target), path, below: new.handle)] }
    guard let found = host.status(of: source) else { return [] }
    let mount = Handle(path.lastComponent?.string ?? "")
    return [
      .cloneTree(source, into: mount),
      .setAttributes([.readOnly, .noSetUserID, .noDevices], of: mount),
      found.isDirectory ? .makeDirectory(path, below: new.handle) : .makeFile(path, below: new.handle),
      .attach(mount, over: path, below: new.handle), .close(mount),
    ]
  }

  /// The files that tell who there is: root, nobody, and the caller if its id stays.
  private func accounts(_ container: Container) -> [(String, String)] {
    var users = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
    var groups = "root:x:0:\ntty:x:5:\nnogroup:x:65534:\n"
    if let home = home(container) {
      let (user, group) = (container.host.userID, container.host.groupID)
      let name = home.lastComponent?.string ?? "user"
      users += "\(name):x:\(user):\(group)::/\(home):/bin/sh\n"
      groups += "\(name):x:\(group):\n"
    }
    let lookUp = "passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n"
    return [("passwd", users), ("group", groups), ("nsswitch.conf", lookUp)]
  }

  /// The home directory of a caller that stays who it is.
  private func home(_ container: Container) -> FilePath? {
    let id = container.host.userID
    guard id != 0, container.idMap.map({ $0.users.contains { $0.inside == id && $0.outside == id } }) ?? true else {
      return nil
    }
    let name = container.host.userName ?? "user"
    return FilePath("home").appending(name == "root" || name == "nobody" ? "user" : name)
  }
}
