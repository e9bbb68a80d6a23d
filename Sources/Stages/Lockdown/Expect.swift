public import Pipeline

/// Reads back from the kernel what the process has become, just before the command is executed: proc(5).
public struct Expect: IsolationStage {
  public static let name = "expect"
  public static let synonyms = ["assert", "verify", "attest"]
  public static let help = """
    What the finished container must be like, read back from the kernel: what differs stops the run.
    Each key names what must be so, exactly; what no key names isn't looked at. It is about process 1 as it is just before it \
    starts the command, which inherits all of it; root's command gets the capabilities that are in the bounding set. Of the mounts \
    those count that aren't the kernel's own (proc, sysfs, devpts, cgroup) and aren't single devices of 'dev'. A mount that \
    came along below an expected one, as the recursive copy of a directory brings it, is expected as well; one of another \
    line isn't. That Landlock rules the \
    process no file tells: a child finds out how many rulesets there are, by stacking others on them up to the kernel's limit \
    of 16; which rights they leave isn't known by that. With attest= all that was read is written as one JSON object, \
    once it is as expected, and before the command runs. Without it you rely on each line above having done what it says.
    """
  public static let options = [
    StageOption("namespaces", \Self.namespaces, "the namespaces that aren't littlectr's own: user,pid,mount"),
    StageOption("uids", \Self.uids, "the user ids inside, and which of the next outer user namespace stand for them"),
    StageOption("gids", \Self.gids, "the same of group ids"),
    StageOption("user", \Self.user, "the user id: the real, effective, saved one"),
    StageOption("group", \Self.group, "the group id: the real, effective, saved one"),
    StageOption("groups", \Self.groups, "the supplementary groups; 65534 is one that has no id inside"),
    StageOption(
      "capabilities", \Self.capabilities, "those permitted and effective; none must be inheritable or ambient then"),
    StageOption("bounding", \Self.bounding, "the capabilities that a program may still gain"),
    StageOption("nonewprivs", \Self.nonewprivs, "whether set-user-ID programs gain no privileges"),
    StageOption(
      "seccomp", \Self.seccomp,
      "what filters system calls: filter is the one of the line above, outer one that was there before"),
    StageOption("landlock", \Self.landlock, "whether Landlock rules the process; littlectr's own rules or outer ones"),
    StageOption("writable", \Self.writable, "where a mount is that can be written, with what came along below it"),
    StageOption("suid", \Self.suid, "where a mount is whose set-user-ID bits have an effect"),
    StageOption("dev", \Self.dev, "where a mount is whose device nodes can be opened"),
    StageOption("descriptors", \Self.descriptors, "what the command finds open: 0-2"),
    StageOption("network", \Self.network, "whose network it is"),
    StageOption("interfaces", \Self.interfaces, "the network devices there are: lo"),
    StageOption(
      "attest", \Self.attest,
      "write all that was read as JSON: to a file of the host's, which may not be there yet, or to a descriptor of yours",
      syntax: "FD|FILE", flag: "attest"),
  ]
  public static let follows: KeyValuePairs = [
    Facet.root: "the mounts are looked at from the root", .layer: "the mounts are looked at from the layer",
  ]
  /// It takes nothing away, but belongs below whatever does something: an added line comes above it.
  public static let isSeal = true
  public static let diagnostics = [
    nothing, differs, notOpen, exists, noDirectory, unwritable, readOnly, unread, noLandlock, unsupported, filtered,
  ]

