import Foundation
import Testing

/// CONTRIBUTING describes the code of today.
struct DocumentationTests {
  /// The text below a heading, as far as the next heading.
  private func section(_ title: String, of file: String) throws -> String {
    let text = try Repository.text(file)
    let rest = try #require(
      text.components(separatedBy: "\n## \(title)\n").dropFirst().first, "\(file) has no '\(title)'")
    return try #require(rest.components(separatedBy: "\n## ").first)
  }

  /// The paths that a drawing shows: a folder's name stands below the one that it is in, two columns further right.
  private func drawn(_ text: String) -> Set<String> {
    var path: [(column: Int, name: String)] = []
    var all: Set<String> = []
    for line in text.split(separator: "\n") where line.hasPrefix("    ") {
      let column = line.prefix { $0 == " " }.count
      // What goes on from the line above stands below its text.
      if column > 12 { continue }
      path.removeAll { $0.column >= column }
      path.append((column, String(line.dropFirst(column).prefix { $0 != " " })))
      all.insert(path.map(\.name).joined(separator: "/"))
    }
    return all
  }

  @Test("CONTRIBUTING's drawing shows each folder of Sources, and no other") func rooms() throws {
    let files = try FileManager.default.subpathsOfDirectory(
      atPath: Repository.path("Sources"))
    let folders = Set(
      files.filter { $0.hasSuffix(".swift") || $0.hasSuffix(".c") }.flatMap { file in
        let names = file.split(separator: "/").dropLast()
        return names.indices.map { "Sources/" + names[...$0].joined(separator: "/") }
      })
    let shown = drawn(try section("The rooms", of: "CONTRIBUTING.md")).filter { $0.hasPrefix("Sources/") }
    for folder in folders.subtracting(shown).sorted() { Issue.record("CONTRIBUTING doesn't show \(folder)") }
    for folder in shown.subtracting(folders).sorted() {
      Issue.record("CONTRIBUTING shows \(folder), which isn't there")
    }
  }

  @Test(
    "links between the documents lead somewhere",
    arguments: ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/lessons.md", "docs/steps.md"])
  func links(file: String) throws {
    let text = try Repository.text(file)
    let directory = file.contains("/") ? "docs/" : ""
    for match in text.matches(of: /\]\(([^):]*)\)/) {
      let parts = match.1.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
      let target = parts[0].isEmpty ? file : (directory + parts[0]).replacingOccurrences(of: "docs/../", with: "")
      guard FileManager.default.fileExists(atPath: Repository.path(target)) else {
        Issue.record("\(file) leads to \(target), which isn't there")
        continue
      }
      guard parts.count > 1 else { continue }
      // A heading's anchor, as public forges make it.
      let anchors = try Repository.text(target).matches(of: /\n#+ (.*)/).map { heading in
        heading.1.lowercased().filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }
          .replacingOccurrences(of: " ", with: "-")
      }
      #expect(anchors.contains(parts[1]), "\(file) leads to \(target)#\(parts[1])")
    }
  }

  @Test("README's stage is the example's file") func stageOfReadme() throws {
    let stage = try Repository.text("Examples/CustomStage/Sources/CustomStage/Nice.swift")
    let shown = stage.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "    \($0)" }
    #expect(try Repository.text("README.md").contains(shown.joined(separator: "\n")))
  }

  /// Whether each line of a text begins a line of another, in the same order.
  private func grows(_ text: String, into whole: String) -> Bool {
    var rest = whole.split(separator: "\n", omittingEmptySubsequences: false)[...]
    for line in text.split(separator: "\n") {
      guard let found = rest.firstIndex(where: { $0.hasPrefix(line) }) else { return false }
      rest = rest[(found + 1)...]
    }
    return true
  }

  @Test("each step of the tutorial grows into the next, and the last is the example's file") func tutorial() throws {
    let catalog = "docs/Pipeline.docc"
    let page = try Repository.text("\(catalog)/Tutorials/A-Stage-in-Ten-Minutes.tutorial")
    let shown = page.matches(of: /@Code\(name: "Nice.swift", file: ([^)]*)\)/).map { String($0.1) }
    #expect(shown.count > 2 && shown.last == "Nice.swift")
    // scripts/docs takes the last one from the example.
    let texts = try shown.map { file in
      try Repository.text(
        file == "Nice.swift" ? "Examples/CustomStage/Sources/CustomStage/\(file)" : "\(catalog)/Resources/\(file)")
    }
    for (index, (text, next)) in zip(texts, texts.dropFirst()).enumerated() {
      #expect(grows(text, into: next), "\(shown[index]) isn't part of \(shown[index + 1])")
    }
    for match in page.matches(of: /file: ([^)]*)\)/) {
      let name = String(match.1)
      let places = ["\(catalog)/Resources/", "Examples/CustomStage/", "Examples/CustomStage/Sources/CustomStage/"]
      #expect(places.contains { FileManager.default.fileExists(atPath: Repository.path($0 + name)) }, "\(name)")
    }
  }

  @Test(".editorconfig agrees with swift format") func editors() throws {
    let editors = try Repository.text(".editorconfig")
    let format = try #require(
      JSONSerialization.jsonObject(with: Data(Repository.bytes(".swift-format"))) as? [String: Any])
    let indentation = try #require(format["indentation"] as? [String: Int])
    #expect(editors.contains("\n[*]\n"))
    #expect(editors.contains("\nmax_line_length = \(try #require(format["lineLength"] as? Int))\n"))
    #expect(editors.contains("\nindent_style = space\nindent_size = \(try #require(indentation["spaces"]))\n"))
  }

  @Test("a public forge runs .ci/run for a pull request, and asks in a bug for what one needs to know") func forge()
    throws
  {
    let workflow = try Repository.text(".github/workflows/ci.yml")
    #expect(workflow.contains("\n  pull_request:\n") && workflow.contains("run: .ci/run\n"))
    let bug = try Repository.text(".github/ISSUE_TEMPLATE/bug.yml")
    for asked in [
      "littlectr explain", "littlectr --version", "uname -r", "/etc/os-release", "inside another container",
    ] {
      #expect(bug.contains(asked), "\(asked)")
    }
    #expect(try Repository.text(".github/ISSUE_TEMPLATE/stage.yml").contains("without it"))
  }
}
