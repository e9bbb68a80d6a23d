public import Pipeline

/// Restricts what the command reaches, by rules that nobody can take off again: landlock(7).
public struct Landlock: IsolationStage {
  public static let name = "landlock"
  public static let help = """
    Rules for files, TCP ports and other processes, which nothing inside can take off again.
    read= lists the files and directories that can be read; write= those that can also be written, made, removed, moved \
    and emptied; execute= those that can be read and executed. Every other file is out of reach, whoever the command is: \
    only its name and permissions can be seen, and what is open already stays so. What a line 'bind' or 'tmpfs' brings can be \
    written as if write= named it, unless it says readonly; with a root of the container's own, all that neither names is \
    attached read-only, so that mode, owner and times can't be changed there. Standard input, output and error can be \
    opened by name, for reading or writing as they are. tcp-bind= and tcp-connect= list the \
    only ports, scope= keeps from what isn't in the container. What no key is about stays as it is. Paths are the \
    container's; those of write= must have no symbolic link on the way. Without it each file's permissions alone decide, \
    and root inside has all of them. Of the kernel's versions of Landlock, files need 1 (Linux 5.13), or 3 \
    (6.2) without a root of the container's own, ports 4 (6.7), scope= 6 (6.12); with try a line does without what the \
    kernel lacks, and says so. Before version 2 (5.19) nothing can be moved from one directory to another; before 3 a file \
    that is standard input can be emptied; from version 5 on (6.10) only devices below write= can be controlled by ioctl.
    """
  public static let options = [
    StageOption("read", \Self.read, "a file, or a directory with all below it, that can be read", none: "none"),
    StageOption("write", \Self.write, "one that can be read and written", none: "none"),
    StageOption(
      "execute", \Self.execute, "one that can be read and executed; the command, its loader and scripts' shells",
      none: "none"),
    StageOption("tcp-bind", \Self.bind, "a TCP port to wait at; 0 for any that the kernel chooses"),
    StageOption("tcp-connect", \Self.connect, "a TCP port to connect to"),
    StageOption(
      "scope", \Self.scope,
      "what of processes outside isn't reached: their abstract Unix sockets, or they themselves by signals"),
  ]
  public static let needs: KeyValuePairs = [
    Facet.noNewPrivileges: "only who can gain no privileges may restrict itself so"
  ]
  public static let follows: KeyValuePairs = [
    Facet.user: "the files are looked up with the rights of the command's user",
    .files: "the rules are about all files that are there",
  ]
  public static let isSeal = true
  public static let diagnostics = [
    nothing, noExecute, wholeRoot, noLandlock, tooOld, missing, linked, noEntry, unprivileged, notRefused,
    notExecutable, refusedBelow,
  ]

  static let nothing = Advice(
    why: "the line restricts nothing", fix: "write landlock read=/ execute=/usr write=/tmp, or switch it off")
  static let noExecute = Advice(
    why: "read= and write= alone let nothing be executed, the command neither", fix: "add execute=/usr")
  static let wholeRoot = Advice(
    why: "the container has your machine's root, and where / is allowed it can't be tested that the rules hold",
    fix: "switch chroot on, or name the directories below /")
  static let noLandlock = Advice(
    .noFunction, why: "this kernel ({release}) has no Landlock, or it was switched off when it started",
    fix: "start it with lsm=landlock and what /sys/kernel/security/lsm lists; or write try landlock, or off")
  static let tooOld = Advice(
    why: "{keys} needs version {needed} of Landlock (Linux {kernel}), and this kernel ({release}) has {version}",
    fix: "take a newer kernel, leave {keys} out, or write try landlock to do without")
  static let missing = Advice(
    .noSuchFileOrDirectory, why: "the container has no {path}", fix: "leave {key}={path} out, or have a line bring it")
  static let linked = Advice(
    .tooManySymbolicLinkLevels, why: "{path} is a symbolic link, lies below one, or leads through a link that jumps",
    fix: "write {key}= with the path that it leads to, or leave it out")
  static let noEntry = Advice(
    .permissionDenied, why: "the command's user may not enter a directory on the way to {path}",
    fix: "leave {key}={path} out: it is out of reach in any case")
  static let unprivileged = Advice(
    .notPermitted, why: "who may gain privileges may not restrict itself", fix: "write nonewprivs above landlock",
    without: "nonewprivs")
  static let refusedBelow = Advice(
    why: "under rules for files the kernel refuses {call}, which {stage} calls behind them",
    fix: "leave read=, write= and execute= out, or {stage}")
  static let notRefused = Advice(
    .canceled, why: "the rules were taken, but what none of them allows isn't refused",
    fix: "look whether an outer filter answers in the kernel's place; without landlock: off landlock")
  static let notExecutable = Advice(
    .permissionDenied,
    why: "{path} is there, but it, or the loader or interpreter that it names, lies in no execute= of landlock",
    fix: "add execute= with its directory: execute=/usr holds them all in most images")

