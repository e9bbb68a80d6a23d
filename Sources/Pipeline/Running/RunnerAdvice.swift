/// Why a run failed that isn't a step's doing.
public enum RunnerAdvice {
  static let endedEarly = Advice(
    why: "its process 1 was there, and {end}: somebody killed it, or it came up against a limit on memory",
    fix: "try again; littlectr run --trace shows how far it comes")

  /// All of them, for the manual.
  public static var all: [Advice] { [endedEarly] }
}
