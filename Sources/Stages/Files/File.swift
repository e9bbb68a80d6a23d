public import Pipeline

/// Gives the container a small file whose text stands in the configuration.
public struct File: IsolationStage {
  public static let name = "file"
  public static let synonyms = ["files"]
  public static let help = """
    A small file, whose text stands in the line.
    It covers the image's file of that name, which stays as it is. Without it a program's settings must be in the image. \
    What is written to it is gone with the container.
    """
  public static let options = [
    StageOption("to", \Self.to, "its path in the container"),
    StageOption("text", \Self.text, #"what is in it; in quotes \n begins a new line"#),
    StageOption("mode", \Self.mode, "its permissions, in octal"),
  ]
  public static let isRepeatable = true
  public static let provides = [Facet.files]
  public static let needs = Bind.needs
  public static let follows = Bind.follows
  public static let diagnostics = [noPlace] + InnerPath.diagnostics + Filesystem.diagnostics + MountPoint.diagnostics

  static let noPlace = Advice(why: "the line doesn't say where", fix: "write file to=/etc/motd text=\"hello\\n\"")

  var to: InnerPath?
  var text = ""
  var mode = FileMode(bits: 0o644)
  public init() {}

  public func shape(_ container: inout Container) {
    if let to { container.generatedFiles[to.path] = Array(text.utf8) }
  }

  public func inChild(_ container: Container) throws(Failure) -> [Step] {
    guard let place = to, !place.path.components.isEmpty else { throw Failure("no file is made", Self.noPlace) }
    try place.check(container)
    let to = place.path
    return try SmallFiles(files: [(to, Array(text.utf8), mode)]).make(in: container, for: Self.name)
  }
}
