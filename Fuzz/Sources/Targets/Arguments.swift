import PipelineTesting
import Stages

@testable import Command
@testable import Pipeline

extension FuzzTarget {
  /// Words, one a line, of which the first is a subcommand: they are read, applied to the built-in stages.conf and planned,
  /// or refused in a readable way.
  static let arguments = FuzzTarget(name: "arguments") { bytes in
    if bytes.contains(0) { return }
    let words = bytes.split(separator: 0x0a, omittingEmptySubsequences: false).map { Array($0) }
    guard let command = CommandLineTool.subcommands.first(where: { words[0] == Array($0.name.utf8) }) else { return }
    let parser = try accepted(isPlaced: false) { () throws(Failure) in
      var parser = ArgumentParser(command, catalog: tool.catalog)
      try parser.read(Array(words.dropFirst()))
      return parser
    }
    guard let parser, !parser.wantsHelp, command.takesCommand else { return }
    let operands = parser.operands.joined().count
    try promise(operands <= bytes.count, "\(operands) bytes of operands from \(bytes.count)")
    let host = FakeHost.usual.host
    let configured = try accepted(isPlaced: false) { () throws(Failure) in
      var configuration = try Configuration(
        ConfigurationFile(name: "stages.conf", bytes: tool.defaultConfiguration), catalog: tool.catalog, host: host)
      try parser.options.change(&configuration)
      return configuration
    }
    guard let configured else { return }
    for entry in configured.entries { try promiseSameAgain(entry.stage) }
    guard let plan = try promiseToPlan(configured, host), let option = parser.options.fault else { return }
    let fault = try accepted(isPlaced: false) { () throws(Failure) in try option.fault(in: plan) }
    switch fault {
    case .failing(let step, _), .killing(let step):
      try promise(plan.items.indices.contains(step), "a fault in step \(step) of \(plan.items.count)")
    case nil: break
    }
  }
}
