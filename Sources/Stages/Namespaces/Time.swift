public import Pipeline

/// Gives the container boot and monotonic clocks of its own: time_namespaces(7).
public struct Time: IsolationStage {
  public static let name = "time"
  public static let synonyms = ["timens", "timenamespace", "clock"]
  public static let help = """
    Clocks of its own for the time since the machine was started.
    They may be put forward or back, to see what a program does after a year without a restart. Without it /proc/uptime and \
    CLOCK_MONOTONIC are your machine's. What `date` shows is your machine's in any case.
    """
  public static let options = [
    StageOption("boottime", \Self.boottime, "by how much /proc/uptime and CLOCK_BOOTTIME are put forward, or back"),
    StageOption("monotonic", \Self.monotonic, "by how much CLOCK_MONOTONIC is put forward, or back"),
  ]
  public static let diagnostics = [tooEarly, tooLate, unprivileged]

  static let tooEarly = Advice(
    .outOfRange, why: "a clock can't stand before 0, and your machine has been up for {uptime} seconds",
    fix: "go back by less than {uptime}s")
  static let tooLate = Advice(
    .outOfRange, why: "the kernel's clocks end some 146 years after the start", fix: "write an offset below 50000d")
  static let unprivileged = Advice(
    .notPermitted, why: "only root of the namespace's owner may set its clocks",
    fix: "write 'userns' above time, or run as root", without: "userns")

  var boottime = TimeOffset()
  var monotonic = TimeOffset()
  public init() {}

  public var namespaces: Namespaces { .time }

  public func inChild(_ container: Container) -> [Step] {
    let join: [Step] = [
      .unshare(.time).remark("clone3 would put a process in, and then they can't be set"), .joinChildrensTime,
    ]
    if monotonic.duration == .zero, boottime.duration == .zero { return join }
    let offsets = [("monotonic", monotonic), ("boottime", boottime)].filter { $0.1.duration != .zero }
    let lines = offsets.map { "\($0.0) \($0.1.parts.seconds) \($0.1.parts.nanoseconds)\n" }.joined()
    let isBack = boottime.isBack || monotonic.isBack
    let set = Step.write(lines, toSelf: "timens_offsets").advice(Self.unprivileged)
      .advice(.outOfRange) { evidence in
        guard isBack else { return Self.tooLate }
        let uptime = (evidence.host.text(of: "/proc/uptime") ?? "some").prefix { $0 != "." && $0 != " " }
        return Self.tooEarly.filled(["uptime": String(uptime)])
      }
    return [join[0], set, join[1]]
  }
}
