internal import Kernel
public import SystemPackage

/// What is known of a container while it is planned. Stages shape it from top to bottom; those below rely on it.
public struct Container: Sendable {
  /// The machine outside.
  public let host: Host
  /// The namespaces of all stages in use, also of those further below.
  public internal(set) var namespaces: Namespaces = []
  /// The stages that there are, for what is told of those that are missing.
  public var catalog: [any IsolationStage.Type] = []
  /// The names of all stages in use, also of those further below.
  public internal(set) var stagesInUse: [String] = []
  /// The names of the stages above the one that is being asked, in the file's order.
  public internal(set) var stagesAbove: [String] = []

  /// The command and its arguments, as bytes.
  public var command: [[UInt8]]
  /// The environment that the command starts with. Nothing of the caller's comes in unless a stage puts it here.
  public var environment: [EnvironmentVariable]
  /// The root directory, once a step has opened it; nil while the container has the host's. The container enters it in
  /// `beforeExec`: until then paths lead to the host's files, and what is to be in the root is put below this.
  public var root: Handle?
  /// Whether what is made in the root is gone with the container, or kept where the user has asked for it: then a stage
  /// may make there the files and directories that it mounts over. In an image it must not.
  public var rootMayChange = false
  /// The user of the host's to whom the root belongs, if that one has no id inside: what is in the root stays as it is.
  public var foreignOwner: UInt32?
  /// The paths of the devices that are mounted inside, from the host.
  public var devices: [String] = []
  /// Whether nothing in the root may be written.
  public var rootIsReadOnly = false
  /// Whether the root is attached over the host's, out of sight, until the container enters it.
  public var rootIsStacked = false
  /// Whether the line that is being asked has `try`, and does without what the host lacks.
  public internal(set) var isTried = false
  /// What to tell when a command that is there, and has permission to be executed, is refused all the same.
  public var executionRefusal: Advice?
  /// An empty directory and an empty file of littlectr's own, which a step makes, to cover what isn't to be seen; nil
  /// while no stage above has them.
  public var emptyFiles: Handle?
  /// Whether a layer lies over an image.
  public var rootIsCovered = false
  /// Where the rules for files let something be written; nil without rules. It is known before the first stage is asked.
  public internal(set) var writablePlaces: [FilePath]?
  /// Where lines have put something for the command to write to.
  public internal(set) var givenPlaces: [FilePath] = []
  /// The mounts that stages hold, into which those below may put something.
  public internal(set) var heldMounts: [HeldMount] = []
  /// Which line has attached which mount.
  public let ledger = MountLedger()
  /// Where the line stands that is being asked.
  public internal(set) var line: Location?
  /// Where the root directory lies on the host; `/` while the container has the host's.
  public var rootPath: FilePath = "/"
  /// Where links of the host's programs lead, if those are in the root.
  public var linkTargets: LinkTargets?
  /// What decides what the container is, and from where: the ways to the configuration's files, the image, kept layers.
  public var ways: [Way] = []
  /// What the root directory is, looked at while planning; nil while it can't be told.
  public var rootFound: Host.Found?
  /// Where the root's files are looked up while planning: directories of the host's, the first that has one counts.
  public var filePlaces: [FilePath] = ["/"]
  /// What stages have put into the root.
  public internal(set) var placed = PlacedThings()
  /// The directory of the root in which the line above and this one make their places; nil if there is none.
  public var heldParent: HeldParent?
  /// Files that stages make in the root, by their paths, for those who look them up while planning.
  public var generatedFiles: [FilePath: [UInt8]] = [:]
  /// The host name inside; nil while it is the host's.
  public var hostname: String?
  /// The ids inside; nil while they are the host's.
  public var idMap: IDMap?
  /// Whether the caller's supplementary groups are kept because a line says so.
  public var keepsGroups = false
  /// As whom the command runs; nil for the container's root, or without a user namespace for the caller.
  public var user: User?
  /// What root inside may have of root's privileges; nil for all. A user who isn't root has none.
  public var capabilities: CapabilitySet?
  /// Which descriptors are closed before the command is looked for: the first and the last of each range, in turn.
  public var closedDescriptors: [UInt32] = []
  /// Whether user namespaces can be made inside.
  public var allowsUserNamespaces = true
  /// Whether a line limits core dumps.
  public var limitsCore = false
  /// Whether a line says which permissions new files don't get; else it is `callersMask`.
  public var hasFileModeMask = false
  /// Which permissions new files of the caller's don't get; filled when the container runs.
  public let callersMask = FileModeMask()
  /// The filter that its system calls go through; nil without one.
  public var filter: PlannedFilter?
  /// How mounts pass between the container and the host.
  public var propagation: Propagation = .unchanged
  /// The process with whose end the container ends, which has started littlectr; nil if it goes on without.
  public var starter: Int32?
  /// Whether process 1 is a small reaper that starts the command, instead of the command itself.
  public var hasReaper = false
  /// How the container stands to the caller's session and terminal.
  public var session = Session.shared
  /// The child's end of what it tells the parent through.
  var childEnd = Handle("child-end")
  /// The signals that were blocked when littlectr was started; filled when the container runs.
  public let inheritedSignals = InheritedSignals()
  /// What the container has in common with the host beside namespaces, if no stage has taken it away, and what stages add.
  public var shared: [SharedThing] {
    Self.sharedByDefault.filter { !unshared.contains($0.name) } + sharedBeside
  }
  private var unshared: [String] = []
  private var sharedBeside: [SharedThing] = []
  private static let sharedByDefault = [
    SharedThing("date", "the date and the time of day, CLOCK_REALTIME, which the stage time doesn't change either"),
    SharedThing("files", "every file of the host, with your rights to it"),
    SharedThing("limits", "memory, processor time, process counts, and what rlimits no line sets: those of your shell"),
    SharedThing("keyring", "your session keyring, and what keys it holds: keyrings(7)"),
    SharedThing("descriptors", "what you have open, beside standard input, output and error: files, sockets, pipes"),
    SharedThing("terminal", "standard input, output and error, and if it is your terminal, its process group"),
    SharedThing("kernel", "every system call that the host's kernel offers to your user"),
  ]

