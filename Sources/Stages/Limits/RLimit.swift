public import Pipeline

/// Limits what the command, and each process that it starts, may use: setrlimit(2).
public struct RLimit: IsolationStage {
  public static let name = "rlimit"
  public static let synonyms = ["ulimit", "ulimits", "rlimits", "limit", "limits", "prlimit", "memory"]
  public static let help = """
    Limits on what each process may use: files, memory, processor time and more.
    One number stands for both limits; in 1024:4096 the first holds, and a program may raise it up to the second. They hold \
    for each process alone: a hundred of them may use a hundred times as much. Without it the limits of your shell hold, \
    as `ulimit -a` shows them.
    """
  public static let options = [
    StageOption("as", \Self.addressSpace, "address space"),
    StageOption("core", \Self.core, "a core dump; 0 for none"),
    StageOption("cpu", \Self.cpu, "processor time, in seconds; SIGXCPU at the first limit, SIGKILL at the second"),
    StageOption("data", \Self.data, "memory for data"),
    StageOption("fsize", \Self.fsize, "a file that is written; SIGXFSZ beyond"),
    StageOption("locks", \Self.locks, "locks on files; Linux ignores it"),
    StageOption("memlock", \Self.memlock, "memory that is kept from being swapped out"),
    StageOption("msgqueue", \Self.msgqueue, "POSIX message queues of the user, in all"),
    StageOption("nice", \Self.nice, "how far the nice value may be lowered: to 20 minus this"),
    StageOption("nofile", \Self.nofile, "open files"),
    StageOption("nproc", \Self.nproc, "processes and threads of the user, in all; not for real root"),
    StageOption("rss", \Self.rss, "memory that isn't swapped; Linux ignores it"),
    StageOption("rtprio", \Self.rtprio, "the highest priority in real time"),
    StageOption("rttime", \Self.rttime, "processor time in real time without a pause, in microseconds"),
    StageOption("sigpending", \Self.sigpending, "signals of the user that wait, in all"),
    StageOption("stack", \Self.stack, "the stack"),
  ]
  public static let provides = [Facet.limits]
  public static let precedes: KeyValuePairs = [
    Facet.lesserPrivileges: "limits are raised with rights that are given up there"
  ]
  public static let diagnostics = [nothing, hard, tooManyFiles]

  static let nothing = Advice(why: "the line limits nothing", fix: "write rlimit nofile=1024:4096")
  static let hard = Advice(
    .notPermitted, why: "your hard limit for {key} is {limit}, and only real root may raise it",
    fix: "write {key}={limit}, or less; who may raise it outside is told by limits.conf(5)")
  static let tooManyFiles = Advice(
    .notPermitted, why: "the kernel lets no process have more than {limit} open files: sysctl fs.nr_open",
    fix: "write nofile={limit}, or less")

  var addressSpace: ByteLimit?
  var core: ByteLimit?
  var cpu: Limit?
  var data: ByteLimit?
  var fsize: ByteLimit?
  var locks: Limit?
  var memlock: ByteLimit?
  var msgqueue: ByteLimit?
  var nice: Limit?
  var nofile: Limit?
  var nproc: Limit?
  var rss: ByteLimit?
  var rtprio: Limit?
  var rttime: Limit?
  var sigpending: Limit?
  var stack: ByteLimit?
  public init() {}

  private var limits: [(resource: Resource, limit: Limit?)] {
    [
      (.as, addressSpace?.limit), (.core, core?.limit), (.cpu, cpu), (.data, data?.limit), (.fsize, fsize?.limit),
      (.locks, locks), (.memlock, memlock?.limit), (.msgqueue, msgqueue?.limit), (.nice, nice), (.nofile, nofile),
      (.nproc, nproc), (.rss, rss?.limit), (.rtprio, rtprio), (.rttime, rttime), (.sigpending, sigpending),
      (.stack, stack?.limit),
    ]
  }

  public func shape(_ container: inout Container) { if core != nil { container.limitsCore = true } }

  public func beforeExec(_ container: Container) throws(Failure) -> [Step] {
    var steps: [Step] = []
    for (resource, limit) in limits {
      guard let limit else { continue }
      steps.append(
        .limit(resource, soft: limit.soft, hard: limit.hard).advice(.notPermitted) { evidence in
          Self.cause(resource, limit, evidence.host)
        })
    }
    if steps.isEmpty { throw Failure("no limit is set", Self.nothing) }
    return steps
  }

  /// Why a limit can't be set.
  static func cause(_ resource: Resource, _ limit: Limit, _ host: Host) -> Advice? {
    if resource == .nofile, let most = host.sysctl("fs.nr_open"), limit.hard > UInt64(max(most, 0)) {
      return tooManyFiles.filled(["limit": String(most)])
    }
    let lines = (host.text(of: "/proc/self/limits") ?? "").lines
    guard let line = lines.first(where: { $0.begins(with: resource.title + "  ") }) else { return nil }
    let fields = line.dropping(resource.title.utf8.count).words()
    return fields.count < 2 ? nil : hard.filled(["key": resource.word, "limit": String(fields[1])])
  }
}
