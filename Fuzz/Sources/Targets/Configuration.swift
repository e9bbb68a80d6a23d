import PipelineTesting
import Stages

@testable import Command
@testable import JSON
@testable import Pipeline

extension FuzzTarget {
  static let tool = CommandLineTool(stages: builtin)

  /// A stages.conf gives a plan that can be told, or a refusal with its place. What a line sets can be written again.
  ///
  /// The input may be a golden plan, of which the part before `----` counts.
  static let configuration = FuzzTarget(name: "configuration") { bytes in
    let text = halves(bytes).first
    // The machine's own files would be opened, devices too: `include` is a target of its own.
    if Array("include".utf8).isPart(of: text) { return }
    let host = FakeHost.named(by: text).host
    let file = ConfigurationFile(name: "stages.conf", bytes: text)
    let configuration = try accepted { () throws(Failure) in
      try Configuration(file, catalog: tool.catalog, host: host)
    }
    guard let configuration else { return }
    for entry in configuration.entries { try promiseSameAgain(entry.stage) }
    try promiseToPlan(configuration, host)
  }

  /// Plans a container, and tells of it.
  @discardableResult
  static func promiseToPlan(_ configuration: Configuration, _ host: Host) throws -> Plan? {
    let plan = try accepted { () throws(Failure) in
      try Plan(configuration.entries, CommandOptions().container([Array("/bin/sh".utf8)], configuration, host))
    }
    guard let plan else { return nil }
    for failure in plan.leftOut { try promise(readable: failure) }
    for item in plan.items {
      let words = [item.step.text, item.step.remark ?? ""] + item.step.undoing.map(\.text)
      for text in words { try promise(printable: text) }
    }
    try promise(!Explanation(plan, configuration).json.text().isEmpty, "no JSON")
    try promise(!ExplanationText(plan, configuration, Style(isOn: false)).text.isEmpty, "no explanation")
    return plan
  }

  /// What `explain` shows of a stage's options, written on a line, gives the same again.
  static func promiseSameAgain(_ stage: any IsolationStage) throws {
    let type = type(of: stage)
    for (option, setting) in zip(type.optionDescriptions, stage.settings)
    where !option.isOpen && !option.isRepeatable && !setting.value.isEmpty {
      var fresh = type.init()
      do throws(OptionError) {
        _ = try fresh.set(option.key, to: setting.value, ValueContext(directory: ""), given: [])
      } catch {
        throw BrokenPromise(description: "\(type.name).\(option.key)=\(setting.value) can't be read again: \(error)")
      }
      let again = fresh.settings.first { $0.key == setting.key }?.value ?? ""
      try promise(again == setting.value, "\(type.name).\(option.key): '\(setting.value)' comes back as '\(again)'")
    }
  }
}

extension [UInt8] {
  /// Whether these bytes stand somewhere in others.
  func isPart(of bytes: [UInt8]) -> Bool {
    bytes.count >= count && (0...(bytes.count - count)).contains { bytes[$0...].starts(with: self) }
  }
}
