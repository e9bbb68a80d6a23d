import Foundation
import Testing

/// Texts are plain English, in the field's words.
struct WordingTests {
  /// Phrases that readers had to read twice, and what stands in their place.
  private static let dialect: KeyValuePairs = [
    "let go of": "drop, close or detach",
    "lets go of": "drops, closes or detaches",
    "letting go of": "dropping, closing or detaching",
    "takes root": "needs root",
    "takes subordinate": "needs subordinate ids",
    "which takes a ": "which needs a …",
    "takes a change here": "needs a change here",
    "and does nothing;": "without doing it",
    "as man(7) reads": "a manual page (roff)",
    "which command?": "no command given; for example: littlectr run bash",
    "bits do nothing": "gain no privileges",
    "devices in it do nothing": "gain no privileges",
    "set-user-ID programs do nothing": "gain no privileges",
    "there else": "there otherwise",
    "against who ": "against someone who …",
    "to who ": "to someone who …, to the process that …",
    "of who ": "of whoever …, of the process that …",
    "for who ": "for whoever …",
    "as who ": "as the owner, as the user who …",
    "no such id inside": "a container that doesn't map that user",
    "Says whose is what": "Records what a stage put at a path",
    "a witness who": "a reader",
    "dispensable": "excusable",
  ]

  @Test("no text has a phrase of the dialect") func plainWords() throws {
    let swift = try ["Sources", "Examples"].flatMap { try Repository.swiftFiles($0) }
    let others =
      ["stages.conf", "hardened.conf", "agent.conf", "README.md", "CONTRIBUTING.md", "SECURITY.md"]
      + ["docs/lessons.md", "Makefile", "setup", "Examples/CustomStage/stages.conf"]
    let files = try swift + others.map { (path: $0, text: try Repository.text($0)) }
    for file in files {
      for (number, line) in file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        // A remark that stands in golden plans, and a name of a parameter.
        if line.contains(".remark(\"let go of the old root\")") || line.contains("of who: ") { continue }
        for (phrase, better) in Self.dialect where line.localizedCaseInsensitiveContains(phrase) {
          Issue.record("\(file.path):\(number + 1): '\(phrase)'; better: \(better)")
        }
      }
    }
  }
}
