internal import Pipeline

extension InnerPath {
  static let overTree = Advice(
    why: "{path} lies in the container's own {tree}, which '{stage}' makes, and would be covered by it unasked",
    fix: "start littlectr in another directory; or, if that is meant, write the path itself: to={path}")

  /// The refusals, for the manual.
  static let diagnostics = [overTree]

  /// Refuses what would cover a part of the container's own /proc, /sys or /dev, and isn't named there letter by letter.
  func check(_ container: Container) throws(Failure) {
    guard holdsVariable else { return }
    for stage in ["proc", "sys", "dev"] where container.stagesInUse.contains(stage) {
      let tree = FilePath("/" + stage)
      guard path.lies(in: tree) else { continue }
      throw Failure(
        "to=\(path)", Self.overTree.filled(["path": path.text, "tree": tree.text, "stage": stage]))
    }
  }
}
