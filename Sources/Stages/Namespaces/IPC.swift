public import Pipeline

/// Gives the container System V IPC and POSIX message queues of its own: ipc_namespaces(7).
public struct IPC: IsolationStage {
  public static let name = "ipc"
  public static let synonyms = ["ipcns", "ipcnamespace"]
  public static let help = """
    System V shared memory, semaphores and message queues of its own, and POSIX message queues.
    Without it `ipcs` shows those of your machine, and what your user may read and write there, the container may.
    """
  public init() {}

  public var namespaces: Namespaces { .ipc }
}
