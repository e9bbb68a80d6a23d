public import Pipeline

/// Mounts a /sys that can only be read: sysfs(5).
public struct Sys: IsolationStage {
  public static let name = "sys"
  public static let help = """
    A /sys that can only be read.
    Programs look there for processors, memory and network devices. With a network of its own the container gets its own \
    sysfs, which shows its own network devices; else the host's, with all mounts below it. Without it /sys is the \
    image's empty directory.
    """
  public static let requires: KeyValuePairs = [
    "mount": "the new /sys would otherwise be mounted on your machine, and stay there"
  ]
  public static let after: KeyValuePairs = [
    "userns": "it is mounted with the privileges of the user namespace",
    "chroot": "a /sys mounted before the root changes stays behind in the old root",
    "hostroot": "a /sys mounted before the root changes stays behind in the old root",
    "overlay": "the layer would cover it",
  ]
  public static let diagnostics = [covered, none] + MountPoint.diagnostics

  static let covered = Advice(
    .notPermitted,
    why: "something is mounted over a part of your /sys, or it can only be read, so the kernel refuses a new one",
    fix: "docker run --security-opt systempaths=unconfined …, or write: off sys")
  static let none = Advice(
    .noSuchFileOrDirectory, why: "the host has no /sys", fix: "mount -t sysfs sysfs /sys, or write: off sys")

  public init() {}

  public func shape(_ container: inout Container) {
    if container.namespaces.contains(.network) { return }
    container.share(SharedThing("sys", "the host's /sys with all that is mounted below it, read-only"))
  }

  public func inChild(_ container: Container) throws(Failure) -> [Step] {
    let mount = Handle("sys")
    let attributes: MountAttributes = [.readOnly, .noSetUserID, .noDevices, .noExecute]
    let place = try Place("/sys", .system, in: container)
    guard container.namespaces.contains(.network) else {
      return [.cloneTree("/sys", into: mount).advice(Self.none), .setAttributes(attributes, of: mount)]
        + place.attach(mount)
    }
    let context = Handle("sysfs-context")
    return [
      .openFilesystem("sysfs", into: context), .create(context).advice(Self.covered),
      .mount(context, attributes, into: mount).advice(Self.covered),
    ] + place.attach(mount)
  }
}
