internal import Pipeline

/// A place in the container's root over which a stage mounts something. The image is hostile: the place may be missing, a
/// file where a directory belongs, or a link to anywhere. It is made where the root may change, and never in an image.
struct MountPoint {
  /// What is attached there.
  enum Kind {
    /// A directory with a name of its own in every system, /proc for instance. A link is refused: it leads astray.
    case system
    /// A directory of the user's choice; links are followed inside the root.
    case directory
    /// A file of the user's choice; links are followed inside the root.
    case file
    /// A file that is covered even if it is a link.
    case cover
  }

  /// The path below the root, without a slash at its beginning.
  private let path: FilePath
  private let kind: Kind

  /// - Parameter path: the path in the container; with or without a slash at its beginning.
  init(_ path: FilePath, _ kind: Kind = .system) {
    self.path = path.withoutSlash
    self.kind = kind
  }

  private static let reachesHost = Advice(
    why:
      "with mount propagation={propagation} and without userns, the new {path} would appear on your machine, and stay",
    fix: "write propagation=slave, or switch userns on")
  private static let missing = Advice(
    .noSuchFileOrDirectory, why: "the image has no {kind} {path}, and what is in an image is never changed",
    fix: "switch overlay on, or make one: {command} {root}{path}", without: "overlay")
  private static let missingInForeign = Advice(
    .noSuchFileOrDirectory,
    why:
      "the image has no {kind} {path}, and nothing can be made in it: it belongs to user {owner}, whom userns doesn't map",
    fix: "take an image of your own, as ./setup makes one, or make it as that user: {command} {root}{path}")
  private static let missingOnHost = Advice(
    .noSuchFileOrDirectory, why: "{path} would lie in {source}, which is the host's, and where nothing is made",
    fix: "make it there: {command} {source}{rest}")
  private static let leadsNowhere = Advice(
    .noSuchFileOrDirectory, why: "{path} is a link in the image, or lies below one, that leads nowhere",
    fix: "write to= with the path that it leads to")
  private static let notDirectory = Advice(
    .notDirectory, why: "the image's {path} isn't a directory, or something on the way to it isn't",
    fix: "name the path of a directory; or have the image bring an empty directory there")
  private static let isDirectory = Advice(
    .invalidArgument, why: "{path} is a directory in the image, and a file is to be put there",
    fix: "name the path of a file, or have the image bring a file there")
  private static let linked = Advice(
    .tooManySymbolicLinkLevels,
    why: "the image's {path} is a symbolic link, or lies below one, which could lead the mount astray",
    fix: "replace {root}{path} by an empty directory")
  static let occupied = Advice(
    .isDirectory, why: "{path} is a directory in the image, and a file is to be put there",
    fix: "name the path of a file, or have the image bring a file there")
  private static let full = Advice(
    .noSpace, why: "there is no room for {path} in the root", fix: "give overlay a larger size=")

  private static let crossed = Advice(
    .improperLink,
    why:
      "{path} leads, by a link of the image or a line above, into another mount, and nothing is made or replaced there",
    fix: "write to= with the path that it leads to, or move the line above that one")

  /// The refusals, for the manual.
  static let diagnostics =
    [
      reachesHost, missing, missingInForeign, missingOnHost, leadsNowhere, notDirectory, isDirectory, occupied, linked,
      full, crossed,
    ] + UnmappedOwner.diagnostics

  /// Those that taking hold of the place can meet.
  private static let onTheWay = [notDirectory, linked, full, crossed]

  private var isFile: Bool { kind == .file || kind == .cover }

  /// What the names in the refusals stand for.
  func values(_ container: Container) -> @Sendable () -> KeyValuePairs<String, String> {
    let (place, isFile) = (inside, isFile)
    let owner = container.foreignOwner.map(String.init) ?? ""
    let (root, propagation) = (container.rootPath, container.propagation)
    // Looked up now: to keep all that is placed would have it copied with each line that places more.
    let host = hostPlace(container)
    return {
      [
        "path": place.text, "source": host?.source.text ?? "",
        "rest": host.map { shown(Array(place.bytes.dropFirst($0.path.bytes.count))) } ?? "",
        "root": root == "/" ? "" : root.text, "propagation": propagation.rawValue, "owner": owner,
        "command": isFile ? "touch" : "mkdir -p", "kind": isFile ? "file" : "directory",
      ]
    }
  }

  /// Refuses a container whose mounts would appear on the host.
  func check(_ container: Container) throws(Failure) {
    guard container.mountsReachHost else { return }
    throw Failure("\(inside.text) can't be mounted", Self.reachesHost.filled(values(container)()))
  }

  /// The place as the container has it.
  private var inside: FilePath { path.inside("/") }

