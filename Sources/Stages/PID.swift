public import Pipeline

/// Gives the container process ids of its own: pid_namespaces(7).
public struct PID: IsolationStage {
  public static let name = "pid"
  public static let help = """
    Process ids of its own: the container sees and counts only its own processes.
    When the first of them ends, the kernel ends all others. Without it the container has the numbers of your \
    machine, can send signals to whatever has your user id, and what it leaves running outlives it. If your user may write \
    littlectr's program, a hostile image whose command leads to /proc/self/exe can do so then.
    """
  public static let options = [
    StageOption(
      "init", \Self.reaper,
      "yes: process 1 is a small reaper, which forwards signals; no: it is the command itself, which may then outlive littlectr if it takes its parent-death signal off"
    )
  ]

  var reaper = true
  public init() {}

  public var namespaces: Namespaces { .pid }
  public func shape(_ container: inout Container) { container.hasReaper = reaper }
}
