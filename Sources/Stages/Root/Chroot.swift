public import Pipeline

/// Gives the container a root directory of its own: pivot_root(2), or chroot(2) to see why that isn't enough.
public struct Chroot: IsolationStage {
  public static let name = "chroot"
  public static let synonyms = ["rootfs", "root", "image", "pivot", "pivotroot"]
  public static let help = """
    A root directory of its own: an image, or any directory that holds a system.
    Without it the container has your files, with your rights to them. method=chroot changes only where "/" begins; \
    the old root stays mounted, and root inside finds the way out to it.
    """
  public static let options = [
    StageOption("image", \Self.image, "the image's name, under images/", syntax: "NAME", flag: "image"),
    StageOption(
      "root", \Self.root,
      "a directory instead of an image, or host: a root borrowed from the host, as hostroot makes it", flag: "root",
      aliases: ["rootfs"]),
    StageOption(
      "foreign", \Self.foreign, "take an image or a directory that other users own, can write, or could exchange"),
    StageOption("method", \Self.method, "pivot: detach the old root; chroot: keep it, hidden"),
    StageOption(
      "readonly", \Self.readOnly, "nothing in the root can be written; root inside could lift that, another user can't",
      flag: "readonly", aliases: ["read-only"]),
  ]
  public static let provides = [Facet.root, .files]
  public static let follows: KeyValuePairs = [
    Facet.userNamespace: "who may use the root depends on the ids of the user namespace",
    .mounts: "the new root is attached in the container's own table of mounts",
  ]
  public static let precedes: KeyValuePairs = [Facet.lesserPrivileges: "the root is changed with root's privileges"]
  public static let diagnostics =
    [
      noMounts, reachesHost, borrowsByMounting, onlyPivot, readOnlyAnyway, badName, noImage, foreign, HostRoot.twice,
      noRoot, replaced, notDirectory,
    ] + BlockedDirectory.diagnostics + NewRoot.diagnostics

  static let noMounts = Advice(
    why: "{option} needs a table of mounts that isn't your machine's",
    fix: "write 'mount' above chroot, or method=chroot without readonly")
  static let reachesHost = Advice(
    why:
      "with mount propagation={propagation} and without userns, the root would also be mounted on your machine, and stay",
    fix: "write propagation=slave, or switch userns on")
  static let borrowsByMounting = Advice(
    why: "the host's root is borrowed by mounting parts of it, which needs a table of mounts that isn't your machine's",
    fix: "switch 'mount' on, above chroot")
  static let onlyPivot = Advice(
    why: "the host's root is borrowed with method=pivot only", fix: "leave method=chroot out: --set chroot.method=pivot"
  )
  static let readOnlyAnyway = Advice(
    why: "/usr of the host's root can only be read anyway, and the rest is the container's own",
    fix: "leave readonly out: --set chroot.readonly=no")
  static let badName = Advice(
    why: "an image's name is a file's name: no '/', and not '.' or '..'", fix: "for a directory write root={name}")
  static let noImage = Advice(
    .noSuchFileOrDirectory, why: "there is no image '{image}' in {places}",
    fix: """
      ./setup --image {image} makes it in a clone of littlectr, whose images/ can be linked to {home}; for any other \
      directory write root=DIR, and without any image --root host
      """)
  static let foreign = Advice(
    why: "{path} belongs to user {owner}, who put into it what you would run (you are user {user})",
    fix: "./setup makes an image of your own; to run this one all the same write root={path} foreign")
  static let noRoot = Advice(.noSuchFileOrDirectory, why: "there is no {root}", fix: "write root= with a directory")
  static let replaced = Advice(
    .resourceTemporarilyUnavailable, why: "{path} has just been replaced by ./setup, which removes the old one",
    fix: "run the same once more")
  static let notDirectory = Advice(.notDirectory, why: "{root} isn't a directory", fix: "write root= with a directory")
  enum Root: OptionValue {
    case host
    case directory(FilePath)

    static let syntax = "DIR|host"
    static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> Root {
      guard !text.isEmpty else { throw ValueError(expected: "a directory, or host") }
      return text == "host" ? .host : .directory(try FilePath.parse(text, context))
    }
    var optionText: String {
      switch self {
      case .host: "host"
      case .directory(let path): path.text
      }
    }
  }

  enum Method: String, CaseIterable {
    case pivot
    case chroot
  }

  var image = "default"
  var root: Root?
  var method = Method.pivot
  var readOnly = false
  var foreign = false
  private let new = NewRoot(stage: name)
  /// The image, as long as the container runs.
  private let used = Handle("image")
  private let borrowed = HostRoot(for: name)
  public init() {}

