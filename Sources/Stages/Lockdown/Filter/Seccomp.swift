public import Pipeline

/// Filters the container's system calls: seccomp(2).
public struct Seccomp: IsolationStage {
  public static let name = "seccomp"
  public static let synonyms = ["seccompprofile", "seccompbpf", "filter", "bpf", "syscalls"]
  public static let help = """
    Only those system calls that ordinary programs make; the rest of the kernel is out of reach.
    A program that wants to break out attacks the kernel, and does so through calls that hardly any other uses. The filter holds \
    for all that runs inside, and can't be taken off. Calls that the profile knows and refuses get EPERM; all others ENOSYS, \
    as from an older kernel, which programs know how to live with. Calls of another architecture than the machine runs end \
    the process. Without it every call of the kernel's can be made, and its mistakes be used.

    clone(2) makes processes and threads, but no namespaces; clone3(2) gets ENOSYS, since what it shall do is out of a filter's \
    sight. ioctl(2) doesn't type at a terminal (TIOCSTI, TIOCLINUX). personality(2) takes the usual values, and what debuggers set. socket(2) makes \
    Unix, IPv4, IPv6 and netlink sockets, others are refused with EAFNOSUPPORT; programs of 32 bits on x86 make none, since \
    their arguments are out of sight.

    modes=plain keeps what is bound as closed as it is. A set-user-ID file that a program inside makes belongs to you outside: \
    everybody who starts it becomes you. chmod(2), fchmod(2), fchmodat(2), mkdir(2), mknod(2), creat(2) and open(2) set neither \
    set-user-ID nor set-group-ID bits then; chmod(2) and its kin let not everybody write, which unpacking archives or a \
    server's socket may ask for: modes=nosetid allows that. openat2(2) gets ENOSYS, since its mode is out of sight; attributes, \
    of which access lists are some, get EOPNOTSUPP.

    action=log refuses nothing and puts down in the audit log what would have been: `dmesg` shows which calls a program needs. \
    Compiled filters are kept in $XDG_CACHE_HOME/littlectr or ~/.cache/littlectr, if nobody else can write there; one that \
    says anything else than the line is made again. littlectr in a container takes seccomp off outside.
    \(listing)
    """
  public static let options = [
    StageOption("profile", \Self.profile, "default, or a file in the form of Docker and OCI: JSON"),
    StageOption("allow", \Self.allow, "a call that is let through, whatever its arguments", none: "none"),
    StageOption("deny", \Self.deny, "a call that is refused", none: "none"),
    StageOption(
      "modes", \Self.modes,
      "all; nosetid: set-user-ID and set-group-ID bits can't be set; plain: nor may a file be opened to all for writing"
    ),
    StageOption(
      "action", \Self.action,
      "errno: refused calls fail; kill: they end the process; log: they are made, and put down in the audit log"),
    StageOption("errno", \Self.errno, "what refused calls answer; with a file, where that says no number"),
  ]
  public static let needs: KeyValuePairs = [
    Facet.noNewPrivileges:
      "the kernel takes a filter from an ordinary process only if no program can gain privileges under it"
  ]
  public static let isSeal = true
  public static let diagnostics = [
    unknownCall, notRefused, both, modesCompared, needed, neededHere, refusedBelow, noProfile, noProfileAtAll,
    unreadable,
    untrusted, conflict, wrong, tooLong, broken, noArchitecture, unsupported, full,
  ]

