internal import SystemPackage

/// Why a configuration file isn't read.
public enum ConfigurationAdvice {
  static let missing = Advice(
    .noSuchFileOrDirectory, why: "there is no file {file}",
    fix: "name one that is there, or leave the option out: littlectr help stages.conf tells where it looks")
  static let unreadable = Advice(
    .permissionDenied, why: "you may not read {file}, or enter a directory on the way to it",
    fix: "chmod u+r {file}, or name another file with --conf")
  static let notRegular = Advice(
    why: "{file} isn't a regular file",
    fix: "name a regular file: a directory, device or pipe can't be checked for its writers")
  static let tooLarge = Advice(
    why: "{file} is larger than 1 MiB", fix: "write a smaller one: a configuration is some dozen lines")
  static let exchanged = Advice(
    why: "{file} was exchanged for another file while it was looked at", fix: "run it again, once nobody changes it")
  static let nameless = Advice(
    why: "a name without '/' is looked for in {places}, as {name}.conf or {name}",
    fix: "name a file by its path: --conf ./{name}")
  static let onlyHere = Advice(
    why: "a name without '/' is looked for in {places}, never in the directory that you are in",
    fix: "to use the file of this directory: --conf ./{here}")
  static let noStage = Advice(
    why: "{file} names no stage: it is empty, or cut off",
    fix: "copy it again; a line for each stage that isn't wanted, with 'off' before it, runs the command without any")

  static let notOne = Advice(
    why: "what stands there isn't shown: it begins with no stage's name, and no line above does, so it may be a secret",
    fix: "name a file that lists stages, as littlectr help stages.conf describes it")

  /// A file that is something else.
  ///
  /// - Parameter isComment: whether the line is a comment, as other files have them.
  static func noConfiguration(_ location: Location, isComment: Bool) -> Failure {
    var failure = Failure("this is no line of a configuration", notOne)
    if isComment { failure.fix = "if it is a comment, begin it with #; otherwise " + notOne.fix }
    failure.location = location
    return failure
  }

  /// All of them, for the manual.
  public static var all: [Advice] {
    [missing, unreadable, notRegular, tooLarge, exchanged, nameless, onlyHere, noStage, notOne] + TrustAdvice.all
  }
}
