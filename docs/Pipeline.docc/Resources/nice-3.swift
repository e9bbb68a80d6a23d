import Glibc
import Pipeline

/// Lets everything else on the machine go first: setpriority(2).
struct Nice: IsolationStage {
  static let name = "nice"
  static let help = """
    Lets everything else on your machine go first.
    Without it a build inside the container makes slow what you do outside.
    """
  static let options = [StageOption("level", \Self.level, "0 changes nothing, 19 takes idle time only", flag: "nice")]

  var level = 10

  func inChild(_ container: Container) -> [Step] {
    [
      Step("setpriority(PRIO_PROCESS, 0, \(level))") { () throws(Errno) in
        let which = Int32(PRIO_PROCESS.rawValue)
        if setpriority(which, 0, Int32(clamping: level)) != 0 { throw Errno(rawValue: errno) }
      }
    ]
  }
}
