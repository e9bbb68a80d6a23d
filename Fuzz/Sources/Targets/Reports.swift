import PipelineTesting
import Stages

@testable import Command
@testable import Pipeline

extension FuzzTarget {
  /// A message from the child: it is none, or can be sent again, and what it tells of a step can be read.
  static let reports = FuzzTarget(name: "reports") { bytes in
    guard let report = Report(bytes) else { return }
    try promise(Report(report.bytes) == report || bytes.count > 4009, "\(report) comes back otherwise")
    guard let plan = builtinPlan, case .failed(let failure)? = Runner(plan).outcome(report) else { return }
    try promise(readable: Runner(plan).explain(failure))
  }

  /// The first bytes of a file that can't be executed, and what the child finds there.
  static let executables = FuzzTarget(name: "executables") { bytes in
    if let header = ElfHeader(bytes) {
      try promise(!ElfHeader.name(header.machine).isEmpty, "a machine without a name")
    }
    if let program = Executable.script(bytes) {
      try promise(!program.isEmpty && !program.utf8.contains(0), "'\(program)' is no program")
    }
    let finding = Executable.Finding(bytes)
    let again = Executable.Finding(finding.bytes)
    // A longer text is cut, and each byte that is escaped becomes four.
    try promise(again == finding || bytes.count > 250, "\(finding) comes back as \(again)")
    guard let plan = builtinPlan else { return }
    let last = plan.items.count - 1
    for errno in Executable.explained {
      let failure = Runner(plan).explain(Runner.StepFailure(step: last, errno: errno, detail: bytes))
      try promise(readable: failure)
      try promise(failure.status == 126 || failure.status == 127, "status \(failure.status)")
    }
  }

  /// The plan of the shipped stages.conf.
  private static let builtinPlan: Plan? = {
    let host = FakeHost.usual.host
    let file = ConfigurationFile(name: "stages.conf", bytes: tool.defaultConfiguration)
    guard let configuration = try? Configuration(file, catalog: tool.catalog, host: host) else { return nil }
    return try? Plan(configuration.entries, CommandOptions().container([Array("sh".utf8)], configuration, host))
  }()
}
