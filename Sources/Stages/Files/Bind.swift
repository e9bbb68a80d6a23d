public import Pipeline

/// Puts a file or directory of the host's into the container: open_tree(2), mount_setattr(2), move_mount(2).
public struct Bind: IsolationStage {
  public static let name = "bind"
  public static let synonyms = ["volume", "volumes", "bindmount"]
  public static let help = """
    A file or directory of the host's, at a path of the container's.
    It is the way to give a container something to work on; one line brings one. Without it the container has nothing of \
    your machine's files. Set-user-ID bits and device nodes in it have no effect unless the line says so. What later runs \
    of littlectr take as it is (itself, files of settings, images, programs of hooks) can only be read, wherever it lies in \
    there; where root inside could change that, the line is refused.
    """
  public static let options = [
    StageOption("from", \Self.from, "the host's file or directory"),
    StageOption("to", \Self.to, "where it is in the container; the same path as on the host if not given"),
    StageOption(
      "readonly", \Self.readOnly, "nothing in it can be written; root inside could lift that, another user can't"),
    StageOption("nosuid", \Self.noSetUserID, "set-user-ID bits and file capabilities in it have no effect"),
    StageOption("nodev", \Self.noDevices, "device nodes in it can't be opened"),
    StageOption("noexec", \Self.noExecute, "nothing in it can be executed"),
    StageOption("recursive", \Self.recursive, "with the mounts below it"),
    StageOption("optional", \Self.optional, "go on without it if you can't reach it on the host"),
    StageOption(
      "volume", \Self.volume, "bind FROM of the host at TO, or at the same path; :ro makes it read-only", flag: "bind",
      aliases: ["volume"],
      letter: "v"),
  ]
  public static let isRepeatable = true
  public static let provides = [Facet.files]
  public static let needs: KeyValuePairs = [
    Facet.mounts: "it would otherwise be mounted on your machine, and stay there"
  ]
  public static let follows: KeyValuePairs = [
    Facet.userNamespace: "its files belong to the ids of the user namespace",
    .root: "it is the new root that it is put into",
    .layer: "the layer would cover it",
  ]
  public static let diagnostics =
    [noSource, isRelative, isRoot, missing, missingOption, notDirectory, locked, unprivileged]
    + InnerPath.diagnostics
    + BlockedDirectory.diagnostics
    + MountPoint.diagnostics + ReachAdvice.all

  static let noSource = Advice(
    why: "the line doesn't say what to bind", fix: "write bind from=PATH to=PATH, or -v FROM:TO")
  static let isRelative = Advice(
    why: "{from} is relative, and the directory that littlectr is started in has no path any more",
    fix: "go to a directory that is there, or say where it is to be: -v FROM:TO")
  static let isRoot = Advice(
    why: "to=/ would cover the whole container", fix: "write chroot root=DIR, which makes a directory the root")
  static let missing = Advice(
    .noSuchFileOrDirectory, why: "the host has no {from}", fix: "make it, or write optional=yes to go on without it")
  static let missingOption = Advice(
    .noSuchFileOrDirectory, why: "the host has no {from}",
    fix: "make it; or to go on without it, write --with 'bind from={from} to=PATH optional=yes' instead of {option}")
  static let notDirectory = Advice(
    .notDirectory, why: "something on the way to {from} isn't a directory", fix: "write from= with a path that is there"
  )
  static let locked = Advice(
    .invalidArgument, why: "other mounts lie below {from}, and what they hide must not be shown by a user namespace",
    fix: "write recursive=yes, or run as root without userns")
  static let unprivileged = Advice(
    .notPermitted, why: "only root of the mount namespace's owner may bind",
    fix: "write 'userns' with map=auto above bind, or run as root", without: "userns")

  /// `FROM:TO[:ro|:rw]`, as the well-known engines have it.
  struct Volume: OptionValue {
    let from: HostPath
    let to: InnerPath?
    let isReadOnly: Bool

