import Foundation
import Testing

/// The index of steps is made from the code, and is today's.
struct StepIndexTests {
  private static let path = "docs/steps.md"

  @Test("docs/steps.md is what the code's comments say") func isCurrent() throws {
    let text = StepIndex(try Repository.swiftFiles("Sources/Pipeline")).text
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      try text.write(toFile: Repository.path(Self.path), atomically: true, encoding: .utf8)
    }
    let written = try Repository.text(Self.path)
    let (wanted, found) = (text.split(separator: "\n"), written.split(separator: "\n"))
    let different = zip(wanted, found).first { $0 != $1 }.map { "\($0)\nand not\n\($1)" } ?? "its length differs"
    #expect(written == text, "write it anew with UPDATE_GOLDEN=1 swift test --filter StepIndexTests: \(different)")
  }

  @Test("every step of the index has a comment that ends, and a manual page") func everyStepIsDescribed() throws {
    for (path, text) in try Repository.swiftFiles("Sources/Pipeline/Steps") {
      for entry in StepIndex.entries(of: text) {
        #expect(entry.comment.hasSuffix("."), "\(path):\(entry.line): \(entry.signature)")
        if entry.isMaker {
          #expect(!entry.pages.isEmpty, "\(path):\(entry.line): \(entry.signature) names no manual page")
        }
      }
    }
  }

  @Test("the index leaves no public step out") func nothingIsLeftOut() throws {
    let files = try Repository.swiftFiles("Sources/Pipeline/Steps")
    let listed = files.flatMap { StepIndex.entries(of: $0.text) }.filter(\.isStatic).count
    // Counted in another way than the index reads them.
    let declared = files.map(\.text).map { text in
      text.matches(of: /public static func [^{]*?-> (\[Step\]|Step)\s+\{/).count
        + text.matches(of: /public static var \w+: (\[Step\]|Step)\s+\{/).count
    }.reduce(0, +)
    #expect(listed == declared && listed > 70)
  }
}
