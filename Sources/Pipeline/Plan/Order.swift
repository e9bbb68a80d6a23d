/// The check of the file's order. It is never changed: a wrong one is refused, with the line to move and the reason.
///
/// What stands above what follows from what stages give, need and follow; what acts before what from their steps' phases.
struct Order {
  private let used: [Entry]
  private let all: [Entry]
  private let catalog: [any IsolationStage.Type]
  /// What each line gives.
  private let given: [[Facet]]

  /// - Parameters:
  ///   - used: the lines that are used, in order.
  ///   - all: those too that are off.
  ///   - catalog: the stages that there are, for what is told.
  init(_ used: [Entry], all: [Entry], _ catalog: [any IsolationStage.Type]) {
    (self.used, self.all, self.catalog) = (used, all, catalog)
    given = used.map { type(of: $0.stage).provides }
  }

  private func kind(_ index: Int) -> any IsolationStage.Type { type(of: used[index].stage) }

  private func gives(_ index: Int, _ facet: Facet) -> Bool { given[index].contains(facet) }

  /// What is wrong with a line's place, by what it gives, needs and follows; nil if nothing is.
  func mistake(at index: Int) -> Failure? {
    let type = kind(index)
    for facet in type.provides {
      guard let reason = facet.onlyOnce else { continue }
      for other in used.indices where other < index && gives(other, facet) && used[other].name != type.name {
        return exclusion(index, other, reason)
      }
    }
    for (facet, reason) in type.needs {
      guard let first = used.indices.first(where: { gives($0, facet) && used[$0].name != type.name }) else {
        return lack(index, facet, reason)
      }
      if first > index { return wrongOrder(index, first, reason) }
    }
    for (facet, reason) in type.follows {
      var other = used.count - 1
      while other > index {
        if gives(other, facet), used[other].name != type.name { return wrongOrder(index, other, reason) }
        other -= 1
      }
    }
    return nil
  }

  /// A line that takes what the steps of another need, and acts before them; nil if there is none.
  ///
  /// - Parameter phases: the last phase of the child's in which each line has steps.
  func conflict(_ phases: [Phase?]) -> (index: Int, failure: Failure)? {
    for index in used.indices where !kind(index).precedes.isEmpty {
      guard let phase = phases[index] else { continue }
      for (facet, reason) in kind(index).precedes {
        for other in used.indices where used[other].name != used[index].name && gives(other, facet) {
          guard let taking = phases[other], (taking, other) < (phase, index) else { continue }
          if taking == phase { return (other, wrongOrder(other, index, reason)) }
          var failure = exclusion(other, index, reason)
          failure.what = "acts before '\(used[index].name)' (\(used[index].location)), wherever the lines stand"
          return (other, failure)
        }
      }
    }
    return nil
  }

  /// A seal that refuses what a step behind it calls; nil if there is none.
  ///
  /// - Parameters:
  ///   - steps: what the child does last, in order, with the lines' indexes.
  ///   - movable: how many of them, at the beginning, follow the lines' order.
  func broken(
    _ steps: [(entry: Int, step: Step)], movable: Int, _ container: inout Container
  ) -> (index: Int, failure: Failure)? {
    for seal in used.indices where kind(seal).isSeal {
      guard let last = steps.lastIndex(where: { $0.entry == seal }) else { continue }
      var passed: [String] = []
      for (place, (index, step)) in steps.enumerated() where place > last {
        // A seal that looks back knows best what it takes.
        if place >= movable, kind(index).isSeal { continue }
        let name = used[index].name
        for line in step.text.lines {
          guard let end = line.utf8.firstIndex(of: UInt8(ascii: "(")) else { continue }
          let call = String(line[..<end])
          guard let advice = used[seal].stage.refusal(of: call, container) else { continue }
          let told = advice.filled(["call": call, "stage": name])
          return (seal, place < movable ? wrongOrder(seal, index, told.why) : blocked(seal, call, told))
        }
        if place < movable, !kind(index).isSeal, !passed.contains(name) { passed.append(name) }
      }
      if passed.isEmpty { continue }
      container.warnings.append(
        "\(used[seal].name) stands above \(passed.joined(separator: ", ")): it works, since nothing is refused of what is called there"
      )
    }
    return nil
  }

