public import Pipeline

/// Gives the container a root directory of its own: pivot_root(2), or chroot(2) to see why that isn't enough.
public struct Chroot: IsolationStage {
  public static let name = "chroot"
  public static let help = """
    A root directory of its own: an image, or any directory that holds a system.
    Without it the container has your files, with your rights to them. method=chroot changes only where "/" begins; \
    the old root stays mounted, and root inside finds the way out to it.
    """
  public static let options = [
    StageOption("image", \Self.image, "the image's name, under images/", syntax: "NAME", flag: "image"),
    StageOption("root", \Self.root, "a directory instead of an image", flag: "root"),
    StageOption("method", \Self.method, "pivot: let go of the old root; chroot: keep it, hidden"),
    StageOption("readonly", \Self.readOnly, "nothing in the root can be written", flag: "readonly"),
  ]
  public static let after: KeyValuePairs = [
    "userns": "the root is changed with the privileges of the user namespace",
    "mount": "the new root is attached in the container's own table of mounts",
  ]
  public static let diagnostics = [
    noMounts, reachesHost, badName, noImage, noRoot, noEntry, notDirectory, initialRoot, unprivileged,
  ]

  static let noMounts = Advice(
    why: "{option} needs a table of mounts that isn't your machine's",
    fix: "write 'mount' above chroot, or method=chroot without readonly")
  static let reachesHost = Advice(
    why:
      "with mount propagation={propagation} and without userns, the root would also be mounted on your machine, and stay",
    fix: "write propagation=slave, or switch userns on")
  static let badName = Advice(
    why: "an image's name is a file's name: no '/', and not '.' or '..'", fix: "for a directory write root={name}")
  static let noImage = Advice(
    .noSuchFileOrDirectory, why: "there is no image '{image}' in {places}",
    fix: "./setup --image {image} makes it; for any other directory write root=DIR")
  static let noRoot = Advice(.noSuchFileOrDirectory, why: "there is no {root}", fix: "write root= with a directory")
  static let noEntry = Advice(
    .permissionDenied, why: "{directory} has mode {mode} and user {owner}'s; you, as user {user}, can't enter it",
    fix: "chmod o+x {directory}, or put the root somewhere else")
  static let notDirectory = Advice(.notDirectory, why: "{root} isn't a directory", fix: "write root= with a directory")
  static let initialRoot = Advice(
    .invalidArgument, why: "pivot_root can't leave the kernel's initial file system, nor a root made by chroot(2)",
    fix: "write method=chroot, or start littlectr from a mounted root")
  static let unprivileged = Advice(
    .notPermitted, why: "only root of the namespace's owner may change the root",
    fix: "write 'userns' with map=auto above chroot, or run as root")

  enum Method: String, CaseIterable {
    case pivot
    case chroot
  }

  var image = "default"
  var root: FilePath?
  var method = Method.pivot
  var readOnly = false
  let handle = Handle("root")
  let oldRoot = Handle("old-root")
  public init() {}

  public func shape(_ container: inout Container) throws(Failure) {
    if !container.namespaces.contains(.mount), method == .pivot || readOnly {
      let option = method == .pivot ? "method=pivot" : "readonly"
      throw Failure("the root can't be changed", Self.noMounts.filled(["option": option]))
    }
    if container.namespaces.contains(.mount), method == .chroot, container.mountsReachHost {
      throw Failure(
        "the root can't be changed", Self.reachesHost.filled(["propagation": container.propagation.rawValue]))
    }
    container.rootPath = try directory(container)
    container.root = handle
    if method == .pivot { container.unshare("files") }
    if method == .pivot { container.hostRoot = oldRoot }
  }

  public func inChild(_ container: Container) throws(Failure) -> [Step] {
    let path = container.rootPath
    guard container.namespaces.contains(.mount) else {
      return [explained(.openDirectory(path, into: handle), path), .changeDirectory(to: handle)] + changeRoot
    }
    // What the kernel refuses to pivot is a shared mount: it becomes a slave, which still sees the host's mounts.
    let isShared = container.propagation == .shared || container.propagation == .unchanged
    // Device nodes of the image are the host's devices: they are never usable.
    let attributes: MountAttributes = readOnly ? [.noDevices, .readOnly] : .noDevices
    let tree: [Step] = [
      explained(.cloneTree(path, into: handle), path).remark("the root, held by descriptor"),
      .setAttributes(attributes, propagation: isShared && method == .pivot ? .slave : nil, of: handle),
    ]
    if method == .chroot {
      let place = Handle("root-place")
      return [explained(.openDirectory(path, into: place), path)] + tree
        + [.attach(handle, over: place), .changeDirectory(to: handle)] + changeRoot
    }
    return tree + (isShared ? [.setPropagation(.slave, of: "/", recursively: false)] : []) + [
      .openDirectory("/", into: oldRoot),
      // What isn't a directory can't be attached over one; open_tree takes it all the same.
      .attach(handle, over: "/").advice(Self.unprivileged).advice(.invalidArgument) { evidence in
        guard evidence.host.status(of: path)?.isDirectory == false else { return nil }
        return Self.notDirectory.filled(["root": path.string])
      },
      .changeDirectory(to: handle),
      .pivotRoot().advice(Self.initialRoot).advice(Self.unprivileged).remark("the old root is stacked on the new one"),
    ]
  }

  public func beforeExec(_ container: Container) -> [Step] {
    guard method == .pivot else { return [] }
    return [
      .changeDirectory(to: oldRoot), .detach(".").remark("let go of the old root"), .changeDirectory(to: "/"),
    ]
  }

  private var changeRoot: [Step] { [.changeRoot(".").advice(Self.unprivileged)] }

  /// Where the root lies: the directory given, or the first place that has the image.
  private func directory(_ container: Container) throws(Failure) -> FilePath {
    if let root { return root }
    guard !image.isEmpty, image != ".", image != "..", !image.contains("/") else {
      throw Failure("image=\(image)", Self.badName.filled(["name": image]))
    }
    let directories = container.imageDirectories()
    let places = directories.map { $0.appending(image) }
    // A place that exists but can't be entered is not passed over: the step below names what is in the way.
    if let found = places.first(where: { container.host.status(of: $0) != nil }) { return found }
    if let blocked = places.first(where: { Self.obstacle(on: $0, container.host) != nil }) { return blocked }
    let list = directories.map(\.string).joined(separator: ", ")
    throw Failure("image=\(image)", Self.noImage.filled(["image": image, "places": list]))
  }

  private func explained(_ step: Step, _ path: FilePath) -> Step {
    step.advice(.noSuchFileOrDirectory) { _ in Self.noRoot.filled(["root": path.string]) }
      .advice(.notDirectory) { _ in Self.notDirectory.filled(["root": path.string]) }
      .advice(.permissionDenied) { evidence in
        Self.obstacle(on: path, evidence.host).map { directory, found in
          Self.noEntry.filled([
            "directory": directory.string, "mode": String(found.mode & 0o7777, radix: 8),
            "owner": String(found.userID), "user": String(evidence.host.userID),
          ])
        }
      }
      .advice(Self.unprivileged)
  }

  /// The first directory on the way that the caller can't enter.
  private static func obstacle(on path: FilePath, _ host: Host) -> (FilePath, Host.Found)? {
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