  public func shape(_ container: inout Container) throws(Failure) {
    guard container.root == nil else { throw Failure("there can be only one root", HostRoot.twice) }
    if case .host? = root {
      guard container.namespaces.contains(.mount) else {
        throw Failure("root=host", Self.borrowsByMounting)
      }
      if method == .chroot { throw Failure("root=host", Self.onlyPivot) }
      if readOnly { throw Failure("root=host", Self.readOnlyAnyway) }
      return try borrowed.shape(&container)
    }
    if !container.namespaces.contains(.mount), method == .pivot || readOnly {
      let option = method == .pivot ? "method=pivot" : "readonly"
      throw Failure("the root can't be changed", Self.noMounts.filled(["option": option]))
    }
    if container.namespaces.contains(.mount), method == .chroot, container.mountsReachHost {
      throw Failure(
        "the root can't be changed", Self.reachesHost.filled(["propagation": container.propagation.rawValue]))
    }
    let directories = root == nil ? container.imageDirectories() : []
    container.rootPath = try directory(container, among: directories)
    try lookAtWriters(&container)
    if root == nil {
      // An image in a directory before must not be there the next time, made from inside.
      for directory in directories where directory.appending(image) != container.rootPath {
        container.rely(on: directory, .settings, as: "where images are looked for", ifAbsent: .made)
      }
    }
    if !readOnly, !isLeftAlone(container) { container.expose(container.rootPath, at: "/", found: container.rootFound) }
    container.filePlaces = [container.rootPath]
    container.root = new.handle
    (container.rootIsReadOnly, container.rootIsStacked) = (readOnly, method == .pivot && !staysLoose(container))
    if method == .pivot { container.unshare("files") }
  }

  public func beforeClone(_ container: Container) -> [Step] {
    if case .host? = root { return borrowed.beforeClone(container) }
    guard root == nil else { return [] }
    let path = container.rootPath
    return [
      explained(.openForReading(path, into: used).undo(.close(used)), path),
      .share(used).advice(Self.replaced, filled: ["path": path.text]).remark("./setup removes no image in use"),
    ]
  }

  public func inChild(_ container: Container) throws(Failure) -> [Step] {
    if case .host? = root { return borrowed.inChild(container) }
    return (root == nil ? [.close(used)] : []) + attaching(container)
  }

  private func attaching(_ container: Container) -> [Step] {
    let (path, root) = (container.rootPath, new.handle)
    guard container.namespaces.contains(.mount) else { return [explained(.openDirectory(path, into: root), path)] }
    // Device nodes of the image are the host's devices, and its set-user-ID files may have been put there for whoever runs it
    // as root: neither has an effect, with a layer or without.
    let attributes: MountAttributes =
      readOnly || isLeftAlone(container) ? [.noSetUserID, .noDevices, .readOnly] : [.noSetUserID, .noDevices]
    if method == .chroot {
      let place = Handle("root-place")
      return [
        explained(.openDirectory(path, into: place), path), new.explained(.cloneTree(place, into: root)),
        .setAttributes(attributes, of: root), .attach(root, over: place),
      ]
    }
    let isShared = container.propagation == .shared || container.propagation == .unchanged
    return new.prepare(container) + [
      // The dot at the end is for the kernel to refuse a file here, and not when it is to be attached.
      explained(.cloneTree(path.appending("."), into: root), path).remark("the root, held by descriptor")
    ]
      + (container.stagesInUse.contains("overlay") ? [] : Step.check(root, is: container.exposed, at: path)) + [
        .setAttributes(attributes, propagation: isShared ? .slave : nil, of: root)
      ] + (staysLoose(container) ? [] : new.attach)
  }

  /// Whether nothing is written to the image: the rules for files don't let the command, and for a line nothing is made in it.
  private func isLeftAlone(_ container: Container) -> Bool {
    !container.mayWrite(at: "/") && !container.stagesInUse.contains("overlay")
  }

  /// Whether the root is attached nowhere, since a layer is put over it before anything is put into it. Older kernels take
  /// for a layer only what is attached.
  private func staysLoose(_ container: Container) -> Bool {
    container.stagesInUse.contains("overlay") && container.host.hasKernel(6, 15)
  }

  public func beforeExec(_ container: Container) -> [Step] {
    if case .host? = root { return borrowed.beforeExec(container) }
    return method == .pivot ? new.pivot : new.chroot
  }

  /// Refuses a root that other users own, can write, or could exchange for another. One that can't be reached is told of
  /// by the step that opens it.
  private func lookAtWriters(_ container: inout Container) throws(Failure) {
    let (path, host) = (container.rootPath, container.host)
    guard let way = try? Way(to: path, host, known: container.ways.flatMap(\.places)), let found = way.found else {
      return
    }
    container.ways.append(way)
    container.rootFound = found
    if foreign { return }
    guard let doubt = way.doubt(host) else { return }
    let what = root == nil ? "image=\(quoted(image))" : "root=\(quoted(path))"
    if doubt.isEnd, doubt.kind == .foreign {
      throw Failure(
        what,
        Self.foreign.filled([
          "path": path.text, "owner": String(found.userID), "user": String(host.userID),
        ]))
    }
    let advice = doubt.advice(way, path.text, "decide what you would run", host)
    throw Failure(what, why: advice.why, fix: advice.fix + "; to take it all the same write foreign on chroot's line")
  }

  private func explained(_ step: Step, _ path: FilePath) -> Step {
    new.explained(step).advice(.noSuchFileOrDirectory) { _ in Self.noRoot.filled(["root": path.text]) }
      .advice(.notDirectory) { _ in Self.notDirectory.filled(["root": path.text]) }
      .advice(.permissionDenied) { BlockedDirectory.advice(on: path, $0) }
  }

  /// The first directory on the way that the caller can't enter.
  static func obstacle(on path: FilePath, _ host: Host) -> (FilePath, Host.Found)? {
    var way = FilePath(root: path.root, [])
    if path.root == nil { way = "." }
    for component in path.components {
      way.append(component)
      guard let found = host.status(of: way) else { return nil }
      if found.isDirectory, !host.mayExecute(way) { return (way, found) }
    }
    return nil
  }
}
