public import Pipeline

/// Puts a layer for what is written over the root: overlayfs, docs.kernel.org/filesystems/overlayfs.html.
public struct Overlay: IsolationStage {
  public static let name = "overlay"
  public static let synonyms = ["overlayfs", "layer", "upper"]
  public static let help = """
    A layer over the image for all that is written, so that the image stays as it is.
    Packages can be installed, files be changed and deleted, and it is gone with the container, or kept in a directory. \
    Without it what root inside writes is written to the image.
    """
  public static let options = [
    StageOption("upper", \Self.upper, "where writes go: tmpfs, which is memory, or a directory that keeps them"),
    StageOption(
      "size", \Self.size, "how much memory they may take; half of the machine's if not given", syntax: "SIZE"),
  ]
  public static let provides = [Facet.layer, .files]
  public static let needs: KeyValuePairs = [Facet.mounts: "the layer is mounted in the container's own table of mounts"]
  public static let follows: KeyValuePairs = [
    Facet.userNamespace: "its files belong to the ids of the user namespace",
    .root: "it is the root that it is put over",
  ]
  public static let precedes: KeyValuePairs = [Facet.lesserPrivileges: "the root is changed with root's privileges"]
  public static let diagnostics =
    [
      noRoot, ownRoot, ownSize, sizeOfDirectory, insideImage, inUse, noAttributes, noModule, stacked, covered, unusable,
      overlapping,
    ]
    + UpperDirectory.diagnostics

  static let noRoot = Advice(
    why: "without a root of its own the container has your machine's, over which no layer is put",
    fix: "switch chroot on, or overlay off")
  static let ownRoot = Advice(
    why: "a borrowed root is made anew each time, in memory, so that there is nothing to keep",
    fix: "write upper=tmpfs, or take an image")
  static let ownSize = Advice(
    why: "a borrowed root is in memory already, and needs no layer", fix: "write off overlay, and hostroot size=SIZE")
  static let sizeOfDirectory = Advice(
    why: "only memory has a size; a directory takes what its disk has", fix: "leave size out, or write upper=tmpfs")
  static let insideImage = Advice(
    why: "{directory} lies in the image, which is to stay as it is", fix: "write upper= with a directory outside of it")
  static let inUse = Advice(
    .resourceTemporarilyUnavailable, why: "another container writes to {directory}, and two would spoil it",
    fix: "wait for its end, or write another upper=DIR")
  static let noAttributes = Advice(
    .notSupported, why: "the file system of {directory} keeps no attributes of users, which the layer needs",
    fix: "write upper= with a directory on ext4, xfs or btrfs, or upper=tmpfs")
  static let noModule = Advice(
    .operationNotSupportedByDevice, why: "this kernel has no overlayfs, or hasn't loaded it",
    fix: "as root: modprobe overlay")
  static let stacked = Advice(
    .invalidArgument,
    why: "the image lies on an overlay itself, and the kernel stacks two at most, and none of them as the upper layer",
    fix: "write off overlay, or bind a directory of the machine's over the images' place")
  static let covered = Advice(
    .invalidArgument,
    why: "other mounts lie below {root}, as {mount}, and what they hide must not be shown by a user namespace",
    fix: "take a root without mounts in it; for your machine's programs write --root host; or write off overlay")
  static let unusable = Advice(
    .invalidArgument, why: "the kernel refuses {directory} as the upper layer: its file system can't be one",
    fix: "write upper= with a directory on ext4, xfs or btrfs, or upper=tmpfs")

  static let overlapping = Advice(
    .tooManySymbolicLinkLevels, why: "{directory} lies in the image, or the image in it, by what is mounted where",
    fix: "write upper= with a directory outside of it")

  enum Upper: OptionValue, Equatable {
    case memory
    case directory(FilePath)

    static let syntax = "tmpfs|DIR"
    static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> Upper {
      if text == "tmpfs" { return .memory }
      guard !text.isEmpty else { throw ValueError(expected: "tmpfs or a directory", words: ["tmpfs"]) }
      return .directory(try FilePath.parse(text, context))
    }
    var optionText: String {
      switch self {
      case .memory: "tmpfs"
      case .directory(let path): path.text
      }
    }
  }

  var upper = Upper.memory
  var size: MemorySize?
  private let layer = Handle("upper")
  private let writes = Handle("upper-layer")
  private let work = Handle("work")
  private let runDirectory = Handle("run-directory")
  private let temporaryName = UniqueName("overlay")
  public init() {}

  public func shape(_ container: inout Container) throws(Failure) {
    guard container.root != nil else { throw Failure("the layer has nothing to lie on", Self.noRoot) }
    if container.rootMayChange, size != nil { throw Failure("size=\(size?.optionText ?? "")", Self.ownSize) }
    if case .directory(let path) = upper {
      if size != nil { throw Failure("size=\(size?.optionText ?? "")", Self.sizeOfDirectory) }
      if container.rootMayChange { throw Failure("upper=\(quoted(path))", Self.ownRoot) }
      try UpperDirectory.check(path, &container)
      container.filePlaces.insert(path.appending("upper"), at: 0)
      container.rely(on: path, .tree, as: "the layer that overlay keeps", ifAbsent: .madeByStep)
    } else if isOnDisk(container) {
      try UpperDirectory.check(container.runDirectory(), &container)
    }
    if upper != .memory, !container.namespaces.contains(.pid) {
      container.warnings.append(
        "overlay: without pid, what the command leaves running goes on writing to upper=, unseen by the next container")
    }
    container.rootIsCovered = !container.rootMayChange
    // What belongs to ids that aren't mapped can't be changed by anybody inside, layer or not.
    let owner = container.host.status(of: container.rootPath)?.userID
    if container.rootIsCovered, let owner, container.idMap?.hasUser(outside: owner) == false {
      container.foreignOwner = owner
      container.notes.append(
        "the image belongs to user \(owner), whom userns doesn't map: what is in it can't be changed")
    } else {
      container.rootMayChange = true
    }
  }