  static let unknownCall = Advice(
    why: "neither littlectr nor libseccomp {version} knows a system call {name}",
    fix: "write it as its manual page does{suggestion}, or leave it out")
  static let notRefused = Advice(
    why: "neither littlectr nor libseccomp {version} knows a system call {name}, and so it would be let through",
    fix: "write it in the profile as its manual page does, or take it out")
  static let both = Advice(
    why: "the line both allows and denies {name}", fix: "leave out either allow={name} or deny={name}")
  static let modesCompared = Advice(
    why: "the profile compares arguments of {name}, whose mode has to be looked at too",
    fix: "take the args of {name} out of the profile, or write modes=all")
  static let refusedBelow = Advice(
    why: "the filter refuses {call}, which {stage} calls behind it", fix: "write allow={call} on the line of seccomp")
  static let needed = Advice(
    why: "littlectr's own process 1 makes the call {name} once the filter is there, and the filter refuses it",
    fix: "write allow={name} on the line, or add it to the profile")
  static let neededHere = Advice(
    why: "littlectr's own process 1 makes the call {name} once the filter is there", fix: "leave deny={name} out")
  static let noProfile = Advice(
    .noSuchFileOrDirectory, why: "there is no file {file}",
    fix: "name one that is there, relative to the file in which the line stands, or write profile=default")
  static let unreadable = Advice(
    .permissionDenied, why: "you may not read {file}, or enter a directory on the way to it",
    fix: "chmod u+r {file}, or write profile=default")
  static let untrusted = Advice(
    why: "{reason}", fix: "make it a regular file of yours, smaller than 256 KiB, that nobody else can write")
  static let noProfileAtAll = Advice(
    why:
      "the line of seccomp names {file} as a profile, and it isn't one: no object of JSON with the key defaultAction",
    fix: "name a profile as Docker has them, or write profile=default")
  static let conflict = Advice(
    why: "there are rules for {name} that contradict each other",
    fix: "leave one of them, or write allow={name} or deny={name}")
  static let wrong = Advice(
    why: "libseccomp {version} makes a filter that treats {name} otherwise than its rules say",
    fix: "compare its arguments in one way only, or write allow={name} or deny={name}")
  static let tooLong = Advice(
    why: "it would have {count} instructions or more, and the kernel takes 4096",
    fix: "write fewer rules with arguments")
  static let broken = Advice(
    why: "libseccomp {version} refuses it: {errno}", fix: "run littlectr explain with one rule less, until it is taken")
  static let noArchitecture = Advice(
    why: "littlectr knows the system calls of x86_64 and aarch64, and this machine is {machine}",
    fix: "write off seccomp")
  static let unsupported = Advice(
    .invalidArgument,
    why: "this kernel was built without filters: CONFIG_SECCOMP_FILTER, or doesn't know the filter's flags",
    fix: "use a kernel that has them, or write off seccomp")
  static let full = Advice(
    .noMemory,
    why: "there is no memory for the filter, or with those of outer containers they are too long in all",
    fix: "run littlectr less deeply inside other containers, or write off seccomp")

  enum Action: String, CaseIterable { case errno, kill, log }

  var profile = Profile.usual
  var allow: [CallName] = []
  var deny: [CallName] = []
  var modes = FileModes.all
  var action = Action.errno
  var errno = ErrorNumber(rawValue: 1)
  public init() {}

  public func shape(_ container: inout Container) throws(Failure) {
    for name in allow where deny.contains(name) {
      throw Failure("deny=\(name.name)", Self.both.filled(["name": name.name]))
    }
    let (filter, filters) = (try FilterRequest(self, container), container.host.filters)
    if case .file(let path) = profile { container.rely(on: path, .file, as: "the profile of seccomp") }
    let key = filter.key
    let source = try filter.source(filters.machine)
    switch filters.look(key, source, container.host) {
    case .found(let compiled): plan(compiled, nil, &container)
    case .missing(let directory): try compile(source, key, directory, &container)
    case .wrong(let directory):
      container.notes.append(
        "\(directory.text) holds a filter that says something else than the line of seccomp: it is made again")
      try compile(source, key, directory, &container)
    case .none(let reason):
      plan(try compile(source, filters), nil, &container)
      container.notes.append("seccomp compiles its filter each time, since it can't be kept: \(reason)")
    }
    container.unshare("kernel")
    container.share(SharedThing("kernel", filter.summary))
  }

