public import Pipeline

/// Ends the container when the process ends that has started littlectr: prctl(2), PR_SET_PDEATHSIG.
public struct DieWith: IsolationStage {
  public static let name = "diewith"
  public static let synonyms = ["diewithparent", "pdeathsig"]
  public static let help = """
    Ends the container when the program ends that has started littlectr.
    It is killed, whatever signals it ignores, and all is undone. Without it a container that a script or a build system has \
    started outlives it. What shall go on after you log out, by nohup for instance, needs it off.
    """
  public static let options = [
    StageOption("parent", \Self.parent, "end with the process that has started littlectr", flag: "die-with-parent")
  ]
  public static let diagnostics = [alone]

  static let alone = Advice(
    .noSuchProcess, why: "what has started littlectr has ended already", fix: "let it live on, or write: off diewith")

  var parent = true
  public init() {}

  public func shape(_ container: inout Container) {
    if parent { container.starter = container.host.parentID }
  }

  public func beforeClone(_ container: Container) -> [Step] {
    guard let starter = container.starter else { return [] }
    return [.end(withStarter: starter).advice(Self.alone).remark("be told of the end of what has started littlectr")]
  }
}
