internal import FoundationEssentials
internal import Pipeline

/// A plan, told to programs: what `explain --json` prints.
struct Explanation: Encodable {
  struct Stage: Encodable {
    let name: String
    let summary: String
    let file: String
    let line: Int
    let mode: String
    let settings: [String: String]
  }

  struct Step: Encodable {
    let number: Int
    let phase: String
    let performedBy: String
    /// Absent for what littlectr itself does.
    let stage: String?
    let calls: [String]
    let remark: String?
  }

  struct Shared: Encodable {
    let name: String
    let what: String
  }

  let configuration: String
  let namespaces: [String]
  let stages: [Stage]
  let steps: [Step]
  let off: [Stage]
  let shared: [Shared]
  let warnings: [String]

  init(_ plan: Plan, _ configuration: Configuration) {
    self.configuration = configuration.name
    namespaces = Namespaces.kinds.filter { plan.container.namespaces.contains($0.namespace) }.map(\.name)
    stages = plan.entries.map(Self.stage)
    steps = plan.items.enumerated().map { index, item in
      Step(
        number: index + 1, phase: item.phase.word, performedBy: item.phase.isChilds ? "child" : "parent",
        stage: item.entry.map { plan.entries[$0].name },
        calls: item.step.text.split(separator: "\n").map(String.init), remark: item.step.remark)
    }
    off = configuration.entries.filter { entry in
      entry.mode == .off && !plan.entries.contains { $0.name == entry.name }
    }.map(Self.stage)
    shared = Self.shared(plan)
    warnings = plan.leftOut.map { Runner.note($0) } + plan.container.warnings
  }

  /// What the container and the host have in common: the namespaces that aren't made, and what no stage takes away.
  static func shared(_ plan: Plan) -> [Shared] {
    let namespaces = Namespaces.kinds.filter { !plan.container.namespaces.contains($0.namespace) }
    return namespaces.map { Shared(name: $0.name, what: $0.shares) }
      + plan.container.shared.map { Shared(name: $0.name, what: $0.what) }
  }

  private static func stage(_ entry: Entry) -> Stage {
    let mode = entry.mode == .on ? "on" : entry.mode == .tried ? "try" : "off"
    return Stage(
      name: entry.name, summary: type(of: entry.stage).summary, file: entry.location.file, line: entry.location.line,
      mode: mode, settings: Dictionary(entry.stage.settings.map { ($0.key, $0.value) }) { $1 })
  }

  /// The whole as one object, with its keys in order.
  var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else { preconditionFailure("an explanation holds only texts and numbers") }
    return String(decoding: data, as: UTF8.self)
  }
}
