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
  static let foreign = Advice(
    why: "{file} belongs to user {owner}, who could make littlectr do anything in your name (you are user {user})",
    fix: "read it, copy it, and use your copy: cp {file} my.conf && littlectr run --conf my.conf …")
  static let writable = Advice(
    why: "{file} has mode {mode}, so that other users can write it, and make littlectr do anything in your name",
    fix: "read it, then: chmod go-w {file}")

  static let notOne = Advice(
    why: "what stands there isn't shown: it begins with no stage's name, and no line above does, so it may be a secret",
    fix: "name a file that lists stages, as littlectr help stages.conf describes it")

  /// A file that is something else.
  static func noConfiguration(_ location: Location) -> Failure {
    var failure = Failure("this is no line of a configuration", notOne)
    failure.location = location
    return failure
  }

  /// All of them, for the manual.
  public static var all: [Advice] { [missing, unreadable, notRegular, tooLarge, foreign, writable, notOne] }
}
