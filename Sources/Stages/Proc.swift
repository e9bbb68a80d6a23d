public import Pipeline

/// Mounts a process file system of the container's own at /proc: proc(5).
public struct Proc: IsolationStage {
  public static let name = "proc"
  public static let help = """
    A /proc that shows the container's own processes.
    ps, top and most programs need one. Without it /proc is the image's empty directory, and with your machine's root \
    it still shows your machine's processes. Where 'pid' is off, the machine's own /proc is put there.
    """
  public static let options = [
    StageOption(
      "hidepid", \Self.hidepid,
      "of other users' processes: off hides nothing, noaccess the files, invisible all; ptraceable hides what can't be traced"
    )
  ]
  public static let requires: KeyValuePairs = [
    "mount": "the new /proc would otherwise be mounted on your machine, and stay there"
  ]
  public static let after: KeyValuePairs = [
    "userns": "it is mounted with the privileges of the user namespace",
    "chroot": "a /proc mounted before the root changes stays behind in the old root",
    "hostroot": "a /proc mounted before the root changes stays behind in the old root",
    "overlay": "the layer would cover it",
  ]
  public static let diagnostics = [covered, boundHidepid] + MountPoint.diagnostics

  static let covered = Advice(
    .notPermitted, why: "{place} is mounted over a part of your /proc, so the kernel refuses a new one",
    fix: "docker run --security-opt systempaths=unconfined …, or write: off proc")
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

  var hidepid = HidePID.off
  let place = Handle("place")
  let mount = Handle("proc")
  public init() {}

  public func shape(_ container: inout Container) {
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
    return opening + Self.directory.open(below: root, into: place, container)
      + (hasOwnProcesses(container) ? newFilesystem : try hostFilesystem()) + [
        Self.directory.attach(mount, over: place, container)
      ]
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
      .cloneTree("/proc", into: mount), .setAttributes([.noSetUserID, .noDevices, .noExecute], of: mount),
    ]
  }

  /// Why the kernel refuses a new /proc: something is mounted over a part of the one that littlectr sees.
  private static func cause(_ evidence: Evidence) -> Advice? {
    for mount in (evidence.host.text(of: "/proc/self/mountinfo") ?? "").split(separator: "\n") {
      let fields = mount.split(separator: " ")
      guard fields.count > 4, fields[4].hasPrefix("/proc/"), fields[4] != "/proc/sys/fs/binfmt_misc" else { continue }
      return covered.filled(["place": String(fields[4])])
    }
    return nil
  }
}