  private func blocked(_ index: Int, _ call: String, _ advice: Advice) -> Failure {
    placed(index, Failure("refuses \(call)", why: advice.why, fix: advice.fix))
  }

  private func placed(_ index: Int, _ failure: Failure) -> Failure {
    var failure = failure
    (failure.stage, failure.location) = (used[index].name, used[index].location)
    return failure
  }

  /// Nobody gives what a line needs.
  private func lack(_ index: Int, _ facet: Facet, _ reason: String) -> Failure {
    let entry = used[index]
    let givers = all.filter { type(of: $0.stage).provides.contains(facet) }
    var names = givers.map { $0.name }
    if names.isEmpty { names = catalog.filter { $0.provides.contains(facet) }.map { $0.name } }
    let listed = names.isEmpty ? "'\(facet.name)'" : names.map { "'\($0)'" }.joined(separator: " or ")
    var failure = placed(index, Failure("needs \(listed) above it", why: reason))
    if let tried = givers.first(where: { $0.mode == .tried }) {
      failure.fix =
        "without '\(tried.name)' (\(tried.location)), which this host can't do, write 'off' or 'try' before both"
    } else if let off = givers.first {
      failure.fix = "switch '\(off.name)' on (\(off.location)), or '\(entry.name)' off"
    } else if names.isEmpty {
      failure.fix = "write a stage that gives it on a line above, or switch '\(entry.name)' off"
    } else {
      failure.fix = "write \(listed) on a line above, or switch '\(entry.name)' off"
    }
    failure.lacksStage = true
    return failure
  }

  private func exclusion(_ index: Int, _ other: Int, _ reason: String) -> Failure {
    let (entry, other) = (used[index], used[other])
    return placed(
      index,
      Failure(
        "can't be used beside '\(other.name)' (\(other.location))", why: reason,
        fix: "leave one of the two out: \(Self.removal(of: other)), or \(Self.removal(of: entry))"))
  }

  /// How a line is left out: of the file, or of the command line.
  private static func removal(of entry: Entry) -> String {
    entry.location.line == 0 ? "don't give \(entry.location)" : "--without \(entry.name)"
  }

  private func wrongOrder(_ index: Int, _ other: Int, _ reason: String) -> Failure {
    let (entry, other) = (used[index], used[other])
    var failure = Failure(
      "must stand below '\(other.name)' (\(other.location))", why: reason,
      fix: "move '\(entry.name)' from \(entry.location) to below \(other.location)")
    // An option has no line that could be moved: it was put above the first one that has to stand below it.
    if entry.location.line == 0 {
      let below = used[(index + 1)...].first { type(of: $0.stage).standsBelow(type(of: entry.stage)) }
      failure.fix =
        below.map {
          "move '\($0.name)' from \($0.location) to below \(other.location), or write '\(entry.name)' as a line"
        }
        ?? "write '\(entry.name)' as a line of the file, below \(other.location)"
    } else if other.location.line == 0 {
      failure.fix = "write '\(other.name)' as a line of the file, above \(entry.location), instead of \(other.location)"
    }
    return placed(index, failure)
  }
}

extension IsolationStage {
  /// Whether its line belongs below another stage's.
  static func standsBelow(_ other: any IsolationStage.Type) -> Bool {
    let given = other.provides
    if needs.contains(where: { given.contains($0.key) }) || follows.contains(where: { given.contains($0.key) }) {
      return true
    }
    return provides.contains { facet in other.precedes.contains { $0.key == facet } } || isSeal && !other.isSeal
  }
}