  static let nothing = Advice(
    why: "the line expects nothing, and attests nothing", fix: "write expect nonewprivs=yes, or attest=FILE")
  static let differs = Advice(
    .protocolError, why: "it isn't as expected: {differences}",
    fix: "change the line above that should have made it so, or what 'expect' asks for")
  static let notOpen = Advice(
    why: "littlectr was started without a descriptor {number}", fix: "open it: littlectr run … {number}>facts.json")
  static let exists = Advice(
    .fileExists, why: "{path} is there already, and what it holds might be taken for this run's",
    fix: "name another file; or remove it, if it is a file that an older run has left")
  static let noDirectory = Advice(
    .noSuchFileOrDirectory, why: "the directory that {path} is to lie in isn't there",
    fix: "make it, or name a file in another one")
  static let unwritable = Advice(
    .permissionDenied, why: "you may not make files in the directory of {path}", fix: "name a file in one of yours")
  static let readOnly = Advice(
    .readOnlyFileSystem, why: "{path} is to lie in a file system that can only be read",
    fix: "name a file in another one")
  static let unread = Advice(
    .brokenPipe, why: "nobody reads what attest= writes to any more",
    fix: "have its reader live until the command runs, or write to a file")
  static let noLandlock = Advice(
    .noFunction, why: "this kernel has no Landlock, or a filter hides it, so that nothing tells whether it rules",
    fix: "leave landlock= out, or let seccomp allow landlock_create_ruleset and landlock_restrict_self")
  static let unsupported = Advice(
    .notSupported, why: "Landlock is switched off in this kernel: it isn't in lsm= of its command line",
    fix: "leave landlock= out, or start the kernel with it")
  static let filtered = Advice(
    why: "to read back what the process has become takes the call {name}, which seccomp's filter refuses{purpose}",
    fix: "write allow={name} on the line of seccomp, and no deny={name}{without}")

  /// What filters system calls.
  enum Filter: String, CaseIterable {
    case any, none, strict, filter, outer
  }

  /// Whose network it is.
  enum Network: String, CaseIterable {
    case any, own, host
  }

  /// Where facts are written to.
  enum Destination: OptionValue {
    case descriptor(Int32)
    case file(FilePath)

