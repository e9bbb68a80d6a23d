import Stages

@testable import Pipeline

/// A place in the repository that tells of each built-in stage; CONTRIBUTING, "A new stage", names them all.
struct StagePlace {
  /// A stage, of which only the name of its type need exist.
  struct Candidate {
    let type: String
    var name: String { type.lowercased() }
    /// The keys of its options, where it is in the list.
    var keys: [String] { builtin.first { $0.name == name }?.optionDescriptions.map(\.key) ?? [] }
  }

  let path: String
  /// What is to be written there.
  let advice: @Sendable (Candidate) -> String
  let holds: @Sendable (Candidate) throws -> Bool

  /// Stages that stages.conf doesn't name, and why.
  static let unlisted: [String: String] = [:]

  /// What a stage lacks, each with the place.
  static func missing(_ stage: Candidate) throws -> [String] {
    try all.filter { try !$0.holds(stage) }.map { "\($0.path): \($0.advice(stage))" }
  }

  static let all = [
    StagePlace(
      path: "Sources/Stages",
      advice: { "put struct \($0.type) into SUBJECT/\($0.type).swift, a file of its own in the folder of its subject" },
      holds: { stage in
        let files = Repository.files("Sources/Stages", "/\(stage.type).swift")
        return try files.contains { file in
          let text = try Repository.text(file)
          return file.split(separator: "/").count >= 4 && text.contains("struct \(stage.type): IsolationStage")
        }
      }),
    StagePlace(
      path: "Sources/Stages/Builtin.swift",
      advice: { "add the line `  \($0.type).self,` where stages.conf has its line" },
      holds: { try Repository.text("Sources/Stages/Builtin.swift").contains("\n  \($0.type).self,\n") }),
    StagePlace(
      path: "stages.conf",
      advice: {
        "add the line `\($0.name)`, or `off \($0.name)` where it takes a choice, below a comment with `# Without it`; "
          + "or say in StagePlace.unlisted why it has none"
      },
      holds: { stage in
        let lines = try Repository.text("stages.conf").split(separator: "\n").map { $0.split(separator: " ") }
        let names = lines.map { $0.first == "off" || $0.first == "try" ? $0.dropFirst().first : $0.first }
        return names.contains { $0.map(String.init) == stage.name } || unlisted[stage.name] != nil
      }),
    StagePlace(
      path: "Tests/StagesTests/Golden",
      advice: { "add \($0.name)-WORDS.plan, as README.md there says, with each of its keys in one of them" },
      holds: { stage in Golden.names.contains { $0.hasPrefix("\(stage.name)-") } }),
    StagePlace(
      path: "Tests/StagesTests/Options/WrongValueTests.swift",
      advice: { "add \"\($0.name).KEY\" with wrong values for each of its keys" },
      holds: { stage in
        let text = try Repository.text("Tests/StagesTests/Options/WrongValueTests.swift")
        return stage.keys.allSatisfy { text.contains("\"\(stage.name).\($0)\"") }
      }),
    StagePlace(
      path: "Tests/EndToEndTests/Configuration/SentenceTests.swift",
      advice: { "add .on or .off(\"\($0.name)\", …), a command that tells whether a real container has it" },
      holds: { stage in
        let text = try Repository.text("Tests/EndToEndTests/Configuration/SentenceTests.swift")
        return text.contains("\"\(stage.name)\"")
      }),
    StagePlace(
      path: "README.md",
      advice: { "add the row | `\($0.name)` | what it gives | its keys | without it | to the table of stages" },
      holds: { try Repository.text("README.md").contains("\n| `\($0.name)` |") }),
    StagePlace(
      path: "CHANGELOG.md",
      advice: { "say under Added what `\($0.name)` is for" },
      holds: { stage in
        let text = try Repository.text("CHANGELOG.md")
        return text.contains("`\(stage.name)`") || text.contains("`\(stage.name) ")
      }),
  ]
}
