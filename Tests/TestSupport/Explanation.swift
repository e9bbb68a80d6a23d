import Foundation

/// What `explain --json` prints, as far as tests ask.
package struct Explanation: Decodable {
  package struct Step: Decodable {
    package let number: Int
    package let phase: String
    package let performedBy: String
    package let stage: String?
    package let calls: [String]
  }

  package struct Stage: Decodable {
    package let name: String
    package let file: String
    package let line: Int
    package let mode: String
    package let settings: [String: String]
  }

  package let configuration: String
  package let namespaces: [String]
  package let stages: [Stage]
  package let steps: [Step]
  package let off: [Stage]
  package let notes: [String]

  /// Asks a sandbox's littlectr.
  package init(
    _ sandbox: Sandbox, _ options: [String] = [], _ command: [String] = [], through: [String] = [],
    input: Int32? = nil
  ) throws {
    let words = through + [sandbox.littlectr, "explain", "--json"] + options + ["--"] + command
    let seen = try sandbox.start(words, input: input).wait()
    guard seen.status == 0 else { throw Trouble("explain: \(seen)") }
    self = try JSONDecoder().decode(Explanation.self, from: Data(seen.output.utf8))
  }
}
