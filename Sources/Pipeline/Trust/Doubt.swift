/// What on the way to a file another user could have made, or could exchange: then that user decides what the file is.
public struct Doubt: Sendable {
  /// Why a place isn't to be relied on.
  public enum Kind: Sendable {
    /// A file or directory belongs to another user.
    case foreign
    /// A symbolic link belongs to another user.
    case foreignLink
    /// Others can write it.
    case writable
    /// A group can write it, in which there are others.
    case group
    /// Others may be in its list of permissions.
    case list
  }

  /// The directory, link or file.
  public let place: Way.Place
  /// What is wrong with it.
  public let kind: Kind
  /// Whether it is the file itself.
  public let isEnd: Bool
}

extension Way {
  /// The first place on the way that another user could have made, or could exchange; nil if there is none.
  ///
  /// Yours is what belongs to you or root, and what nobody else can write. In a directory that others can write, but in
  /// which they can't rename what isn't theirs, as in /tmp, what is yours stays in its place.
  ///
  /// - Parameter includingEnd: whether the file itself counts as well.
  public func doubt(_ host: Host, includingEnd: Bool = true) -> Doubt? {
    let last = isMissing ? nil : end.bytes
    for index in places.indices {
      let place = places[index]
      let isEnd = place.bytes == last && !place.found.isLink
      if isEnd, !includingEnd { continue }
      if !belongsToCaller(place, isEnd: isEnd, host) {
        return Doubt(place: place, kind: place.found.isLink ? .foreignLink : .foreign, isEnd: isEnd)
      }
      // A link's own permissions count for nothing.
      if place.found.isLink { continue }
      let isSticky = place.found.isDirectory && place.found.mode & 0o1000 != 0
      if isSticky, !isEnd { continue }
      if let kind = Self.writers(place, isEnd: isEnd, host) { return Doubt(place: place, kind: kind, isEnd: isEnd) }
    }
    return nil
  }

  /// By which others could write; nil if nobody else can.
  private static func writers(_ place: Place, isEnd: Bool, _ host: Host) -> Doubt.Kind? {
    if place.found.mode & 0o002 != 0 { return .writable }
    // With a list, the group's bits are the most that anybody on it has.
    guard place.found.mode & 0o020 != 0 else { return nil }
    let group = place.found.groupID
    let rootOnly = !isEnd && place.found.userID == 0
    if !host.isAlone(in: group), !(rootOnly && host.isEmpty(group: group)) { return .group }
    return host.hasAccessList(place.path) ? .list : nil
  }

  private func belongsToCaller(_ place: Place, isEnd: Bool, _ host: Host) -> Bool {
    let owner = place.found.userID
    if owner == host.userID || owner == 0 { return true }
    // In a user namespace that doesn't know root, root's "/" belongs to nobody, as all of others' does.
    guard owner == 65534, !isEnd, places[0].found.userID == owner else { return false }
    // There, it isn't told apart from what others have put into a directory that all can write.
    let parent = Self.parent(of: place.bytes)
    return !places.contains {
      ($0.bytes == parent || parent.isEmpty && $0.bytes.count == 1) && $0.found.mode & 0o022 != 0
    }
  }
}
