import Foundation

/// What `explain --json` prints, as far as tests ask.
struct Explanation: Decodable {
  struct Step: Decodable {
    let number: Int
    let phase: String
    let performedBy: String
    let stage: String?
    let calls: [String]
  }

  struct Stage: Decodable {
    let name: String
    let file: String
    let line: Int
    let mode: String
    let settings: [String: String]
  }

  let configuration: String
  let namespaces: [String]
  let stages: [Stage]
  let steps: [Step]
  let off: [Stage]
  let notes: [String]

  /// Asks a sandbox's littlectr.
  init(
    _ sandbox: Sandbox, _ options: [String] = [], _ command: [String] = [], through: [String] = [],
    input: Int32? = nil
  ) throws {
    let words = through + [sandbox.littlectr, "explain", "--json"] + options + ["--"] + command
    let seen = try sandbox.start(words, input: input).wait()
    guard seen.status == 0 else { throw Trouble("explain: \(seen)") }
    self = try JSONDecoder().decode(Explanation.self, from: Data(seen.output.utf8))
  }
}
