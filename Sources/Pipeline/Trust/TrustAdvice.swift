internal import SystemPackage

/// What is told of a file that another user could have written, or could exchange.
public enum TrustAdvice {
  static let foreign = Advice(
    why: "{file} belongs to user {owner}, who could {effect} (you are user {user})",
    fix: "look at what is in it, copy it, and use your copy: {cp} {file} {copy} && {use}")
  static let writable = Advice(
    why: "{file} has mode {mode}, so that other users can write it, and {effect}",
    fix: "look at what is in it, then: {command}")
  static let list = Advice(
    why: "{file} has a list of permissions beside mode {mode}, by which other users may write it, and {effect}",
    fix: "look at what is in it, then: {command}")
  static let foreignDirectory = Advice(
    why:
      "the directory {place}, on the way to {file}, belongs to user {owner}, who could put another there (you are user {user})",
    fix: "keep it in a directory of yours, or of root's, and name that")
  static let foreignLink = Advice(
    why:
      "{place}, on the way to {file}, is a symbolic link of user {owner}, who could have it lead anywhere (you are user {user})",
    fix: "name what it leads to, if that is what you mean: {end}")
  static let writableDirectory = Advice(
    why: "the directory {place}, on the way to {file}, has mode {mode}, so that other users could put another there",
    fix: "{command}, or keep it in a directory that only you can write")
  static let groupDirectory = Advice(
    why:
      "the directory {place}, on the way to {file}, has mode {mode}, and others than you are in group {group}, which can write it, or may be",
    fix: "{command}, or keep it in a directory that only you can write")
  static let listedDirectory = Advice(
    why: "the directory {place}, on the way to {file}, has a list of permissions, by which other users may write it",
    fix: "{command}, or keep it in a directory that only you can write")

  /// All of them, for the manual.
  public static var all: [Advice] {
    [
      foreign, writable, list, foreignDirectory, foreignLink, writableDirectory, groupDirectory, listedDirectory,
    ]
  }
}

extension Doubt {
  /// What to tell of it.
  ///
  /// - Parameters:
  ///   - way: the way on which it is.
  ///   - name: the file, as the user calls it.
  ///   - effect: what others could do by it, after "could".
  ///   - copy: the name of a copy, for a remedy.
  ///   - use: how the copy is used.
  public func advice(
    _ way: Way, _ name: String, _ effect: String, copy: String = "COPY", use: String = "name the copy", _ host: Host
  ) -> Advice {
    let directory = isEnd ? name : place.path.text
    let mine = place.found.userID == host.userID
    let change = kind == .list ? "setfacl -b " : kind == .group ? "chmod g-w " : "chmod go-w "
    return known.filled([
      "file": name, "place": place.path.text, "owner": String(place.found.userID), "user": String(host.userID),
      "group": String(place.found.groupID), "mode": String(place.found.mode & 0o7777, radix: 8),
      "end": way.end.text, "command": (mine ? "" : "as root: ") + change + directory, "copy": copy, "use": use,
      "cp": place.found.isDirectory ? "cp -r" : "cp",
      "effect": effect,
    ])
  }

  private var known: Advice {
    switch kind {
    case .foreign: isEnd ? TrustAdvice.foreign : TrustAdvice.foreignDirectory
    case .foreignLink: TrustAdvice.foreignLink
    case .writable: isEnd ? TrustAdvice.writable : TrustAdvice.writableDirectory
    case .group: isEnd ? TrustAdvice.writable : TrustAdvice.groupDirectory
    case .list: isEnd ? TrustAdvice.list : TrustAdvice.listedDirectory
    }
  }
}
