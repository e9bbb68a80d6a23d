internal import Pipeline

/// A directory that holds an overlay's upper layer: one that the user keeps, or one that goes with the container.
struct UpperDirectory {
  let path: FilePath
  let isTemporary: Bool
  private let parent: Handle
  private let name: UniqueName

  static let noDirectory = Advice(
    .noSuchFileOrDirectory, why: "there is no directory in which {directory} could be made",
    fix: "make it: mkdir -p {directory}")
  static let notYours = Advice(
    .permissionDenied,
    why: "you, as user {user}, can't write to {directory}, or can't enter a directory on the way to it",
    fix: "write upper= with a directory of yours")
  static let notDirectory = Advice(
    .notDirectory, why: "{directory}, or something on the way to it, isn't a directory",
    fix: "write upper= with a directory, or a path at which one can be made")
  static let others = Advice(
    .protocolError, why: "{directory} can be written by other users, or belongs to one",
    fix: "look at what is in it, then: chmod go-w {directory}; or write another upper=DIR")
  static let link = Advice(
    .tooManySymbolicLinkLevels,
    why: "{directory} is a symbolic link: it would have files elsewhere written, or removed",
    fix: "find out who made it, and remove it; or write another upper=DIR")
  static let mounted = Advice(
    .improperLink, why: "something is mounted at {directory}", fix: "unmount it, or write another upper=DIR")
  static let noLayer = Advice(
    .notDirectory, why: "{directory} isn't a directory, which a layer consists of",
    fix: "remove it, or write another upper=DIR")
  static let diagnostics =
    [noDirectory, notYours, notDirectory, others, link, mounted, noLayer]
    + BlockedDirectory.diagnostics

  /// - Parameters:
  ///   - parent: holds the directory in which a temporary one is made.
  ///   - name: the temporary one's name.
  init(_ path: FilePath, isTemporary: Bool, parent: Handle, name: UniqueName) {
    (self.path, self.isTemporary, self.parent, self.name) = (path, isTemporary, parent, name)
  }

  /// Refuses a directory that other users own, can write, or could exchange, and one in the image.
  static func check(_ path: FilePath, _ container: inout Container) throws(Failure) {
    let what = "upper=\(quoted(path))"
    let isBelow = path.lexicallyNormalized().starts(with: container.rootPath.lexicallyNormalized())
    // One that can't be looked at is told of by the step that makes or opens it.
    let way = try? Way(to: path, container.host, known: container.ways.flatMap(\.places))
    let root = container.rootFound
    if isBelow || root.map({ root in way?.places.contains { $0.found.isSame(as: root) } == true }) == true {
      throw Failure(what, Overlay.insideImage.filled(["directory": path.text]))
    }
    guard let way else { return }
    container.ways.append(way)
    if let doubt = way.doubt(container.host) {
      throw Failure(what, doubt.advice(way, path.text, "decide what the container finds in it", container.host))
    }
  }

  /// What the parent does before the child exists: nobody else may use the directory at the same time.
  func prepare(_ container: Container) -> [Step] {
    let (path, host, held) = (path, container.host, Handle("upper-lock"))
    let user = host.userID
    func explained(_ step: Step) -> Step {
      step.advice(Self.noDirectory, filled: ["directory": path.text])
        .advice(.permissionDenied) { BlockedDirectory.advice(on: path, $0, isParents: true) }
        .advice(Self.notYours, filled: ["directory": path.text, "user": String(user)])
        .advice(Self.notDirectory, filled: ["directory": path.text])
    }
    if isTemporary {
      // Others look for images beside the run directory: only that one is nobody else's.
      let parents = parents.map { explained(.makeDirectory($0, mode: $0 == path ? 0o700 : 0o755).mayExist()) }
      return made(
        parents + [
          explained(.openForReading(path, into: parent, followsLink: false).undo(.close(parent))),
          explained(.makeUniqueDirectory(name, below: parent, into: held).undo(.close(held))),
        ])
    }
    return made([explained(.makeDirectory(path, mode: 0o700).mayExist())]) + [
      explained(.openForReading(path, into: held, followsLink: false).undo(.close(held))),
      .check(held) { ($0.userID == user || $0.userID == 0) && Self.isClosed($0, $0.groupID, host) }
        .advice(Self.others, filled: ["directory": path.text]),
      .lock(held).advice(Overlay.inUse, filled: ["directory": path.text]),
    ]
  }

  /// Steps that make directories which littlectr enters itself.
  private func made(_ steps: [Step]) -> [Step] {
    let mask = FileModeMask()
    return [.keepOwnersBits(saving: mask)] + steps + [.restoreFileModeMask(mask)]
  }

  /// What the parent does while the child waits.
  func whileChildWaits(_ child: ChildID) -> [Step] {
    isTemporary ? [.removeAtEnd(name, below: parent, asSeenBy: child, into: Handle("user-namespace"))] : []
  }

  /// What the child does first. It opens the directory anew: the kernel takes a layer only from the caller's own mounts.
  func open(into layer: Handle, _ container: Container) -> [Step] {
    let (path, user) = (path, container.host.userID)
    let isMarked = container.namespaces.contains(.user)
    let check = Step.checkUserAttributes(of: layer).advice(Overlay.noAttributes, filled: ["directory": path.text])
      .advice(Self.notYours, filled: ["directory": path.text, "user": String(user)])
    let checking = isMarked ? [check] : []
    return
      (isTemporary
      ? [.removeAbandoned(name, below: parent), .openUnique(name, in: path, into: layer)]
      : [.openForReading(path, into: layer, followsLink: false)]) + checking
  }

  /// Opens the two directories that a layer consists of. Neither may be a link, which would have files elsewhere written,
  /// or removed; nor may others write them.
  func open(_ upper: Handle, _ work: Handle, below layer: Handle, _ container: Container) -> [Step] {
    let (map, host) = (container.idMap, container.host)
    return [("upper" as FilePath, upper), ("work", work)].flatMap { name, handle in
      let place = path.pushing(name).text
      return Step.advice(
        anyOf: [Self.others, Self.link, Self.mounted, Self.noLayer], filled: ["directory": place],
        on: [
          .openDirectory(name, below: layer, into: handle, inSameMount: true),
          // Root inside may have given it to another of the container's users.
          .check(handle) { found in
            guard let map else { return Self.isClosed(found, found.groupID, host) }
            return map.users.contains { Self.id(found.userID, by: $0) != nil }
              && Self.isClosed(found, map.groups.lazy.compactMap { Self.id(found.groupID, by: $0) }.first, host)
          },
        ], lookIntoImage: true)
    }
  }

  /// Whether nobody but the owner can write a directory, whose group is that one outside.
  private static func isClosed(_ found: Host.Found, _ group: UInt32?, _ host: Host) -> Bool {
    if found.mode & 0o002 != 0 { return false }
    return found.mode & 0o020 == 0 || group.map { host.isAlone(in: $0) } ?? false
  }

  /// The id outside of one inside; nil if the range hasn't it.
  private static func id(_ inside: UInt32, by range: IDMap.Range) -> UInt32? {
    inside >= range.inside && inside - range.inside < range.count ? range.outside + (inside - range.inside) : nil
  }

  /// The directories from the user's own on: `~/.local`, `~/.local/share`, …
  private var parents: [FilePath] {
    let components = Array(path.components)
    return (1...max(components.count, 1)).suffix(4).map { FilePath(root: path.root, components.prefix($0)) }
  }
}
