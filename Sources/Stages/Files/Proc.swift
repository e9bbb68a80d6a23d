public import Pipeline

/// Mounts a process file system of the container's own at /proc: proc(5).
public struct Proc: IsolationStage {
  public static let name = "proc"
  public static let synonyms = ["procfs"]
  public static let help = """
    A /proc that shows the container's own processes.
    ps, top and most programs need one. Without it /proc is the image's empty directory, and with your machine's root \
    it still shows your machine's processes. Where 'pid' is off, the machine's own /proc is put there.
    What tells of the whole machine is hidden in it, below an empty directory or file that nobody can write: acpi, asound, \
    interrupts, keys and scsi; for real root, or where others may read them, also kcore, kpagecgroup, kpagecount, kpageflags, \
    latency_stats, pagetypeinfo, sched_debug, slabinfo, timer_list, timer_stats and vmallocinfo. What changes the kernel, or \
    makes it work for whoever writes, can only be read: sys and pressure, for real root also bus, dynamic_debug, fs, irq, mtrr and \
    sysrq-trigger. What this kernel doesn't have is passed over, but not what you name. Root inside may take a cover off \
    while it may mount; and the kernel refuses a further /proc, as another littlectr inside makes one, until the line \
    says mask=none readonly=none.
    """
  public static let options = [
    StageOption(
      "hidepid", \Self.hidepid,
      "of other users' processes: off hides nothing, noaccess the files, invisible all; ptraceable hides what can't be traced"
    ),
    StageOption(
      "mask", \Self.mask, "what is hidden: default, the files above; or paths; none takes back what was said before it"),
    StageOption("readonly", \Self.readOnly, "what can only be read, in the same way"),
  ]
  public static let provides = [Facet.files]
  public static let needs: KeyValuePairs = [
    Facet.mounts: "the new /proc would otherwise be mounted on your machine, and stay there"
  ]
  public static let follows: KeyValuePairs = [
    Facet.userNamespace: "what is hidden depends on the ids of the user namespace",
    .root: "a /proc mounted before the root changes stays behind in the old root", .layer: "the layer would cover it",
  ]
  public static let diagnostics =
    [covered, coveredByLittlectr, boundHidepid, notProc] + MaskedPaths.diagnostics + MountPoint.diagnostics

  static let covered = Advice(
    .notPermitted, why: "{place} is mounted over a part of your /proc, so the kernel refuses a new one",
    fix: "docker run --security-opt systempaths=unconfined …, or write: off proc")
  static let coveredByLittlectr = Advice(
    .notPermitted,
    why: "the outer littlectr has put {place} over a part of the /proc that you have, so the kernel refuses a new one",
    fix: "write in the outer stages.conf: proc mask=none readonly=none; or here: off proc")
  static let notProc = Advice(
    .canceled, why: "what is mounted at your /proc is no procfs", fix: "as root: mount -t proc proc /proc")
  private static let directory = MountPoint("proc")
  static let boundHidepid = Advice(
    why: "without a pid namespace of its own the container gets your machine's /proc, whose hidepid can't be changed",
    fix: "leave hidepid out, or switch pid on")

  enum HidePID: String, CaseIterable {
    case off
    case noaccess
    case invisible
    case ptraceable
  }

  private static let cover = MaskedPaths(
    tree: "/proc", witness: "/proc/version",
    usualMasks: [
      MaskedPaths.KernelFile(name: "interrupts"), MaskedPaths.KernelFile(name: "keys"),
      MaskedPaths.KernelFile(name: "acpi", isDirectory: true),
      MaskedPaths.KernelFile(name: "asound", isDirectory: true),
      MaskedPaths.KernelFile(name: "scsi", isDirectory: true),
    ]
      + [
        "kcore", "kpagecgroup", "kpagecount", "kpageflags", "latency_stats", "pagetypeinfo", "sched_debug", "slabinfo",
        "timer_list", "timer_stats", "vmallocinfo",
      ].map { MaskedPaths.KernelFile(name: $0, rootOnly: true) },
    usualReadOnly: [
      MaskedPaths.KernelFile(name: "sys", isDirectory: true),
      // Whoever writes to it has the kernel watch the load of the machine.
      MaskedPaths.KernelFile(name: "pressure", isDirectory: true),
    ]
      + ["bus", "dynamic_debug", "fs", "irq"].map {
        MaskedPaths.KernelFile(name: $0, isDirectory: true, rootOnly: true, others: 0o002)
      }
      + ["mtrr", "sysrq-trigger"].map { MaskedPaths.KernelFile(name: $0, rootOnly: true, others: 0o002) })

  var hidepid = HidePID.off
  var mask = [MaskedPathsOption.unset] { didSet { mask = MaskedPathsOption.settled(mask) } }
  var readOnly = [MaskedPathsOption.unset] { didSet { readOnly = MaskedPathsOption.settled(readOnly) } }
  private let empty = Handle("empty")
  let place = Handle("place")
  let mount = Handle("proc")
  public init() {}

  public func shape(_ container: inout Container) {
    Self.cover.share(empty, mask, &container)
    if hasOwnProcesses(container) { return }
    container.share(SharedThing("proc", "the host's /proc, with all of its processes"))
  }

  private func hasOwnProcesses(_ container: Container) -> Bool {
    container.namespaces.contains(.pid) || !container.namespaces.contains(.user)
  }

  public func inChild(_ container: Container) throws(Failure) -> [Step] {
    try Self.directory.check(container)
    let root = container.root ?? Handle("root")
    let opening: [Step] = container.root == nil ? [.openDirectory("/", into: root)] : []
    let covers = try Self.cover.steps(over: mount, masks: mask, readOnly: readOnly, empty, container)
    return opening + Self.directory.open(below: root, into: place, container)
      + (hasOwnProcesses(container) ? newFilesystem : try hostFilesystem()) + [
        Self.directory.attach(mount, over: place, container)
      ] + covers
  }

  private var newFilesystem: [Step] {
    let context = Handle("context")
    return [.openFilesystem("proc", into: context)]
      + (hidepid == .off ? [] : [.configure(context, "hidepid", hidepid.rawValue)])
      + [
        .create(context),
        .mount(context, [.noSetUserID, .noDevices, .noExecute], into: mount).advice(.notPermitted) {
          Self.cause($0)
        },
      ]
  }

  /// The host's /proc, which an own one can't replace: it shows the processes that the container shares.
  private func hostFilesystem() throws(Failure) -> [Step] {
    if hidepid != .off { throw Failure("hidepid=\(hidepid.rawValue)", Self.boundHidepid) }
    return [
      .cloneTree("/proc", into: mount), .verify(mount, is: .proc, []).advice(Self.notProc),
      .setAttributes([.noSetUserID, .noDevices, .noExecute], of: mount),
    ]
  }

  /// Why the kernel refuses a new /proc: something is mounted over a part of the one that littlectr sees.
  private static func cause(_ evidence: Evidence) -> Advice? {
    let mounts = (evidence.host.text(of: "/proc/self/mountinfo") ?? "").lines
    for mount in mounts {
      let fields = mount.words()
      guard fields.count > 4, fields[4].begins(with: "/proc/"), fields[4] != "/proc/sys/fs/binfmt_misc" else {
        continue
      }
      let isLittlectrs =
        evidence.host.text(of: "/proc/1/cmdline")?.begins(with: "littlectr-init") == true
        || mounts.contains { $0.contains(" /proc/") && $0.contains(" - tmpfs littlectr ") }
      return (isLittlectrs ? coveredByLittlectr : covered).filled(["place": fields[4]])
    }
    return nil
  }
}
