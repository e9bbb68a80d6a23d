internal import Pipeline

/// A plan, told to a person.
struct ExplanationText {
  let explanation: Explanation
  let style: Style

  init(_ plan: Plan, _ configuration: Configuration, _ style: Style) {
    (explanation, self.style) = (Explanation(plan, configuration), style)
  }

  /// The width of the column of stages: the longest name's, which is `capabilities`.
  private static let column = 12

  private var plan: Plan { explanation.plan }

  var text: String {
    [file, stages, steps, undone, off, shared, notes].filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private func title(_ text: String) -> String { style.bold(text) + "\n" }

  private var file: String {
    let file = explanation.configuration.file
    return title("Configuration") + "  \(file.path.text): \(file.origin.reason)\n"
  }

  private var stages: String {
    title("Stages, in order (\(shown(explanation.configuration.name)))")
      + plan.entries.map { entry in
        let given = entry.stage.settings.map { key, value in
          key.isEmpty ? value : "\(key)=\(value.isEmpty ? "\"\"" : value)"
        }.filter { !$0.isEmpty }
        let tried = entry.mode == .tried ? "try " : ""
        let settings = ([entry.location.description] + given.map { shown($0) }).joined(separator: "  ")
        return "  \(style.bold(padded(tried + entry.name, Self.column))) \(type(of: entry.stage).summary)\n"
          + style.dim(padded("", 3 + Self.column) + settings) + "\n"
      }.joined()
  }

  private var steps: String {
    var text = title("Steps, in order")
    for phase in Phase.allCases {
      let items = plan.items.enumerated().filter { $0.element.phase == phase }
      if items.isEmpty { continue }
      text += "  \(phase.title)\n"
      for (index, item) in items { text += step(index, item) }
    }
    return text
  }

  private func step(_ index: Int, _ item: Plan.Item) -> String { step(index, item.step, of: item) }

  private func step(_ index: Int, _ step: Step, of item: Plan.Item) -> String {
    let stage = item.entry.map { plan.entries[$0].name } ?? "-"
    var lines = step.text.lines.map { shown($0) }
    if let remark = step.remark { lines[0] += "  " + style.dim("# \(shown(remark))") }
    let number = String(index + 1)
    return lines.enumerated().map { line, text in
      let margin = String(repeating: " ", count: 5 - min(4, number.count))
      return line == 0
        ? "\(margin)\(number)  \(padded(stage, Self.column)) \(text)\n" : padded("", 8 + Self.column) + text + "\n"
    }.joined()
  }

  private var undone: String {
    let undone = explanation.undone.map { step($0.index, $0.step, of: plan.items[$0.index]) }
    return undone.isEmpty ? "" : title("Undone after the end, last step first") + undone.joined()
  }

  private var off: String {
    let off = explanation.off.map {
      "  \(padded($0.name, Self.column)) \(type(of: $0.stage).summary)  \(style.dim($0.location.description))\n"
    }
    return off.isEmpty ? "" : title("Off") + off.joined()
  }

  private var shared: String {
    title("Shared with the host")
      + explanation.shared.map { "  \(padded($0.name, Self.column)) \(shown($0.what))\n" }.joined()
  }

  private var notes: String { explanation.notes.map { shown($0) + "\n" }.joined() }
}
