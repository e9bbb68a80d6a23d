import SystemPackage

@testable import Pipeline

/// Plans a text's container on a machine.
func plan(_ text: String, _ machine: FakeHost = FakeHost(), _ command: [String] = ["/bin/true"]) throws(Failure) -> Plan
{
  var container = Container(command: command.map { Array($0.utf8) }, host: machine.host)
  container.catalog = samples.types
  return try Plan(try parse(text, machine).entries, container)
}

extension Plan {
  /// The phase's steps, as texts.
  func texts(_ phase: Phase) -> [String] { items.filter { $0.phase == phase }.map(\.step.text) }

  /// The index of the first step whose text begins so.
  func index(_ beginning: String) -> Int? { items.firstIndex { $0.step.text.hasPrefix(beginning) } }

  /// What a user reads when the step whose text begins so fails.
  func failure(_ beginning: String, _ errno: Errno, detail: [UInt8] = []) -> Failure? {
    index(beginning).map { Runner(self).explain(Runner.StepFailure(step: $0, errno: errno, detail: detail)) }
  }
}
