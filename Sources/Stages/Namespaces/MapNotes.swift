internal import Pipeline

/// What explain says of a map of ids that gives less than one might expect, or more.
enum MapNotes {
  /// What fails with one id, and the cure: apt is what most people meet first.
  static func oneID(_ lacking: Failure?) -> String {
    let cure = lacking.map { "\($0.why ?? ""): \(($0.fix ?? "").prefix { $0 != ";" })" } ?? "write map=full"
    return "userns maps one id only, so apt, which becomes _apt, fails, and so does all that changes its user; \(cure)"
  }

  /// What fails with few ids, and the cure.
  static func tooFew(_ map: IDMap, _ host: Host) -> String {
    func count(_ ranges: [IDMap.Range]) -> UInt64 { ranges.reduce(0) { $0 + UInt64($1.count) } }
    return """
      userns maps \(count(map.users)) user ids and \(count(map.groups)) group ids, and nobody's and nogroup's 65534 isn't \
      among both, so apt, whose downloads are nogroup's, fails; as root: \(FreeIDs.usermod(host))
      """
  }

  /// What of the caller's groups goes on inside.
  static func keptGroups(_ host: Host) -> String {
    let groups = BlockedDirectory.supplementaryGroups(host).map(String.init).joined(separator: ", ")
    return groups.isEmpty
      ? "your supplementary groups, of which you have none now"
      : "your supplementary groups \(groups): what you may enter, read and write by them, the container may too"
  }
}