  var read: [InnerPath] = []
  var write: [InnerPath] = []
  var execute: [InnerPath] = []
  var bind: [Port] = []
  var connect: [Port] = []
  var scope: [Scope] = []
  let outside = Handle("outside")
  public init() {}

  /// What the kernel's version can restrict of what the line asks for.
  private struct Restriction {
    var files: FileRights = []
    var ports: PortRights = []
    var scopes: RestrictedScopes = []
  }

  public func shape(_ container: inout Container) throws(Failure) {
    let version = container.host.landlockVersion
    let release = container.host.release
    if version == 0 {
      var failure = Failure("no rule can be set", Self.noLandlock.filled(["release": release]))
      failure.hostLacks = true
      throw failure
    }
    try checkVersion(&container)
    if read.isEmpty, write.isEmpty, execute.isEmpty, bind.isEmpty, connect.isEmpty, scope.isEmpty {
      throw Failure("no rule is set", Self.nothing)
    }
    if hasFiles {
      if execute.isEmpty { throw Failure("execute=", Self.noExecute) }
      if container.root == nil, paths.contains(where: { $0.path.path == "/" }) {
        throw Failure("rules for /", Self.wholeRoot)
      }
      container.executionRefusal = Self.notExecutable
      container.mountsAreFixed = true
    }
  }

  var hasFiles: Bool { !read.isEmpty || !write.isEmpty || !execute.isEmpty }

  private func restriction(_ version: Int) -> Restriction {
    var result = Restriction()
    if hasFiles { result.files = .known(to: version) }
    if version >= 4 {
      if !bind.isEmpty { result.ports.insert(.bind) }
      if !connect.isEmpty { result.ports.insert(.connect) }
    }
    if version >= 6 {
      for scope in scope { result.scopes.insert(scope == .signal ? .signals : .abstractSockets) }
    }
    return result
  }

  public var writablePlaces: [FilePath]? { hasFiles ? write.map(\.path) : nil }

  /// With rules for files no mount can be made, moved or taken off: landlock(7).
  public func refusal(of call: String, _ container: Container) -> Advice? {
    hasFiles && ["mount", "umount2", "move_mount", "pivot_root"].contains(call) ? Self.refusedBelow : nil
  }

  private var paths: [(path: InnerPath, rights: FileRights, key: String)] {
    read.map { ($0, .read, "read") } + execute.map { ($0, .execute, "execute") } + write.map { ($0, .write, "write") }
  }

  public func inChild(_ container: Container) -> [Step] {
    guard hasFiles, let root = container.root else { return [] }
    // What lies above the new root is out of every rule's reach.
    return protection(root, container) + [.openDirectory("/", into: outside).remark("to look later that it is refused")]
  }

  public func beforeExec(_ container: Container) -> [Step] {
    let restriction = restriction(container.host.landlockVersion)
    if restriction.files.isEmpty, restriction.ports.isEmpty, restriction.scopes.isEmpty { return [] }
    let (rules, root) = (Handle("rules"), container.root ?? Handle("root"))
    var steps: [Step] = [.makeRules(restriction.files, restriction.ports, restriction.scopes, into: rules)]
    if hasFiles, container.root == nil {
      steps += [.openDirectory("/", into: root), .openDirectory("/", into: outside)]
    }
    for (path, allowed, key) in paths + given(container) {
      let file = Handle("file")
      let below = below(path.path)
      let links: Step.Links = key == "write" ? .refused : .followed
      let allowing: [Step] = [
        .openPath(below, below: root, into: file, links: links),
        .allow(allowed.intersection(restriction.files), to: file, in: rules), .close(file),
      ]
      steps += Step.advice(
        anyOf: [Self.missing, Self.linked, Self.noEntry], filled: ["path": path.path.text, "key": key], on: allowing,
        lookIntoImage: true)
    }
    for (ports, right) in [(bind, PortRights.bind), (connect, .connect)] where restriction.ports.contains(right) {
      for case .number(let port) in ports { steps.append(.allow(right, to: port, in: rules)) }
    }
    if hasFiles { steps += StandardStreams(container).rules(restriction.files, in: rules) }
    steps += [.restrict(by: rules).advice(Self.unprivileged), .close(rules)]
    return steps + verification(restriction).map { $0.advice(Self.notRefused) }
  }

  /// Looks whether what no rule allows is refused.
  private func verification(_ restriction: Restriction) -> [Step] {
    var steps: [Step] = []
    if !restriction.files.isEmpty { steps += [.verifyRefused(listing: outside), .close(outside)] }
    for (ports, right) in [(bind, PortRights.bind), (connect, .connect)] where restriction.ports.contains(right) {
      var port = UInt16.max
      while ports.contains(.number(port)) { port -= 1 }
      steps.append(.verifyRefused(right, to: port))
    }
    return steps
  }
}
