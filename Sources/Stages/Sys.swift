public import Pipeline

/// Mounts a /sys that can only be read: sysfs(5).
public struct Sys: IsolationStage {
  public static let name = "sys"
  public static let help = """
    A /sys that can only be read.
    Programs look there for processors, memory and network devices. With a network of its own the container gets its own \
    sysfs, which shows its own network devices; else the host's, with all mounts below it. Without it /sys is the \
    image's empty directory.
    What tells of the whole machine is hidden in it, below an empty directory that nobody can write: firmware, \
    devices/virtual/powercap, and thermal_throttle of each processor. Root inside may take a cover off while it may mount.
    """
  public static let options = [
    StageOption(
      "mask", \Self.mask,
      "what is hidden: default, the directories above; or paths; none takes back what was said before it"),
    StageOption("readonly", \Self.readOnly, "what can only be read: default, all of it; none; or these paths only"),
  ]
  public static let requires: KeyValuePairs = [
    "mount": "the new /sys would otherwise be mounted on your machine, and stay there"
  ]
  public static let after: KeyValuePairs = [
    "userns": "it is mounted with the privileges of the user namespace",
    "chroot": "a /sys mounted before the root changes stays behind in the old root",
    "hostroot": "a /sys mounted before the root changes stays behind in the old root",
    "overlay": "the layer would cover it",
  ]
  public static let diagnostics = [covered, none, notSys] + Cover.diagnostics + MountPoint.diagnostics

  static let covered = Advice(
    .notPermitted,
    why: "something is mounted over a part of your /sys, or it can only be read, so the kernel refuses a new one",
    fix: """
      docker run --security-opt systempaths=unconfined …; inside another littlectr, have its stages.conf say: sys \
      mask=none readonly=none; or write: off sys
      """)
  static let none = Advice(
    .noSuchFileOrDirectory, why: "the host has no /sys", fix: "mount -t sysfs sysfs /sys, or write: off sys")
  static let notSys = Advice(
    .canceled, why: "what is mounted at your /sys is no sysfs", fix: "as root: mount -t sysfs sysfs /sys")

  var mask = [CoverWord.unsaid] { didSet { mask = CoverWord.settled(mask) } }
  var readOnly = [CoverWord.unsaid] { didSet { readOnly = CoverWord.settled(readOnly) } }
  private let empty = Handle("empty")
  public init() {}

  /// Whether nothing in it can be written.
  private var isReadOnly: Bool { readOnly.contains { $0 == .unsaid || $0 == .usual } }

  public func shape(_ container: inout Container) {
    Self.cover(container.host).share(empty, mask, &container)
    if container.namespaces.contains(.network) { return }
    let how = isReadOnly ? ", read-only" : ""
    container.share(SharedThing("sys", "the host's /sys with all that is mounted below it\(how)"))
  }

  public func inChild(_ container: Container) throws(Failure) -> [Step] {
    let mount = Handle("sys")
    let attributes: MountAttributes = isReadOnly ? [.readOnly, .noSetUserID, .noDevices, .noExecute] : Self.always
    let place = try Place("/sys", .system, in: container)
    let covers = try Self.cover(container.host).steps(
      over: mount, masks: mask, readOnly: isReadOnly ? [.nothing] : readOnly, empty, container)
    guard container.namespaces.contains(.network) else {
      return [
        .cloneTree("/sys", into: mount).advice(Self.none), .setAttributes(attributes, of: mount),
        .verify(mount, is: .sys, attributes).advice(Self.notSys),
      ] + place.attach(mount, then: covers)
    }
    let context = Handle("sysfs-context")
    return [
      .openFilesystem("sysfs", into: context), .create(context).advice(Self.covered),
      .mount(context, attributes, into: mount).advice(Self.covered),
    ] + place.attach(mount, then: covers)
  }

  private static let always: MountAttributes = [.noSetUserID, .noDevices, .noExecute]

  private static func cover(_ host: Host) -> Cover {
    var masks = [
      Cover.KernelFile(name: "firmware", isDirectory: true),
      Cover.KernelFile(name: "devices/virtual/powercap", isDirectory: true),
    ]
    // How often a processor was too hot tells what others do.
    if host.status(of: "/sys/devices/system/cpu/cpu0/thermal_throttle") != nil,
      let text = host.text(of: "/sys/devices/system/cpu/possible"),
      let all = try? ProcessorList.parse(String(text.prefix { $0 != "\n" }), ValueContext(directory: "/"))
    {
      masks += all.numbers.map {
        Cover.KernelFile(name: "devices/system/cpu/cpu\($0)/thermal_throttle", isDirectory: true)
      }
    }
    return Cover(tree: "/sys", witness: "/sys/kernel", usualMasks: masks, usualReadOnly: [])
  }
}
