/// Why a run failed that isn't a step's doing.
public enum RunnerAdvice {
  static let endedEarly = Advice(
    why: "its process 1 was there, and {end}: somebody killed it, or it came up against a limit on memory",
    fix: "try again; littlectr run --trace shows how far it comes")

  static let trapped = Advice(
    why: "a step's own code trapped in the child, which {end}: the line above says where",
    fix: "mend the stage; littlectr run --trace shows which step was the last")

  /// All of them, for the manual.
  public static var all: [Advice] { [endedEarly, trapped] }
}
