import Pipeline

/// Makes directories on the host for the time that the container runs: what a step of the parent's makes is taken back,
/// last first, whichever way the container ends.
struct Scratch: IsolationStage {
  static let name = "scratch"
  static let help = """
    A directory on your machine that is there while the container runs, with one named 'work' in it.
    Without it nothing is made, and nothing has to be taken back.
    """
  static let options = [StageOption("path", \Self.path, "where; nothing may be there yet")]

  var path: FilePath = "/tmp/scratch"

  func beforeClone(_ container: Container) -> [Step] {
    [path, path.appending("work")].map { directory in
      .makeDirectory(directory).undo(.removeDirectory(directory)).advice(.fileExists, "name another one with path=")
    }
  }
}
