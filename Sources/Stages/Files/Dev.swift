public import Pipeline

/// Gives the container a /dev of its own: a small tmpfs with the few devices that every program may use.
public struct Dev: IsolationStage {
  public static let name = "dev"
  public static let synonyms = ["device", "devices", "devtmpfs", "devpts", "shm"]
  public static let help = """
    A /dev of its own, with null, zero, full, random, urandom, tty, pseudo-terminals and shared memory.
    Programs expect it. Without it a redirection to /dev/null makes a file in the image, and nothing random can be read. \
    No other device of your machine is in it, unless devices= names it. Shared memory in /dev/shm is limited by shm=, message \
    queues by sysctl fs.mqueue and rlimit msgqueue.
    """
  public static let options = [
    StageOption(
      "devices", \Self.devices, "one more device of the host's, by its path in /dev: fuse, net/tun, kvm, dri",
      syntax: "NAME", none: "none"),
    StageOption("shm", \Self.sharedMemory, "how much /dev/shm may hold, which is memory", syntax: "SIZE"),
  ]
  public static let provides = [Facet.devices, .files]
  public static let needs: KeyValuePairs = [
    Facet.mounts: "the new /dev would otherwise be mounted on your machine, and stay there"
  ]
  public static let follows: KeyValuePairs = [
    Facet.userNamespace: "its files belong to the ids of the user namespace",
    .root: "a /dev mounted before the root changes stays behind in the old root", .layer: "the layer would cover it",
  ]
  public static let diagnostics = [badName, noDevice] + Filesystem.diagnostics + MountPoint.diagnostics

  static let badName = Advice(
    why: "a device is named by its path below /dev, without '..' and without a '/' at its beginning",
    fix: "write devices=fuse, or devices=net/tun")
  static let noDevice = Advice(
    .noSuchFileOrDirectory, why: "the host has no /dev/{device}",
    fix: "load the kernel's module for it, or leave devices={device} out")
  private static let directory = MountPoint("dev")
  private static let mounts: [FilePath] = ["/dev/pts", "/dev/shm", "/dev/mqueue"]
  private static let usual = ["null", "zero", "full", "random", "urandom", "tty"]
  private static let links = [
    ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2"),
    ("ptmx", "pts/ptmx"),
  ]

  var devices: [String] = []
  var sharedMemory = MemorySize(bytes: 64 << 20)
  private let dev = Handle("dev")
  public init() {}

  public func shape(_ container: inout Container) {
    container.put(nil, at: "/dev")
    for place in Self.mounts { container.put(nil, at: place) }
    container.hold(dev, at: "/dev")
    container.devices = (Self.usual + devices).map { "/dev/" + $0 }
    for device in devices { container.share(SharedThing("device", "the host's /dev/\(device)")) }
  }

  public func inChild(_ container: Container) throws(Failure) -> [Step] {
    try Self.directory.check(container)
    let root = container.root ?? Handle("root")
    let place = Handle("dev-place")
    var steps: [Step] = container.root == nil ? [.openDirectory("/", into: root)] : []
    // Every device is held before the new /dev may cover the old one.
    let held = try (Self.usual + devices).map { name throws(Failure) in try Device(name, container.host) }
    for device in held { steps += device.hold }
    steps += Self.directory.open(below: root, into: place, container)
    // Mode 755, not tmpfs's 1777: there the kernel lets nobody but its owner open a device with O_CREAT, as > does.
    steps += Filesystem.tmpfs(
      size: MemorySize(bytes: 64 << 10), mode: "0755", [.noSetUserID, .noExecute], into: dev, for: Self.name)
    steps.append(Self.directory.attach(dev, over: place, container))
    steps += container.noted(dev)
    for device in held { steps += device.attach(below: dev) }
    steps += Self.links.map { .makeLink(to: FilePath($0.1), FilePath($0.0), below: dev) }
    let group = container.idMap.map { $0.groups.contains { $0.inside <= 5 && 5 - $0.inside < $0.count } } ?? true
    let pts = [("ptmxmode", "0666"), ("mode", "0620")] + (group ? [("gid", "5")] : [])
    steps += directory("pts", "devpts", pts, [.noSetUserID, .noExecute], container)
    let shm = Handle("shm")
    let attributes = protected("shm", [.noSetUserID, .noDevices], container)
    steps += Filesystem.tmpfs(size: sharedMemory, mode: "1777", attributes, into: shm, for: Self.name)
    steps += attach(shm, as: "shm", container)
    if container.namespaces.contains(.ipc) {
      steps += directory("mqueue", "mqueue", [], [.noSetUserID, .noDevices, .noExecute], container)
    }
    return steps
  }

  /// A directory of the new /dev with a file system of its own.
  private func directory(
    _ name: String, _ type: String, _ parameters: [(String, String)], _ attributes: MountAttributes,
    _ container: Container
  ) -> [Step] {
    let mount = Handle(name)
    let attributes = type == "devpts" ? attributes : protected(name, attributes, container)
    return Filesystem.make(type, parameters, attributes, into: mount, for: Self.name)
      + attach(mount, as: FilePath(name), container)
  }

  /// Read-only, where the rules for files let nothing be written.
  private func protected(_ name: String, _ attributes: MountAttributes, _ container: Container) -> MountAttributes {
    container.mayWrite(at: FilePath("/dev/" + name)) ? attributes : attributes.union(.readOnly)
  }

  private func attach(_ mount: Handle, as name: FilePath, _ container: Container) -> [Step] {
    [.makeDirectory(name, below: dev), .attach(mount, over: name, below: dev)] + container.noted(mount)
  }
}
