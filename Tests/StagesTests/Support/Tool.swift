import Stages

@testable import Command
@testable import Pipeline

let tool = CommandLineTool(stages: builtin)

/// Reads a subcommand's arguments.
func arguments(_ command: any Subcommand.Type, _ words: [String]) throws(Failure) -> ArgumentParser {
  var parser = ArgumentParser(command, catalog: tool.catalog)
  try parser.read(words.map { Array($0.utf8) })
  return parser
}

extension ArgumentParser {
  /// The operands as text.
  var words: [String] { operands.map { String(decoding: $0, as: UTF8.self) } }
}

/// What a user reads of arguments that are wrong.
func complaint(_ command: any Subcommand.Type, _ words: String...) -> String {
  refusal { () throws(Failure) in try arguments(command, words) }?.text ?? "no error"
}