  /// What of the host's the place lies in.
  private func hostPlace(_ container: Container) -> HostPlace? {
    container.hostPlace(of: inside.parent)
  }

  /// Takes hold of the place, and makes it first where that is allowed.
  ///
  /// - Parameter isWritten: whether files are made in the place itself, which must not be another mount then.
  func open(below root: Handle, into place: Handle, _ container: Container, isWritten: Bool = false) -> [Step] {
    let isHosts = hostPlace(container) != nil
    let making = left(container) + (container.rootMayChange && !isHosts ? make(below: root, container) : [])
    let missing =
      isHosts
      ? Self.missingOnHost
      : container.rootMayChange
        ? Self.leadsNowhere : container.foreignOwner != nil ? Self.missingInForeign : Self.missing
    let opening: Step =
      switch kind {
      case .system:
        .openDirectory(path, below: root, into: place, inSameMount: isWritten && !container.isOwnPlace(inside))
      case .directory: .openDirectory(path, below: root, into: place, links: .followed)
      case .file: .openPath(path, below: root, into: place, links: .followed)
      case .cover: .openPath(path, below: root, into: place, links: .opened)
      }
    let (values, refusals) = (values(container), [missing] + Self.onTheWay)
    return Step.advice(anyOf: refusals, filled: values(), on: making + [opening], lookIntoImage: true)
  }

  /// Attaches a mount there.
  func attach(_ mount: Handle, over place: Handle, _ container: Container) -> Step {
    let values = values(container)
    return .attach(mount, over: place)
      .advice(isFile ? Self.isDirectory : Self.notDirectory, filled: values())
  }

  /// The directories on the way, one by one, each through a descriptor; then the place itself.
  ///
  /// Links of the image are followed, but not into another mount, which may be the host's; what is said to lie in a mount of
  /// the container's own must lie there without any link.
  private func make(below root: Handle, _ container: Container) -> [Step] {
    let names = path.names
    let held = container.heldParent.flatMap { $0.path == MountPoint.parent(names) ? $0 : nil }
    if let held, held.lines > 2, let name = names.last {
      return [making(isFile ? .makeFile(name, below: held.handle) : .makeDirectory(name, below: held.handle))]
    }
    var (steps, parent, way) = ([Step](), root, FilePath())
    let isOwn = container.isOwnPlace(inside.parent)
    let links: Step.Links = kind == .system || kind == .cover || isOwn ? .refused : .followed
    for (index, name) in names.enumerated() {
      way.push(name)
      if index == names.count - 1 {
        let step: Step = isFile ? .makeFile(name, below: parent) : .makeDirectory(name, below: parent)
        steps.append(making(step))
      } else {
        let isHeld = held?.lines == 2 && index == names.count - 2
        let directory = isHeld ? held?.handle ?? Handle("parent") : Handle("parent")
        steps.append(making(.makeDirectory(name, below: parent)))
        steps.append(.openDirectory(way, below: root, into: directory, links: links, inSameMount: !isOwn))
        if index > 0 { steps.append(.close(parent)) }
        parent = directory
      }
    }
    if names.count > 1, held?.lines != 2 { steps.append(.close(parent)) }
    return steps
  }

  /// The directory that names lead to but for the last one.
  static func parent(_ names: [FilePath]) -> FilePath {
    names.dropLast().reduce(into: FilePath()) { $0.push($1) }
  }

  /// Closes what lines above held open, if it was opened: `make` is asked in the same way.
  private func left(_ container: Container) -> [Step] {
    guard let left = container.heldParent?.left, container.rootMayChange,
      container.hostPlace(of: left.path.inside("/")) == nil
    else { return [] }
    return [.close(left.handle)]
  }

  private func making(_ step: Step) -> Step { UnmappedOwner.explained(step.mayExist(), in: inside.parent) }
}

extension Container {
  /// Has lines of one stage that follow each other, with their places in one directory, open that once.
  ///
  /// Nothing comes between them, so that it is what the next look would find: but for a link of the image's, in which case both
  /// are refused, or what is mounted there is the container's own.
  mutating func holdParent(of place: FilePath, after stage: String) {
    let names = place.withoutSlash.names
    let above = stagesAbove.last == stage ? heldParent : nil
    let parent = MountPoint.parent(names)
    // What is made in the root itself needs no other descriptor.
    if let above, above.path == parent, names.count > 1, !names.contains("..") {
      heldParent = HeldParent(parent, above.handle, lines: above.lines + 1)
      return
    }
    heldParent = HeldParent(
      parent, Handle("parent"), lines: 1, left: above.flatMap { $0.lines > 1 ? ($0.path, $0.handle) : nil })
  }
}
