/// The check of the file's order. It is never changed: a wrong one is refused, with the line to move and the reason.
struct Order {
  private let used: [Entry]
  private let all: [Entry]
  /// The stages' names, and the first and the last line of each. Arrays: a dictionary's type costs more to make than there
  /// is to look up.
  private var names: [String] = []
  private var firsts: [Int] = []
  private var lasts: [Int] = []

  /// - Parameters:
  ///   - used: the lines that are used, in order.
  ///   - all: those too that are off.
  init(_ used: [Entry], all: [Entry]) {
    (self.used, self.all) = (used, all)
    for index in used.indices {
      let name = used[index].name
      if let known = place(of: name) {
        lasts[known] = index
      } else {
        names.append(name)
        firsts.append(index)
        lasts.append(index)
      }
    }
  }

  private func place(of name: String) -> Int? {
    for index in names.indices where names[index] == name { return index }
    return nil
  }

  /// What is wrong with a line's place; nil if nothing is.
  func mistake(at index: Int) -> Failure? {
    let entry = used[index]
    let type = type(of: entry.stage)
    for (name, reason) in type.excludes {
      if let place = place(of: name) { return Self.exclusion(entry, used[firsts[place]], reason) }
    }
    for (name, reason) in type.requires {
      if let place = place(of: name) {
        if firsts[place] < index { continue }
        return wrongOrder(index, used[firsts[place]], reason)
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
      (failure.stage, failure.location, failure.lacksStage) = (entry.name, entry.location, true)
      return failure
    }
    for (name, reason) in type.after {
      if let place = place(of: name), lasts[place] > index {
        return wrongOrder(index, used[lasts[place]], reason)
      }
    }
    return nil
  }

  private static func exclusion(_ entry: Entry, _ other: Entry, _ reason: String) -> Failure {
    var failure = Failure(
      "can't be used beside '\(other.name)' (\(other.location))", why: reason,
      fix: "leave one of the two out: \(removal(of: other)), or \(removal(of: entry))")
    (failure.stage, failure.location) = (entry.name, entry.location)
    return failure
  }

  /// How a line is left out: of the file, or of the command line.
  private static func removal(of entry: Entry) -> String {
    entry.location.line == 0 ? "don't give \(entry.location)" : "--without \(entry.name)"
  }

  private func wrongOrder(_ index: Int, _ other: Entry, _ reason: String) -> Failure {
    let entry = used[index]
    var failure = Failure(
      "must stand below '\(other.name)' (\(other.location))", why: reason,
      fix: "move '\(entry.name)' from \(entry.location) to below \(other.location)")
    // An option has no line that could be moved: it was put above the first one that has to stand below it.
    if entry.location.line == 0 {
      let below = used[(index + 1)...].first { below in
        let type = type(of: below.stage)
        return [type.requires, type.after].contains { $0.contains { $0.key == entry.name } }
      }
      failure.fix =
        below.map {
          "move '\($0.name)' from \($0.location) to below \(other.location), or write '\(entry.name)' as a line"
        }
        ?? "write '\(entry.name)' as a line of the file, below \(other.location)"
    } else if other.location.line == 0 {
      failure.fix = "write '\(other.name)' as a line of the file, above \(entry.location), instead of \(other.location)"
    }
    (failure.stage, failure.location) = (entry.name, entry.location)
    return failure
  }
}
