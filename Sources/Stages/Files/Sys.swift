public import Pipeline

/// Mounts a /sys that can only be read: sysfs(5).
public struct Sys: IsolationStage {
  public static let name = "sys"
  public static let synonyms = ["sysfs"]
  public static let help = """
    A /sys that can only be read.
    Programs look there for processors, memory and network devices. With a network of its own the container gets its own \
    sysfs, which shows its own network devices; otherwise the host's. Without it /sys is the image's empty directory.
    What tells of the whole machine is hidden in it, below an empty directory that nobody can write: dev/block, firmware, \
    devices/virtual/powercap, thermal_throttle of each processor, and what else the host has mounted there, as far as others \
    may enter it: debugfs, tracefs, securityfs and the like. With `cgroupns`, /sys/fs/cgroup is the container's own part of \
    cgroup v2, and with cgroup v1 it is hidden. Root inside may take a cover off while it may mount.
    """
  public static let options = [
    StageOption(
      "mask", \Self.mask,
      "what is hidden: default, the directories above; or paths; none takes back what was said before it"),
    StageOption("readonly", \Self.readOnly, "what can only be read: default, all of it; none; or these paths only"),
  ]
  public static let provides = [Facet.files]
  public static let needs: KeyValuePairs = [
    Facet.mounts: "the new /sys would otherwise be mounted on your machine, and stay there"
  ]
  public static let follows: KeyValuePairs = [
    Facet.userNamespace: "what is hidden depends on the ids of the user namespace",
    .root: "a /sys mounted before the root changes stays behind in the old root", .layer: "the layer would cover it",
  ]
  public static let diagnostics =
    [covered, none, notSys] + MaskedPaths.diagnostics + Filesystem.diagnostics + MountPoint.diagnostics

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

  var mask = [MaskedPathsOption.unset] { didSet { mask = MaskedPathsOption.settled(mask) } }
  var readOnly = [MaskedPathsOption.unset] { didSet { readOnly = MaskedPathsOption.settled(readOnly) } }
  private let empty = Handle("empty")
  public init() {}

  /// Whether nothing in it can be written.
  private var isReadOnly: Bool { readOnly.contains { $0 == .unset || $0 == .default } }

  public func shape(_ container: inout Container) {
    Self.cover(container).share(empty, mask, &container)
    if container.namespaces.contains(.network) { return }
    let how = isReadOnly ? ", read-only" : ""
    let beside = hidesUsual ? "" : " with all that is mounted below it"
    container.share(SharedThing("sys", "the host's /sys\(beside)\(how)"))
  }

  public func inChild(_ container: Container) throws(Failure) -> [Step] {
    let mount = Handle("sys")
    let attributes: MountAttributes = isReadOnly ? [.readOnly, .noSetUserID, .noDevices, .noExecute] : Self.always
    let place = try Place("/sys", .system, in: container)
    let covers =
      try Self.cover(container).steps(
        over: mount, masks: mask, readOnly: isReadOnly ? [.nothing] : readOnly, empty, container)
      + (hidesUsual && Self.hasOwnCgroups(container) ? ownCgroups(below: mount, attributes) : [])
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

  /// Whether what tells of the whole machine is hidden.
  private var hidesUsual: Bool { mask.contains { $0 == .unset || $0 == .default } }

  /// The file systems that may be mounted below the host's /sys.
  private static let mounts = [
    "fs/bpf", "fs/fuse/connections", "fs/pstore", "fs/resctrl", "fs/selinux", "fs/smackfs", "kernel/config",
    "kernel/debug", "kernel/security", "kernel/tracing",
  ]

  /// Whether the container's part of the cgroups can be shown: only a tree of version 2 begins at a namespace's own.
  private static func hasOwnCgroups(_ container: Container) -> Bool {
    container.namespaces.contains(.cgroup) && container.host.status(of: "/sys/fs/cgroup/cgroup.controllers") != nil
  }

  /// The part of the cgroups that begins at the container's own: cgroups(7).
  private func ownCgroups(below mount: Handle, _ attributes: MountAttributes) -> [Step] {
    let (cgroups, path) = (Handle("cgroups"), "fs/cgroup" as FilePath)
    return Filesystem.make("cgroup2", [], attributes, into: cgroups, for: Self.name) + [
      .attach(cgroups, over: path, below: mount), .close(cgroups), .verify(path, below: mount, is: nil, attributes),
    ]
  }

  private static let always: MountAttributes = [.noSetUserID, .noDevices, .noExecute]

  private static func cover(_ container: Container) -> MaskedPaths {
    let host = container.host
    var masks = [
      MaskedPaths.KernelFile(name: "dev/block", isDirectory: true),
      MaskedPaths.KernelFile(name: "firmware", isDirectory: true),
      MaskedPaths.KernelFile(name: "devices/virtual/powercap", isDirectory: true),
    ]
    // A new sysfs has nothing mounted below it.
    if !container.namespaces.contains(.network) {
      let device = host.status(of: "/sys")?.device
      masks += mounts.filter { host.status(of: FilePath("/sys/" + $0)).map { $0.device != device } ?? false }
        .map { MaskedPaths.KernelFile(name: $0, isDirectory: true, rootOnly: true, others: 0o077) }
      if container.namespaces.contains(.cgroup), !hasOwnCgroups(container) {
        masks.append(MaskedPaths.KernelFile(name: "fs/cgroup", isDirectory: true))
      }
    }
    // How often a processor was too hot tells what others do.
    if host.status(of: "/sys/devices/system/cpu/cpu0/thermal_throttle") != nil,
      let text = host.text(of: "/sys/devices/system/cpu/possible"),
      let all = try? ProcessorList.parse(String(text.prefix { $0 != "\n" }), ValueContext(directory: "/"))
    {
      masks += all.numbers.map {
        MaskedPaths.KernelFile(name: "devices/system/cpu/cpu\($0)/thermal_throttle", isDirectory: true)
      }
    }
    return MaskedPaths(tree: "/sys", witness: "/sys/kernel", usualMasks: masks, usualReadOnly: [])
  }
}
