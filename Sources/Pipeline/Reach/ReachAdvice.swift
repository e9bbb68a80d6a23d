/// The refusals that users meet where something that littlectr relies on could be changed from inside.
public enum ReachAdvice {
  static let loose = Advice(
    why: "it holds {thing}, {what}, and in this container nothing keeps root from taking off what would cover that",
    fix: "switch capabilities and seccomp on, or bind another directory, without littlectr's files in it")
  static let linked = Advice(
    why: "{thing}, {what}, has {count} names: by one in there it could be written, and which those are can't be told",
    fix: "cp -p {thing} {thing}.new && mv {thing}.new {thing}; or make the line read-only")
  static let absent = Advice(
    why: "{thing}, {what}, isn't there, and could be made from inside, for the next run to take it",
    fix: "mkdir -p {thing}, which is then covered; or make the line read-only, or start in another directory")
  static let absentFile = Advice(
    why: "{thing}, {what}, isn't there, and could be made from inside, for the next run to take it",
    fix: "make the file, which is then covered; or make the line read-only, or start in another directory")
  static let isRoot = Advice(
    why: "it is {thing}, {what}, and a root that holds that can't be written to",
    fix: "write readonly on the line, or put a layer over it: overlay")
  static let changed = Advice(
    .canceled, why: "{path} isn't what it was when the container was planned, or a line below mounts over it",
    fix: "try again; if it stays so, move the line that mounts over {path} above this one")
  static let exchanged = Advice(
    .canceled, why: "{path} isn't what it was when the container was planned: somebody has exchanged it meanwhile",
    fix: "try again; if it stays so, find out who writes there: lsof +D on its directory")
  static let gone = Advice(
    .noSuchFileOrDirectory, why: "{path} isn't there any more, or a line below mounts over it",
    fix: "try again; if it stays so, move the line that mounts over {path} above this one")
  static let unmade = Advice(
    .permissionDenied, why: "{path} isn't there, could be made from inside, and you may not make it to cover it",
    fix: "make it as the owner of the directory, or make the line read-only")

  /// All of them, for the manual.
  public static let all = [loose, linked, absent, absentFile, isRoot, changed, exchanged, gone, unmade]
}
