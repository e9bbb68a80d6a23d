import Stages
import Testing

@testable import Pipeline

/// A stage stands wherever people and programs look for it. Whoever adds one is told what is missing.
struct NewStageTests {
  /// The types below Sources/Stages that are stages, in the list or not yet.
  private static let types: [String] = {
    let files = (try? Repository.swiftFiles("Sources/Stages")) ?? []
    let declared = files.flatMap { $0.text.matches(of: /struct (\w+): IsolationStage/).map { String($0.1) } }
    return Set(declared + builtin.map { "\($0)" }).sorted()
  }()

  @Test("a stage stands in every place that tells of it", arguments: types)
  func eachStageStandsInEveryPlace(type: String) throws {
    for missing in try StagePlace.missing(StagePlace.Candidate(type: type)) {
      Issue.record("the stage \(type) is missing in \(missing)")
    }
  }

  @Test("a stage that is only a file is told each other place, and what to write there")
  func aStageThatIsNowhereIsToldEachPlace() throws {
    let missing = try StagePlace.missing(StagePlace.Candidate(type: "Example"))
    let places = StagePlace.all.map(\.path).filter { !$0.hasSuffix("WrongValueTests.swift") }
    #expect(missing.map { $0.prefix { $0 != ":" } } == places.map { $0[...] }, "it has no keys to try wrong values of")
    #expect(missing[1] == "Sources/Stages/Builtin.swift: add the line `  Example.self,` where stages.conf has its line")
    #expect(
      missing[5]
        == "README.md: add the row | `example` | what it gives | its keys | without it | to the table of stages")
  }

  @Test("the list of built-in stages has the stages of Sources/Stages, each once")
  func theListHasEachStageOnce() {
    #expect(builtin.map { "\($0)" }.sorted() == Self.types)
  }

  @Test("CONTRIBUTING names every place that a new stage touches")
  func contributingNamesEveryPlace() throws {
    let text = try Repository.text("CONTRIBUTING.md")
    let beginning = try #require(text.firstRange(of: "## A new stage\n"))
    let rest = text[beginning.upperBound...]
    let section = rest[..<(rest.firstRange(of: "\n## ")?.lowerBound ?? rest.endIndex)]
    for place in StagePlace.all {
      #expect(section.contains("`\(place.path)"), "\(place.path) is missing in \"A new stage\"")
    }
  }
}