  public func beforeClone(_ container: Container) -> [Step] {
    container.rootIsCovered ? directory(container)?.prepare(container) ?? [] : []
  }

  public func whileChildWaits(_ container: Container, child: ChildID) -> [Step] {
    container.rootIsCovered ? directory(container)?.whileChildWaits(child) ?? [] : []
  }

  public func inChild(_ container: Container) -> [Step] {
    guard container.rootIsCovered, let root = container.root else { return [] }
    let context = Handle("overlay")
    var steps: [Step] = []
    var attached = container.rootIsStacked ? 1 : 0
    if let directory = directory(container) {
      steps += directory.open(into: layer, container)
    } else {
      steps += Filesystem.tmpfs(size: size, mode: "0755", [.noSetUserID, .noDevices], into: layer, for: Self.name)
      // Older kernels take as a layer only what is attached somewhere: here nothing finds it.
      if !container.host.hasKernel(6, 15) {
        steps += attached == 0 ? NewRoot(holding: layer, for: Self.name).attach : [.attach(layer, over: NewRoot.place)]
        attached += 1
      }
    }
    for name in ["upper", "work"] as [FilePath] { steps.append(.makeDirectory(name, below: layer).mayExist()) }
    let kept = directory(container)
    steps += kept?.open(writes, work, below: layer, container) ?? []
    steps += [
      .openFilesystem("overlay", into: context).advice(Self.noModule)
        .advice(Filesystem.unprivileged, filled: ["stage": Self.name]),
      .configure(context, "lowerdir", below: root, ""),
      explained(
        kept == nil
          ? .configure(context, "upperdir", below: layer, "upper") : .configure(context, "upperdir", below: writes, ""),
        container),
      kept == nil
        ? .configure(context, "workdir", below: layer, "work") : .configure(context, "workdir", below: work, ""),
    ]
    // In a user namespace the layer's own marks are kept in attributes that users may set.
    if container.namespaces.contains(.user) { steps.append(.configure(context, "userxattr")) }
    steps += [
      explained(.create(context).advice(Filesystem.unprivileged, filled: ["stage": Self.name]), container),
      .mount(context, [.noSetUserID, .noDevices], into: root).remark("from here on <root> is the layer"),
    ]
    if upper != .memory {
      steps.append(.openUp("work", below: work).remark("overlayfs closes it, to its owner's rm -rf too"))
    }
    let detach = Step.detach(NewRoot.place).remark("the layer holds what it lies on")
    let new = NewRoot(holding: root, for: Self.name)
    return steps + Array(repeating: detach, count: attached) + (attached > 0 ? [new.attachAgain] : new.attach)
  }

  public func beforeExec(_ container: Container) -> [Step] {
    guard container.rootIsCovered, container.rootIsReadOnly, let root = container.root else { return [] }
    // What is mounted in it stays as its own line wants it.
    return [.setAttributes(.readOnly, of: root, recursively: false)]
  }

  private func explained(_ step: Step, _ container: Container) -> Step {
    let directory = directory(container)?.path.text
    let apart = step.advice(.tooManySymbolicLinkLevels) { _ in
      directory.map { Self.overlapping.filled(["directory": $0]) }
    }
    return apart.advice(.invalidArgument) { evidence in
      let mounts = (evidence.host.text(of: "/proc/self/mountinfo") ?? "").lines
      let isStacked = mounts.contains { line in
        let fields = line.words()
        let dash = fields.firstIndex(of: "-") ?? fields.endIndex
        return fields.count > dash + 1 && dash > 4 && fields[3] == "/" && fields[4] == "/"
          && fields[dash + 1] == "overlay"
      }
      if isStacked { return Self.stacked }
      if container.namespaces.contains(.user), let mount = Self.mount(below: container, among: mounts) {
        return Self.covered.filled(["root": container.rootPath.text, "mount": mount])
      }
      return directory.map { Self.unusable.filled(["directory": $0]) }
    }
  }

  /// What is mounted below the root's directory, as mountinfo of proc_pid_mountinfo(5) tells.
  private static func mount(below container: Container, among lines: [String]) -> String? {
    let root = container.host.workingDirectory?.pushing(container.rootPath) ?? container.rootPath
    let path = root.lexicallyNormalized()
    return lines.lazy.compactMap { line in
      let fields = line.words()
      return fields.count > 4 && FilePath(fields[4]).starts(with: path) && FilePath(fields[4]) != path ? fields[4] : nil
    }.first
  }

  /// Whether memory won't do, and a directory that is removed at the end holds what is written: before 6.6 a tmpfs keeps no
  /// attributes of users, without which deletions are lost.
  private func isOnDisk(_ container: Container) -> Bool {
    upper != .memory || container.namespaces.contains(.user) && !container.host.hasKernel(6, 6)
  }

  /// The directory that holds what is written; nil for memory.
  private func directory(_ container: Container) -> UpperDirectory? {
    let isMemory = upper == .memory
    if isMemory, !isOnDisk(container) { return nil }
    var path = container.runDirectory
    if case .directory(let directory) = upper { path = { directory } }
    let given = path()
    // By links that nobody else could have made: without any, none can be put in their place.
    let way = container.ways.last { $0.path == given }
    return UpperDirectory(
      way?.hasLinks == true ? way?.end ?? given : given, isTemporary: isMemory, parent: runDirectory,
      name: temporaryName)
  }
}
