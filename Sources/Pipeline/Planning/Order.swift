/// The check of the file's order. It is never changed: a wrong one is refused, with the line to move and the reason.
enum Order {
  /// What is wrong with a line's place; nil if nothing is.
  static func mistake(of entry: Entry, at index: Int, in used: [Entry], all: [Entry]) -> Failure? {
    let type = type(of: entry.stage)
    for (name, reason) in type.requires {
      if used[..<index].contains(where: { $0.name == name }) { continue }
      if let below = used[index...].first(where: { $0.name == name }) {
        return wrongOrder(entry, below, reason)
      }
      var failure = Failure("needs '\(name)' above it", why: reason)
      if let tried = all.first(where: { $0.name == name && $0.mode == .tried }) {
        failure.fix =
          "without '\(name)' (\(tried.location)), which this host can't do, write 'off' or 'try' before both"
      } else if let off = all.first(where: { $0.name == name }) {
        failure.fix = "switch '\(name)' on (\(off.location)), or '\(entry.name)' off"
      } else {
        failure.fix = "write '\(name)' on a line above, or switch '\(entry.name)' off"
      }
      (failure.stage, failure.location) = (entry.name, entry.location)
      return failure
    }
    for (name, reason) in type.after {
      if let below = used[index...].first(where: { $0.name == name }) { return wrongOrder(entry, below, reason) }
    }
    return nil
  }

  private static func wrongOrder(_ entry: Entry, _ other: Entry, _ reason: String) -> Failure {
    var failure = Failure(
      "must stand below '\(other.name)' (\(other.location))", why: reason,
      fix: "move '\(entry.name)' from \(entry.location) to below \(other.location)")
    (failure.stage, failure.location) = (entry.name, entry.location)
    return failure
  }
}
