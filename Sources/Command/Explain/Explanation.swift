internal import Pipeline

/// What is told of a plan beside its steps, and the whole for programs: what `explain --json` prints.
struct Explanation {
  let plan: Plan
  let configuration: Configuration

  init(_ plan: Plan, _ configuration: Configuration) { (self.plan, self.configuration) = (plan, configuration) }

  /// What container and host have in common: the namespaces that aren't made, and what no stage takes away.
  var shared: [SharedThing] {
    Namespaces.kinds.filter { !plan.container.namespaces.contains($0.namespace) }
      .map { SharedThing($0.name, $0.shares) } + plan.container.shared
  }

  /// What takes the parent's steps back once the container has ended, last first, with the step that it belongs to.
  var undone: [(index: Int, step: Step)] {
    plan.items.enumerated().reversed().filter { !$0.element.phase.runsInChild }.flatMap { index, item in
      item.step.undoing.reversed().map { (index, $0) }
    }
  }

  /// The lines that are off, of stages that no other line uses.
  var off: [Entry] {
    configuration.entries.filter { entry in entry.mode == .off && !plan.entries.contains { $0.name == entry.name } }
  }

  /// What a user should know.
  var notes: [String] {
    plan.leftOut.map { Runner.note($0) } + plan.container.warnings.map { "warning: \($0)" }
      + plan.container.notes.map { "note: \($0)" }
  }

  /// The whole as one object.
  var json: JSON {
    [
      "configuration": .string(configuration.file.path.text), "reason": .string(configuration.file.origin.reason),
      "namespaces": JSON(
        Namespaces.kinds.filter { plan.container.namespaces.contains($0.namespace) }.map(\.name)),
      "stages": .array(plan.entries.map(Self.stage)),
      "steps": .array(plan.items.indices.map(step)),
      "undone": .array(undone.map(undone)),
      "off": .array(off.map(Self.stage)),
      "shared": .array(shared.map { ["name": .string($0.name), "what": .string($0.what)] }),
      "notes": JSON(notes),
    ]
  }

  private func step(_ index: Int) -> JSON {
    let item = plan.items[index]
    return [
      "number": .number(index + 1), "phase": .string(item.phase.word),
      "performedBy": .string(item.phase.runsInChild ? "child" : "parent"),
      "stage": JSON(item.entry.map { plan.entries[$0].name }),
      "calls": JSON(item.step.text.lines), "remark": JSON(item.step.remark),
    ]
  }

  private func undone(_ index: Int, _ step: Step) -> JSON {
    [
      "number": .number(index + 1), "stage": JSON(plan.items[index].entry.map { plan.entries[$0].name }),
      "calls": JSON(step.text.lines), "remark": JSON(step.remark),
    ]
  }

  private static func stage(_ entry: Entry) -> JSON {
    [
      "name": .string(entry.name), "summary": .string(type(of: entry.stage).summary),
      "file": .string(entry.location.file), "line": .number(entry.location.line),
      "mode": .string(entry.mode == .on ? "on" : entry.mode == .tried ? "try" : "off"),
      "settings": .object(entry.stage.settings.map { ($0.key, .string($0.value)) }),
    ]
  }
}
