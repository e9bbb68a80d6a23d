internal import Pipeline

/// What a stage gives of its own at a path of the container's root: a mount, attached over the place.
///
/// A container without a root of its own has the host's: then the root is opened first.
struct Place {
  private let root: Handle
  private let opensRoot: Bool
  private let point: MountPoint
  private let place: Handle
  private let container: Container

  init(_ path: FilePath, _ kind: MountPoint.Kind, in container: Container) throws(Failure) {
    point = MountPoint(path, kind)
    try point.check(container)
    (root, opensRoot) = (container.root ?? Handle("root"), container.root == nil)
    (place, self.container) = (Handle("place"), container)
  }

  /// Attaches a mount there, does something in it, and closes both descriptors.
  func attach(_ mount: Handle, then rest: [Step] = []) -> [Step] {
    (opensRoot ? [.openDirectory("/", into: root)] : []) + point.open(below: root, into: place, container)
      + [point.attach(mount, over: place, container)] + container.noted(mount) + rest + [.close(place), .close(mount)]
  }
}

extension Container {
  /// Has `expect` know which line has attached a mount, if it is in use.
  func noted(_ mount: Handle) -> [Step] { stagesInUse.contains("expect") ? [.note(mount, in: self)] : [] }
}
