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
  static let diagnostics = [noDirectory, notYours, notDirectory] + BlockedDirectory.diagnostics

  /// - Parameters:
  ///   - parent: holds the directory in which a temporary one is made.
  ///   - name: the temporary one's name.
  init(_ path: FilePath, isTemporary: Bool, parent: Handle, name: UniqueName) {
    (self.path, self.isTemporary, self.parent, self.name) = (path, isTemporary, parent, name)
  }

  /// What the parent does before the child exists: nobody else may use the directory at the same time.
  func prepare(_ container: Container) -> [Step] {
    let (path, user, held) = (path, container.host.userID, Handle("upper-lock"))
    func explained(_ step: Step) -> Step {
      step.advice(Self.noDirectory, filled: ["directory": path.text])
        .advice(.permissionDenied) { BlockedDirectory.advice(on: path, $0, isParents: true) }
        .advice(Self.notYours, filled: ["directory": path.text, "user": String(user)])
        .advice(Self.notDirectory, filled: ["directory": path.text])
    }
    if isTemporary {
      // Others look for images beside the run directory: only that one is nobody else's.
      return parents.map { explained(.makeDirectory($0, mode: $0 == path ? 0o700 : 0o755).mayExist()) } + [
        explained(.openForReading(path, into: parent).undo(.close(parent))),
        explained(.makeUniqueDirectory(name, below: parent, into: held).undo(.close(held))),
      ]
    }
    return [
      explained(.makeDirectory(path, mode: 0o700).mayExist()),
      explained(.openForReading(path, into: held).undo(.close(held))),
      .lock(held).advice(Overlay.inUse, filled: ["directory": path.text]),
    ]
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
      : [.openForReading(path, into: layer)]) + checking
  }

  /// The directories from the user's own on: `~/.local`, `~/.local/share`, …
  private var parents: [FilePath] {
    let components = Array(path.components)
    return (1...max(components.count, 1)).suffix(4).map { FilePath(root: path.root, components.prefix($0)) }
  }
}
