public import Pipeline

/// Keeps what sets the container up from being traced, and the command from leaving core dumps: prctl(2), setrlimit(2).
public struct Dumpable: IsolationStage {
  public static let name = "dumpable"
  public static let synonyms = ["core", "coredump"]
  public static let help = """
    Nobody can trace or read the process that sets the container up, and a crash inside leaves no core dump.
    The first holds from this line until the command is executed, and for process 1 to its end. A core dump holds what the crashed \
    program held. It is written by the kernel, or, as sysctl kernel.core_pattern says, by a program that the kernel runs as root \
    of your machine: that is told of the limit and heeds it, but the kernel runs it in any case. Mistakes in such programs \
    were ways out of containers; to be without: sysctl kernel.core_pattern=core. Without it there are core dumps as far as \
    your shell's limit allows, and between the stages and the command another process of yours may look into littlectr's memory.
    """
  public static let options = [StageOption("core", \Self.core, "the largest core dump")]
  public static let follows: KeyValuePairs = [
    Facet.user: "whoever changes ids may be traced again", .limits: "the last limit on core dumps holds",
  ]
  public static let diagnostics = [twice, RLimit.hard]

  static let twice = Advice(
    why: "rlimit limits core dumps as well, and one of the two would do nothing",
    fix: "leave core= out at rlimit, and give dumpable core= the limit that you want")

  var core = ByteLimit(limit: Limit(soft: 0, hard: 0))
  public init() {}

  public func shape(_ container: inout Container) throws(Failure) {
    if container.limitsCore {
      throw Failure("core=\(core.optionText)", Self.twice)
    }
    container.limitsCore = true
  }

  public func beforeExec(_ container: Container) -> [Step] {
    let limit = core.limit
    return [
      .limit(.core, soft: limit.soft, hard: limit.hard).advice(.notPermitted) { evidence in
        RLimit.cause(.core, limit, evidence.host)
      }, .checkLimit(.core, soft: limit.soft, hard: limit.hard), .forbidTracing, .checkTracing,
    ]
  }
}
