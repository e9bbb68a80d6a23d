import Foundation
import Stages
import Testing

@testable import Pipeline

/// The project's rules that a compiler doesn't know.
struct StructureTests {
  /// The code of a file: without comments and texts.
  private func code(_ text: String) -> [String] {
    var isText = false
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let marks = line.split(separator: "\"\"\"", omittingEmptySubsequences: false).count - 1
      defer { if marks % 2 == 1 { isText.toggle() } }
      if isText { return "" }
      let bare = line.replacing(/"([^"\\]|\\.)*"/, with: "")
      return String(bare.prefix(upTo: bare.firstRange(of: "//")?.lowerBound ?? bare.endIndex))
    }
  }

  private func matches(_ directory: String, _ pattern: some RegexComponent) throws -> [String] {
    let files = try Repository.swiftFiles(directory)
    #expect(!files.isEmpty, "\(directory) has no Swift files")
    return files.flatMap { file in
      code(file.text).enumerated().filter { $0.element.contains(pattern) }.map { "\(file.path):\($0.offset + 1)" }
    }
  }

  @Test func aStagesNameIsItsTypesInLowerCase() {
    for type in builtin { #expect(type.name == "\(type)".lowercased()) }
    #expect(Set(builtin.map { $0.name }).count == builtin.count)
    #expect(Set(builtin.map { $0.name }).isDisjoint(with: ["off", "try", "include"]))
  }

  @Test func everyStageIsDescribed() {
    for type in builtin {
      #expect(type.summary.hasSuffix("."), "\(type.name)")
      #expect(type.help.contains("\n"), "\(type.name) says more than its summary")
      #expect(type.help.contains("Without it"), "\(type.name) says what one sees without it")
    }
  }

  @Test func everyFacetIsGivenAndAskedForWithAReason() {
    let asked = builtin.flatMap { type in [type.needs, type.follows, type.precedes].flatMap { Array($0) } }
    for (facet, reason) in asked {
      #expect(builtin.contains { $0.provides.contains(facet) }, "nobody gives \(facet.name)")
      #expect(!reason.isEmpty && !reason.hasSuffix("."), "\(facet.name)")
    }
    for type in builtin {
      for facet in type.provides {
        #expect(asked.contains { $0.key == facet } || facet.onlyOnce != nil, "nobody asks for \(facet.name)")
        #expect(facet.name.utf8.count <= 15, "\(facet.name) is compared on each start")
      }
    }
  }

  @Test("no stage names another for its place") func namesNoStage() throws {
    #expect(try matches("Sources/Stages", /static let (requires|after|excludes)\b/) == [])
  }

  /// What stands between the kernel and the stages, on the way to exec.
  private static let inner = ["Sources/JSON", "Sources/Pipeline", "Sources/Seccomp", "Sources/Text"]

  @Test(arguments: inner + ["Sources/Kernel", "Sources/Stages"])
  func foundationIsNotOnTheWayToExec(directory: String) throws {
    #expect(try matches(directory, /import +(\w+ +)?Foundation/) == [])
  }

  /// 0.1 ms each.
  @Test(arguments: inner + ["Sources/Kernel", "Sources/Stages"])
  func noDynamicCastIsOnTheWayToExec(directory: String) throws {
    #expect(try matches(directory, /\bas[?!]/) == [])
  }

  @Test(arguments: inner + ["Sources/Stages", "Sources/Command", "Sources/littlectr", "Examples"])
  func unsafeIsWrittenOnlyInKernel(directory: String) throws {
    #expect(try matches(directory, /\bunsafe\b|@unchecked|nonisolated\(unsafe\)/) == [])
  }

  @Test(arguments: inner + ["Sources/Kernel", "Sources/Stages"])
  func nothingStartsAThread(directory: String) throws {
    #expect(try matches(directory, /\basync\b|\bawait\b|\bTask\b|pthread_create|Dispatch/) == [])
  }

  /// Swift compares texts by what they look like, and splits them between characters: of the kernel's names two would be one,
  /// and a ':' before a combining mark none. `fields`, `words`, `lines`, `begins`, `ends`, `isSame` and `bytes` go by bytes.
  @Test(arguments: inner + ["Sources/Stages", "Sources/Command"])
  func namesAreBytes(directory: String) throws {
    let byCharacter = try matches(
      directory, /\bhas(Prefix|Suffix)\(|split\(\s*(separator|maxSplits): [,)]|\.split \{ \$0\.is/)
    #expect(byCharacter == [], "splits or compares by characters")
    // `marked` alone may repair, for what stands above a mark.
    let repairs = try matches(directory, /String\(decoding:|String\(cString:|\.string\b(?!\()|\\\.string\b/)
    #expect(
      repairs.filter { !$0.contains("Harmless.swift") && !$0.contains("JSONValue.swift") } == [],
      "repairs what isn't UTF-8")
  }

  @Test func stagesSeeOnlyWhatIsPublic() throws {
    #expect(
      try matches(
        "Sources/Stages", /import +(enum |struct )?(JSON|Kernel|Seccomp|Text)\b|import +Glibc|@testable|package import/)
        == [])
  }

  /// One idea a file: 150 lines are a smell, 250 a stop.
  @Test func filesAreSmall() throws {
    let code = ["Tests", "Fuzz", "Examples"].flatMap { Repository.files($0, ".swift") }
    for path in Repository.files("Sources") + code {
      let lines = try Repository.bytes(path).count { $0 == UInt8(ascii: "\n") }
      #expect(lines <= 250, "\(path) has \(lines) lines, and 250 at the most; split it by what it does")
    }
  }
}
