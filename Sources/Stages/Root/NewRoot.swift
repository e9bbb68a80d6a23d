internal import Pipeline

/// How a container gets from the host's root directory into its own.
struct NewRoot {
  static let initialRoot = Advice(
    .invalidArgument, why: "pivot_root can't leave the kernel's initial file system, nor a root made by chroot(2)",
    fix: "write method=chroot, or start littlectr from a mounted root")
  static let unprivileged = Advice(
    .notPermitted, why: "only root of the namespace's owner may change the root",
    fix: "write 'userns' with map=auto above {stage}, or run as root", without: "userns")

  static let noProc = Advice(
    .noSuchFileOrDirectory, why: "the host has no {place}, over which the root is attached until it is entered",
    fix: "mount -t proc proc /proc")

  /// The refusals, for the manual.
  static let diagnostics = [initialRoot, unprivileged, noProc]

  /// Where the root is attached until it is entered: a directory that no path of the host's leads through. Stacked on "/"
  /// it would be in the way, since `..` in a path or a link leads from there into what is stacked on it.
  static let place: FilePath = "/proc/self/fdinfo"

  /// The root, once a step has filled it. A stage further below may put another mount in.
  let handle: Handle
  let stage: String

  init(stage: String) { self.init(holding: Handle("root"), for: stage) }
  init(holding root: Handle, for stage: String) { (handle, self.stage) = (root, stage) }

  /// Adds the refusal that any change of the root can meet.
  func explained(_ step: Step) -> Step {
    let stage = stage
    return step.advice(Self.unprivileged, filled: ["stage": stage])
  }

  /// What has to be done before a root is attached: the kernel pivots no shared mount, so shared ones become slaves, which
  /// still see the host's mounts. All of them, not the root's alone: otherwise detaching the old root would unmount the
  /// host's mounts below it.
  func prepare(_ container: Container) -> [Step] {
    container.propagation == .shared || container.propagation == .unchanged
      ? [.setPropagation(.slave, of: "/", recursively: true)] : []
  }

  /// Attaches the root where nothing finds it, and where a copy of the host's tree leaves it out.
  var attach: [Step] {
    let hidden = Handle("hidden")
    return [
      explained(.cloneTree(Self.place, into: hidden, recursively: false))
        .advice(Self.noProc, filled: ["place": Self.place.text]),
      .setAttributes([], propagation: .unbindable, of: hidden, recursively: false)
        .remark("a source that holds it is copied without it"),
      explained(.attach(hidden, over: Self.place)), .close(hidden), attachAgain,
    ]
  }

  /// Attaches it there once something was attached already.
  var attachAgain: Step { explained(.attach(handle, over: Self.place)) }

  /// Enters it, and detaches the old one. Until then all paths lead to the host's files.
  var pivot: [Step] {
    [
      .changeDirectory(to: handle),
      explained(.pivotRoot().advice(Self.initialRoot)).remark("the old root is stacked on the new one"),
      .detach(".").remark("let go of the old root"), .changeDirectory(to: "/"),
    ]
  }

  /// Enters it, and keeps the old one, out of sight.
  var chroot: [Step] { [.changeDirectory(to: handle), explained(.changeRoot("."))] }
}
