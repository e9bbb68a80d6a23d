public import Pipeline

/// Gives the container process ids of its own: pid_namespaces(7).
public struct PID: IsolationStage {
  public static let name = "pid"
  public static let synonyms = ["pidns", "pidnamespace", "process", "processes"]
  public static let help = """
    Process ids of its own: the container sees and counts only its own processes.
    When the first of them ends, the kernel ends all others. Without it the container has the numbers of your \
    machine, can send signals to whatever has your user id, and what it leaves running outlives it.
    littlectr's own program can't be overwritten from inside. Process 1, which is littlectr, isn't dumpable, and was \
    started outside of the container's user namespace: nobody inside may open /proc/1/exe, root neither. With init=no the \
    command has taken its place, and /proc/self/exe is the command. In a root borrowed from the host, and in what bind \
    gives with readonly, it can be read only; a directory that is bound to be written, and holds it, is yours to \
    write. Real root without userns may open it; while it runs the kernel refuses to write it, and it ends with the \
    container. Without this stage, if your user may write littlectr's program, a hostile image whose command leads to \
    /proc/self/exe can do so too. Nothing of yours is open in process 1 while the command runs.
    """
  public static let options = [
    StageOption(
      "init", \Self.reaper,
      "yes: process 1 is a small reaper, which forwards signals; no: it is the command itself, which may then outlive littlectr if it takes its parent-death signal off",
      flag: "init"
    )
  ]

  var reaper = true
  public init() {}

  public var namespaces: Namespaces { .pid }
  public func shape(_ container: inout Container) { container.hasReaper = reaper }
}