  /// Compiles the filter, and has it kept if the next run can tell that it is the right one.
  private func compile(
    _ source: FilterSource, _ key: FilterKey, _ directory: FilePath, _ container: inout Container
  ) throws(Failure) {
    let compiled = try compile(source, container.host.filters)
    if source.means(compiled) {
      return plan(compiled, .keep(compiled, for: key, in: directory, of: container.host), &container)
    }
    plan(compiled, nil, &container)
    container.notes.append(
      "seccomp compiles its filter each time: that a kept one is what its rules say couldn't be proved")
  }

  private func plan(_ compiled: CompiledFilter, _ keeping: Step?, _ container: inout Container) {
    container.filter = PlannedFilter(
      compiled.code, flags: compiled.flags, keeping: keeping,
      mark: FilterMark(machine: container.host.filters.machine))
    if compiled.unknown.isEmpty { return }
    container.notes.append(
      "libseccomp \(container.host.filters.library) doesn't know, and so the filter has no rule for: "
        + compiled.unknown.joined(separator: " "))
  }

  public func beforeClone(_ container: Container) -> [Step] {
    container.filter?.keeping.map { [$0.remark("the next run doesn't compile the filter")] } ?? []
  }

  public func beforeExec(_ container: Container) -> [Step] {
    guard let filter = container.filter else { return [] }
    return [
      .installFilter(filter.mark?.put(on: filter.code) ?? filter.code, flags: filter.flags).advice(Self.unsupported)
        .advice(Self.full),
      .checkFilter(filter.mark).remark("read back what there is now, and that it is this one"),
    ]
  }

  public func refusal(of call: String, _ container: Container) -> Advice? {
    guard let filter = container.filter,
      NeededCalls.isRefused(call, by: filter.code, of: container.host.filters.machine)
    else { return nil }
    return Self.refusedBelow
  }

  private func compile(_ source: FilterSource, _ tools: FilterTools) throws(Failure) -> CompiledFilter {
    if source.architectures.isEmpty {
      var failure = Failure("there are no filters", Self.noArchitecture.filled(["machine": tools.machine]))
      failure.hostLacks = true
      throw failure
    }
    let compiled: CompiledFilter
    do throws(FilterError) { compiled = try tools.compile(source) } catch { throw failure(error, tools) }
    if let name = NeededCalls.refused(by: compiled.code, of: source) {
      let isDenied = deny.contains(CallName(name: name))
      throw Failure(
        isDenied ? "deny=\(name)" : "the filter can't be used",
        (isDenied ? Self.neededHere : Self.needed).filled(["name": name]))
    }
    return compiled
  }

  private func failure(_ error: FilterError, _ tools: FilterTools) -> Failure {
    switch error {
    case .notRefused(let name):
      return Failure(
        "the profile refuses \(name)", Self.notRefused.filled(["name": name, "version": tools.library]))
    case .unknownCall(let name):
      let key = allow.contains(CallName(name: name)) ? "allow" : "deny"
      let names = (AllowedCalls.groups + RefusedCalls.groups).flatMap(\.calls) + ["clone", "clone3", "ioctl", "socket"]
      let suggestion = suggestion(for: name, among: names).map { ", perhaps \(key)=\($0)" } ?? ""
      return Failure(
        "\(key)=\(name)",
        Self.unknownCall.filled(["name": name, "version": tools.library, "suggestion": suggestion]))
    case .conflict(let name): return Failure("the filter can't be made", Self.conflict.filled(["name": name]))
    case .wrong(let name):
      return Failure("the filter is wrong", Self.wrong.filled(["name": name, "version": tools.library]))
    case .tooLong(let count): return Failure("the filter is too long", Self.tooLong.filled(["count": String(count)]))
    case .refused(let errno):
      return Failure(
        "the filter can't be made", Self.broken.filled(["version": tools.library, "errno": errno.description]))
    }
  }

  /// What the default profile lets through and refuses, group by group.
  private static var listing: String {
    func list(_ groups: [CallGroup]) -> String { groups.map { "\($0.what): \($0.names)" }.joined(separator: "\n") }
    return """

      The default profile lets through, beside the four calls above:
      \(list(AllowedCalls.groups))

      It refuses:
      \(list(RefusedCalls.groups))
      """
  }
}
