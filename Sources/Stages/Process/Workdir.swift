public import Pipeline

/// Starts the command in a directory of the container's: chdir(2).
public struct Workdir: IsolationStage {
  public static let name = "workdir"
  public static let synonyms = ["cwd", "chdir", "directory", "workingdirectory"]
  public static let help = """
    The directory in which the command begins.
    It is entered last, with the rights of the command's user, and PWD says the same. Without it the command begins in \
    the container's "/", or where no stage gives a root, in your own working directory.
    """
  public static let options = [
    StageOption(
      "path", \Self.directory, "the directory; one that doesn't begin with / is looked for from the root",
      flag: "workdir", aliases: ["chdir"], letter: "w")
  ]
  public static let provides = [Facet.workingDirectory]
  public static let follows: KeyValuePairs = [
    Facet.root: "it is a directory of the new root", .user: "it is entered with the rights of the user",
  ]
  public static let diagnostics = [
    missing, notDirectory, BlockedDirectory.byGroup, BlockedDirectory.inside, noEntry, jumps,
  ]

  static let missing = Advice(
    .noSuchFileOrDirectory, why: "the container has no {path}",
    fix: "name one that is there, or have the image or a line of stages.conf bring it")
  static let notDirectory = Advice(
    .notDirectory, why: "{path}, or what it lies below, isn't a directory", fix: "name a directory")
  static let noEntry = Advice(
    .permissionDenied, why: "user {user} of the container may not enter {path}, or a directory on the way to it",
    fix: BlockedDirectory.inside.fix)
  static let jumps = Advice(
    .tooManySymbolicLinkLevels,
    why: "{path} leads through a link of /proc that jumps, which may be a way out, or through links in a circle",
    fix: "name the directory itself")

  /// A path that begins at the container's root, written with or without a slash before it.
  struct Directory: OptionValue {
    let path: FilePath

    static let syntax = "PATH"
    static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> Directory {
      guard !text.isEmpty else { throw ValueError(expected: "a path of the container's, such as /srv") }
      return Directory(path: text.utf8.first == UInt8(ascii: "/") ? FilePath(text) : FilePath("/" + text))
    }
    var optionText: String { path.text }
  }

  var directory = Directory(path: "/")
  let handle = Handle("workdir")
  public init() {}

  public func shape(_ container: inout Container) { container[bytesOf: "PWD"] = directory.path.bytes }

  public func beforeExec(_ container: Container) -> [Step] {
    let path = directory.path
    let user = container.user?.user ?? container.idMap?.users.first?.inside ?? container.host.userID
    return [Step.openDirectory(inside: path, into: handle), .changeDirectory(to: handle)].map { step in
      step.advice(.permissionDenied) { BlockedDirectory.advice(inside: path, $0.container) }
        .advice(
          anyOf: [Self.missing, Self.notDirectory, Self.noEntry, Self.jumps],
          filled: ["path": path.text, "user": String(user)])
    }
  }
}