  /// Says that the container no longer has something in common with the host.
  public mutating func unshare(_ name: String) { unshared.append(name) }

  /// Says that the container has something in common with the host.
  public mutating func share(_ thing: SharedThing) { sharedBeside.append(thing) }

  /// What can be written inside, and what littlectr relies on.
  var reach = Reach()
  /// What it relies on whatever the stages, which is asked for only when something of the host's can be written inside.
  public var reliesBeside: @Sendable () -> [Reliance] = { [] }
  /// Whether nobody inside can attach, move or take off a mount, whatever its capabilities.
  public var mountsAreFixed = false

  /// Where littlectr keeps what a running container needs on a disk, and nothing else for longer.
  public var runDirectory: @Sendable () -> FilePath = { "/var/lib/littlectr/run" }
  /// Where images are looked for, in this order.
  public var imageDirectories: @Sendable () -> [FilePath] = { [] }
  /// What a user should know about this configuration that isn't an error: `run` says it each time.
  public var warnings: [String] = []
  /// What only `explain` says beside.
  public var notes: [String] = []

  /// The ids of a process, as the container has them: credentials(7).
  public struct User: Sendable, Equatable {
    /// The user id.
    public let user: UInt32
    /// The group id.
    public let group: UInt32
    /// The supplementary groups.
    public let groups: [UInt32]
    /// A user.
    public init(user: UInt32, group: UInt32, groups: [UInt32] = []) {
      (self.user, self.group, self.groups) = (user, group, groups)
    }
  }

  /// Whether mounts pass between the container's mount namespace and the host's.
  public enum Propagation: String, CaseIterable, Sendable {
    /// In neither direction.
    case `private`
    /// From the host into the container.
    case slave
    /// In both directions, where the host's mount allows it.
    case shared
    /// As the host has it.
    case unchanged

    /// Whether a mount made in the container could appear on the host. It can't from a user namespace of its own,
    /// where the kernel turns shared mounts into slaves.
    func reachesHost(_ namespaces: Namespaces) -> Bool {
      (self == .shared || self == .unchanged) && !namespaces.contains(.user)
    }
  }

  /// Whether a mount that the container makes could appear on the host, and stay there.
  public var mountsReachHost: Bool { !namespaces.contains(.mount) || propagation.reachesHost(namespaces) }

  /// A container in which a command is to run, with a short environment of the usual kind.
  public init(command: [[UInt8]], host: Host) {
    (self.command, self.host) = (command, host)
    environment = [
      EnvironmentVariable("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
      EnvironmentVariable("HOME", host.isRoot ? "/root" : "/"), EnvironmentVariable("LANG", "C.UTF-8"),
    ]
    if let terminal = host.variable("TERM") { environment.append(EnvironmentVariable("TERM", bytes: terminal)) }
  }

  /// A file's contents as the command will find it, up to `Host.largestFile` bytes. No link leads out of the root.
  public func contents(of path: FilePath) throws(Errno) -> [UInt8] {
    if let made = generatedFiles[path] { return made }
    if let bound = hostPlace(of: path) {
      // No link leads out of what is bound: inside it would lead elsewhere than on the host.
      return try host.contents(
        of: FilePath(bytes: Array(path.bytes.dropFirst(bound.path.bytes.count))), below: bound.source)
    }
    return try host.contents(of: path, inLayers: filePlaces)
  }

  /// What of the host's, or of the image's, a path of the container's leads to, as the host counts ids; nil for what only the
  /// container has. Links of the image aren't followed.
  public func found(at path: FilePath) -> Host.Found? {
    if let bound = hostPlace(of: path) {
      return host.status(of: FilePath(bytes: bound.source.bytes + path.bytes.dropFirst(bound.path.bytes.count)))
    }
    return filePlaces.lazy.compactMap { host.status(of: path.inside($0)) }.first
  }

  /// The user id that the command has, as the container counts.
  public var userID: UInt32 { user?.user ?? idMap?.users[0].inside ?? host.userID }

  /// The value of a variable of the environment, as text.
  public subscript(environment name: String) -> String? {
    get { self[bytesOf: name].map { shown($0) } }
    set { self[bytesOf: name] = newValue.map { Array($0.utf8) } }
  }

  /// The value of a variable of the environment.
  public subscript(bytesOf name: String) -> [UInt8]? {
    get { environment.last { $0.name.isSame(as: name) }?.bytes }
    set {
      environment.removeAll { $0.name.isSame(as: name) }
      if let newValue { environment.append(EnvironmentVariable(name, bytes: newValue)) }
    }
  }
}

/// Something that container and host have in common.
public struct SharedThing: Sendable {
  /// A word for it.
  public let name: String
  /// What it is, as a phrase.
  public var what: String { describe() }
  private let describe: @Sendable () -> String
  /// A thing. The phrase is made only when somebody reads it.
  public init(_ name: String, _ what: @autoclosure @escaping @Sendable () -> String) {
    (self.name, describe) = (name, what)
  }
}
