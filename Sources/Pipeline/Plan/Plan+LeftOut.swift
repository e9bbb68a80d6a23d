/// Which lines need one that was taken out.
extension Plan {
  /// The failure of a line that can't do without another, with all other lines that can't either, and an option that leaves
  /// them out together.
  static func withAllThatFollows(_ failure: Failure, _ entries: [Entry], _ container: Container) -> Failure {
    guard let stage = failure.stage else { return failure }
    if let other = withoutUserNamespace(entries, container) { return other }
    var leftOut: [String] = []
    for entry in entries where entry.isLeftOut && !leftOut.contains(entry.name) { leftOut.append(entry.name) }
    // What fails with all lines in place isn't the doing of the one that was left out.
    if !failure.lacksStage, leftOut.isEmpty || !isPlanned(entries, with: leftOut, container) { return failure }
    guard let others = needing(stage, entries, container) else { return failure }
    if leftOut.isEmpty, others.count == 1 { return failure }
    var all = failure
    if failure.lacksStage, others.count > 1 {
      all.what += ", as do " + others.dropFirst().map { "'\($0)'" }.joined(separator: ", ")
    }
    let kept = leftOut.map { "'\($0)'" }.joined(separator: ", ")
    // What the machine lacks may be had.
    let first = failure.hostLacks && !failure.lacksStage ? failure.fix.map { $0 + "; or " } ?? "" : ""
    all.fix =
      "\(first)leave out all of them: --without \((leftOut + others).joined(separator: ","))"
      + (leftOut.isEmpty ? "; or: " + (failure.fix ?? "") : "; or keep \(kept)")
    return all
  }

  /// Who isn't root can't do without a user namespace, whichever line fails first.
  private static func withoutUserNamespace(_ entries: [Entry], _ container: Container) -> Failure? {
    guard !container.host.isRoot,
      let entry = entries.first(where: { $0.isLeftOut && $0.stage.namespaces.contains(.user) }),
      !entries.contains(where: { $0.mode != .off && $0.stage.namespaces.contains(.user) }),
      entries.contains(where: { $0.mode != .off && !$0.stage.namespaces.isEmpty })
    else { return nil }
    var failure = Failure(
      "only root can go on without it",
      why:
        "you are user \(container.host.userID), and without a user namespace the kernel lets only root make the others",
      fix: "keep '\(entry.name)', or run it as root: sudo littlectr run …")
    failure.location = Location(file: "--without \(entry.name)")
    return failure
  }

  private static func isPlanned(_ entries: [Entry], with leftOut: [String], _ container: Container) -> Bool {
    var entries = entries
    for index in entries.indices where entries[index].isLeftOut {
      (entries[index].mode, entries[index].isLeftOut) = (.on, false)
    }
    return (try? Plan(entries, container)) != nil
  }

  /// The stages that have to be left out too, the given one first; nil if it can't be planned whatever is left out.
  private static func needing(_ stage: String, _ entries: [Entry], _ container: Container) -> [String]? {
    var names = [stage]
    var used = entries.filter { $0.mode != .off && $0.name != stage }
    while true {
      do throws(Refusal) {
        _ = try Plan(used: used, all: entries, container, [])
        return names
      } catch {
        guard let index = error.entry else { return nil }
        let name = used[index].name
        if !(error.failure.hostLacks && used[index].mode == .tried) { names.append(name) }
        used.removeAll { $0.name == name }
      }
    }
  }
}