    static let syntax = "FD|FILE"
    static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> Destination {
      if !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
        guard let number = Int32(text), number > 0, String(number) == text else {
          throw ValueError(expected: "a descriptor from 1 on, or a file; one whose name is a number as ./5")
        }
        return .descriptor(number)
      }
      return .file(try FilePath.parse(text, context))
    }
    var optionText: String {
      switch self {
      case .descriptor(let number): String(number)
      case .file(let path): path.text
      }
    }
  }

  var namespaces: ExpectedNamespaces?
  var uids: ExpectedIDs?
  var gids: ExpectedIDs?
  var user: ID?
  var group: ID?
  var groups: ExpectedNumbers?
  var capabilities: ExpectedCapabilities?
  var bounding: ExpectedCapabilities?
  var nonewprivs: Bool?
  var seccomp = Filter.any
  var landlock: Bool?
  var writable: ExpectedPaths?
  var suid: ExpectedPaths?
  var dev: ExpectedPaths?
  var descriptors: ExpectedDescriptors?
  var network = Network.any
  var interfaces: ExpectedInterfaces?
  var attest: Destination?
  public init() {}

  // Of the type, not of each value: they are made only where the stage is used, and a process runs one container.
  private static let witness = FactReader()
  private static let file = Handle("attest")
  private static let directory = Handle("attest-directory")

  private var expected: [Facts.Fact] {
    var facts: [Facts.Fact] = []
    func add(_ name: String, _ values: [String]?) { if let values { facts.append(Facts.Fact(name, values)) } }
    func word(_ value: Bool?) -> [String]? { value.map { [$0 ? "yes" : "no"] } }
    add("namespaces", namespaces?.values)
    add("uids", uids?.values)
    add("gids", gids?.values)
    add("user", user.map { [String($0.number)] })
    add("group", group.map { [String($0.number)] })
    add("groups", groups?.values)
    for name in ["effective", "permitted"] { add(name, capabilities?.values) }
    for name in ["inheritable", "ambient"] { add(name, capabilities.map { _ in [] }) }
    add("bounding", bounding?.values)
    add("nonewprivs", word(nonewprivs))
    add("seccomp", seccomp == .any ? nil : [seccomp.rawValue])
    add("landlock", word(landlock))
    add("writable", writable?.values)
    add("suid", suid?.values)
    add("dev", dev?.values)
    add("descriptors", descriptors?.values)
    add("network", network == .any ? nil : [network.rawValue])
    add("interfaces", interfaces?.values)
    return facts
  }

  public func shape(_ container: inout Container) throws(Failure) {
    if attest == nil, expected.isEmpty { throw Failure("nothing is expected", Self.nothing) }
    if case .descriptor(let number)? = attest, !container.host.isOpen(number) {
      throw Failure("attest=\(number)", Self.notOpen.filled(["number": String(number)]))
    }
    if case .file(let path)? = attest {
      container.rely(on: path, .file, as: "the file of attest=", ifAbsent: .madeByStep)
    }
  }

  /// Whether it is found out if Landlock rules the process.
  private var asking: FactReader.Asking { landlock != nil ? .needed : attest == nil ? .no : .wanted }

  public func beforeClone(_ container: Container) -> [Step] {
    let remember = Self.witness.rememberNamespaces.remark("to tell later which are the container's own")
    guard case .file(let path)? = attest else { return [remember] }
    let (parent, name) = Self.parts(path)
    let values: KeyValuePairs = ["path": path.text]
    return [
      .openDirectory(parent, into: Self.directory)
        .advice(anyOf: [Self.noDirectory, Self.unwritable, Self.readOnly], filled: values).undo(.close(Self.directory)),
      // What runs inside may exchange the directory for a link: from here on it is known by its descriptor.
      .createFile(name, below: Self.directory, mode: 0o600, into: Self.file)
        .advice(anyOf: [Self.exists, Self.noDirectory, Self.unwritable, Self.readOnly], filled: values)
        .undo(.close(Self.file))
        .undo(.removeIfEmpty(name, below: Self.directory, Self.file).remark("unless the facts were written")),
      remember,
    ]
  }

  /// The directory that a file lies in, and the file's name.
  private static func parts(_ path: FilePath) -> (FilePath, FilePath) {
    let bytes = path.bytes
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    return (FilePath(bytes: Array(bytes[...slash])), FilePath(bytes: Array(bytes[(slash + 1)...])))
  }

  public func inChild(_ container: Container) -> [Step] {
    Self.witness.open + [Self.witness.openMounts(seenFrom: container.root)]
  }

  /// Refuses a filter under which nothing can be read back.
  private func check(_ container: Container) throws(Failure) {
    guard let filter = container.filter else { return }
    let machine = FilterSource([], FilterArchitecture.run(by: container.host.filters.machine))
    if let name = NeededCalls.refused(NeededCalls.witness, by: filter.code, of: machine) {
      throw Failure("nothing can be read back", Self.filtered.filled(["name": name, "purpose": "", "without": ""]))
    }
    guard asking != .no else { return }
    if let name = NeededCalls.refused(NeededCalls.probe, by: filter.code, of: machine, mayLack: asking == .wanted) {
      let key = asking == .needed ? "landlock=" : "attest="
      throw Failure(
        "whether Landlock rules can't be found out",
        Self.filtered.filled([
          "name": name, "purpose": ", since \(key) asks whether Landlock rules it", "without": "; or leave \(key) out",
        ]))
    }
  }

  public func readBack(_ container: Container) throws(Failure) -> [Step] {
    try check(container)
    let (witness, file) = (Self.witness, Self.file)
    let read = witness.read(expecting: expected, of: container, landlock: asking)
    let explained = read.advice(Self.noLandlock).advice(Self.unsupported).advice(.protocolError) { evidence in
      Self.differs.filled(["differences": shown(evidence.detail)])
    }.remark("what the process has become")
    switch attest {
    case nil: return [explained]
    case .file:
      return [explained, witness.write(to: "\(file)", isWhole: true) { file.descriptor.rawValue }.advice(Self.unread)]
    case .descriptor(let number):
      let isKept = number < 3
      return (isKept ? [] : [.closeOnExecute(from: UInt32(number), to: UInt32(number))])
        + [explained, witness.write(to: String(number)) { number }.advice(Self.unread)]
    }
  }
}