    static let syntax = "FROM[:TO[:ro]]"
    static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> Volume {
      let parts = text.fields(":")
      guard parts.count <= 3, !parts.contains(""), parts.count < 3 || ["ro", "rw"].contains(parts[2]) else {
        throw ValueError(expected: "FROM, FROM:TO or FROM:TO:ro; for a path with a ':' write from= and to=")
      }
      let to = parts.count > 1 ? try InnerPath.parse(parts[1], context) : nil
      return Volume(
        from: try HostPath.parse(parts[0], context), to: to, isReadOnly: parts.last == "ro" && parts.count == 3)
    }
    var optionText: String { "\(from.path.text):\((to?.path ?? from.path).text)\(isReadOnly ? ":ro" : "")" }
  }

  var from: HostPath?
  var to: InnerPath?
  var readOnly = false
  var noSetUserID = true
  var noDevices = true
  var noExecute = false
  var recursive = true
  var optional = false
  var volume: Volume? {
    get { nil }
    set {
      guard let newValue else { return }
      (from, to) = (newValue.from, newValue.to)
      readOnly = newValue.isReadOnly
    }
  }
  public init() {}

  public func shape(_ container: inout Container) {
    guard let from = from?.path, let place = place(container.host)?.path else { return }
    container.rely(on: from, .place, as: "which a line binds", ifAbsent: optional ? .refused : .ignored)
    let found = container.host.status(of: from)
    if optional, found == nil { return }
    container.put(from, at: place)
    container.holdParent(of: place, after: Self.name)
    if !readOnly { container.give(place) }
    container.expose(from, at: place, found: found, recursively: recursive, readOnly: readOnly)
    let how = readOnly ? ", read-only" : ""
    container.share(SharedThing("bind", "\(from.text) at \(place.text)\(how)"))
  }

  /// Where it is in the container. A relative path leads on from the caller's directory, whichever that is.
  private func place(_ host: Host) -> InnerPath? {
    if let to { return to }
    guard let from else { return nil }
    if from.path.isAbsolute {
      return InnerPath(path: from.path.lexicallyNormalized(), holdsVariable: from.holdsVariable)
    }
    return host.workingDirectory.map {
      InnerPath(path: $0.pushing(from.path).lexicallyNormalized(), holdsVariable: true)
    }
  }

  public func inChild(_ container: Container) throws(Failure) -> [Step] {
    guard let from = from?.path else { throw Failure("nothing is bound", Self.noSource) }
    guard let place = place(container.host) else {
      throw Failure("nothing is bound", Self.isRelative.filled(["from": from.text]))
    }
    let to = place.path
    if to.components.isEmpty { throw Failure("to=\(to)", Self.isRoot) }
    try place.check(container)
    let found = container.exposed
    if found == nil, optional { return [] }
    let mount = Handle("bind")
    let attached = try Place(to, found?.isDirectory == false ? .file : .directory, in: container)
    return [
      .cloneTree(from, into: mount, recursively: recursive).advice(anyOf: [Self.missing]) { missing, evidence in
        guard evidence.isOption, let option = evidence.location else { return missing.filled(["from": from.text]) }
        return Self.missingOption.filled(["from": from.text, "option": option.file])
      }
      .advice(Self.notDirectory, filled: ["from": from.text])
      .advice(.permissionDenied) { BlockedDirectory.advice(on: from, $0) }.advice(Self.unprivileged)
      .advice(Self.locked, filled: ["from": from.text])
    ] + (readOnly ? [] : Step.check(mount, is: found, at: from)) + [
      // Set while the mount is attached nowhere, so that nobody ever finds it without.
      .setAttributes(attributes, of: mount)
    ] + attached.attach(mount)
  }

  private var attributes: MountAttributes {
    let all: [(Bool, MountAttributes)] = [
      (readOnly, .readOnly), (noSetUserID, .noSetUserID), (noDevices, .noDevices), (noExecute, .noExecute),
    ]
    return all.reduce(into: []) { set, pair in if pair.0 { set.formUnion(pair.1) } }
  }
}
