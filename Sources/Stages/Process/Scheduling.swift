public import Pipeline

/// Says when the command gets a processor, which one, and how soon it is sacrificed for memory: sched(7), proc(5).
public struct Scheduling: IsolationStage {
  public static let name = "scheduling"
  public static let synonyms = ["sched", "nice", "priority", "affinity", "cpus", "cpuset"]
  public static let help = """
    Says when the command gets a processor, which ones, and how soon it is killed when memory runs out.
    Without it a build inside makes slow what you do outside, takes all processors, and is killed no sooner than your \
    editor.
    """
  public static let options = [
    StageOption("nice", \Self.nice, "19 takes idle time only, 0 an equal share; below 0 only as real root"),
    StageOption("cpus", \Self.cpus, "the only processors that it runs on: 0-1,3"),
    StageOption(
      "oom", \Self.oom, "1000 is killed first when memory runs out, -1000 never, which only real root may set"),
  ]
  public static let precedes: KeyValuePairs = [
    Facet.lesserPrivileges: "a nice value is lowered with rights that are given up there"
  ]
  public static let diagnostics = [nothing, noProcessor, withheld, notBefore, notSpared]

  static let nothing = Advice(why: "the line asks for nothing", fix: "write scheduling nice=10")
  static let noProcessor = Advice(
    why: "there is no processor {number}: this machine has {online}", fix: "write cpus={online}, or some of these")
  static let withheld = Advice(
    .invalidArgument, why: "your cgroup doesn't let you have all of the processors {cpus}",
    fix: "choose among those that you have now: {allowed}")
  static let notBefore = Advice(
    .permissionDenied, why: "only real root may lower the nice value, and yours is {now}",
    fix: "write nice={now}, or more")
  static let notSpared = Advice(
    .permissionDenied, why: "only real root may have the kernel spare it more than before, and yours is {now}",
    fix: "write oom={now}, or more")

  /// A nice value.
  struct Level: OptionValue, Equatable {
    let number: Int32
    static let syntax = "-20..19"
    static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> Level {
      Level(number: Int32(try wholeNumber(text, from: -20, to: 19)))
    }
    var optionText: String { String(number) }
  }

  /// A weight for the kernel's choice of whom to kill.
  struct Weight: OptionValue, Equatable {
    let number: Int
    static let syntax = "-1000..1000"
    static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> Weight {
      Weight(number: try wholeNumber(text, from: -1000, to: 1000))
    }
    var optionText: String { String(number) }
  }

  private static func wholeNumber(_ text: String, from least: Int, to most: Int) throws(ValueError) -> Int {
    guard !text.begins(with: "+"), let number = Int(text), number >= least, number <= most else {
      throw ValueError(expected: "a whole number from \(least) to \(most)")
    }
    return number
  }

  var nice: Level?
  var cpus: ProcessorList?
  var oom: Weight?
  public init() {}

  public func inChild(_ container: Container) throws(Failure) -> [Step] {
    if nice == nil, cpus == nil, oom == nil { throw Failure("nothing is set", Self.nothing) }
    guard let oom else { return [] }
    return [
      .write(oom.optionText, toSelf: "oom_score_adj").advice(.permissionDenied) { evidence in
        let now = (evidence.host.text(of: "/proc/self/oom_score_adj") ?? "0").prefix { $0 != "\n" }
        return Self.notSpared.filled(["now": String(now)])
      }
    ]
  }

  public func beforeExec(_ container: Container) throws(Failure) -> [Step] {
    var steps: [Step] = []
    if let nice {
      steps.append(
        .setNice(nice.number).advice(.permissionDenied) { Self.notBefore.filled(["now": Self.nice(now: $0.host)]) })
    }
    if let cpus { steps.append(try bind(to: cpus, container.host)) }
    return steps
  }

  private func bind(to cpus: ProcessorList, _ host: Host) throws(Failure) -> Step {
    let online = (host.text(of: "/sys/devices/system/cpu/online") ?? "").prefix { $0 != "\n" }
    if let there = try? ProcessorList.parse(String(online), ValueContext(directory: "/")),
      let missing = cpus.numbers.first(where: { !there.numbers.contains($0) })
    {
      throw Failure(
        "cpus=\(cpus.optionText)", Self.noProcessor.filled(["number": String(missing), "online": there.optionText]))
    }
    return .bind(toProcessors: cpus.numbers).advice(.invalidArgument) { evidence in
      let lines = (evidence.host.text(of: "/proc/self/status") ?? "").lines
      let allowed = lines.first { $0.begins(with: "Cpus_allowed_list:\t") }.map { $0.dropping(19) } ?? "0"
      return Self.withheld.filled(["cpus": cpus.optionText, "allowed": allowed])
    }
  }

  /// The nice value that littlectr has: the nineteenth field of /proc/PID/stat, of which the second may hold anything.
  private static func nice(now host: Host) -> String {
    let text = host.text(of: "/proc/self/stat") ?? ""
    let fields = (text.fields(")").last ?? "").words()
    return fields.count > 16 ? fields[16] : "0"
  }
}
