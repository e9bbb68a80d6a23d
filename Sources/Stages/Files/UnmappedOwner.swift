internal import Pipeline

/// A directory of an image whose owner or group has no id inside. A layer can't take a copy of it, so that below the layer,
/// too, nobody can make or remove anything in it.
enum UnmappedOwner {
  static let refused = Advice(
    .permissionDenied,
    why: "{directory} belongs to user {owner} and group {group}, and {who}: so nothing can be made or replaced in it",
    fix: "take an image of your own, as ./setup makes one, or write as root: chown {user}:{users} {directory}")
  static let notCopied = Advice(
    .overflow,
    why: "the layer can't take a copy of {directory}: it belongs to user {owner} and group {group}, and {who}",
    fix: refused.fix)

  /// The refusals, for the manual.
  static let diagnostics = [refused, notCopied]

  /// Has a step that makes or removes something in a directory of the root look for such a one on the way there.
  static func explained(_ step: Step, in directory: @autoclosure @escaping @Sendable () -> FilePath) -> Step {
    step.advice(anyOf: diagnostics) { advice, evidence in
      let container = evidence.container
      guard let (place, found) = first(on: directory(), container) else { return nil }
      let (owner, group) = (String(found.userID), String(found.groupID))
      let isKnown = container.idMap?.hasUser(outside: found.userID) == true
      return advice.filled([
        "directory": place.text, "owner": owner, "group": group,
        "who": "userns doesn't map that \(isKnown ? "group" : "user")", "user": String(container.host.userID),
        "users": String(container.host.groupID),
      ])
    }
  }

  /// The first such directory on a way through the root. Where the layer has a directory already, that counts.
  private static func first(on way: FilePath, _ container: Container) -> (FilePath, Host.Found)? {
    guard let map = container.idMap else { return nil }
    var (rest, here, links) = ([FilePath](way.names.reversed()), [FilePath](), 0)
    while let name = rest.popLast() {
      if name == ".." {
        _ = here.popLast()
        continue
      }
      let path = (here + [name]).reduce(FilePath("/")) { $0.pushing($1) }
      let places = container.filePlaces.map { path.inside($0) }
      // The container's links are followed as it sees them: inside the root.
      if let target = places.lazy.compactMap({ container.host.linkTarget(of: $0) }).first {
        links += 1
        if links > 40 { return nil }
        if target.isAbsolute { here = [] }
        rest += target.names.reversed()
        continue
      }
      guard let place = places.first(where: { container.host.status(of: $0) != nil }),
        let found = container.host.status(of: place)
      else { return nil }
      if !map.hasUser(outside: found.userID) || !map.hasGroup(outside: found.groupID) { return (place, found) }
      here.append(name)
    }
    return nil
  }
}
