import Foundation
import Stages

@testable import Command
@testable import Pipeline

/// A file of Golden/: directives, a stages.conf, a line `----`, and what is expected.
///
/// `# host: NAME` in the first line says for which machine is planned. `# show: everything` adds what explain prints
/// before and after the steps.
struct Golden {
  let host: String
  let showsEverything: Bool
  let text: String
  let expected: String

  private static let directory = "Tests/StagesTests/Golden"
  static let separator = "\n----\n"

  static let names = Repository.files(directory, ".plan").map { String($0.dropFirst(directory.count + 1)) }

  static func path(_ name: String) -> String { "\(directory)/\(name)" }

  init(_ name: String) throws {
    let whole = try Repository.text(Self.path(name))
    let parts = whole.components(separatedBy: Self.separator)
    (text, expected) = (parts[0], parts.count > 1 ? parts[1] : "")
    let lines = text.split(separator: "\n")
    host = lines.first { $0.hasPrefix("# host: ") }.map { String($0.dropFirst(8)) } ?? ""
    showsEverything = lines.contains("# show: everything")
  }

  /// Plans the container, and tells it as explain does; or tells why it is refused.
  func planned() throws -> String {
    guard let host = FakeHost.named(host)?.host else { throw Failure("no machine is called '\(host)'") }
    do throws(Failure) {
      let file = ConfigurationFile(name: "stages.conf", bytes: Array(text.utf8))
      let configuration = try Configuration(file, catalog: StageCatalog(builtin), host: host)
      let container = CommandOptions().container([Array("/bin/sh".utf8)], configuration, host)
      let plan = try Plan(configuration.entries, container)
      let sections = ExplanationText(plan, configuration, Style(isOn: false)).text.components(separatedBy: "\n\n")
      let shown = sections.filter { !$0.hasPrefix("Configuration\n") }.filter { section in
        showsEverything || !["Stages, in order", "Shared with the host"].contains { section.hasPrefix($0) }
      }.joined(separator: "\n\n")
      // How long a filter is depends on which calls libseccomp knows, and the file's name on all that a filter does.
      let told = shown.replacing(/len=\d+, filter/, with: "len=<count>, filter")
        .replacing(/filter-[0-9a-f]{2}/, with: "filter-NN")
      return told.hasSuffix("\n") ? told : told + "\n"
    } catch {
      return error.text + "\n"
    }
  }
}
