import Foundation

/// docs/steps.md, made from the comments of the code: what a stage may list.
struct StepIndex {
  /// A public declaration that makes a step, or changes one.
  struct Entry {
    /// The type that it belongs to: `Step` for the factories.
    let type: String
    /// What it is called, with its parameters.
    let signature: String
    /// What it makes.
    let result: String
    /// The first paragraph of its comment.
    let comment: String
    let line: Int

    var isStatic = false
    /// The manual pages that the comment names.
    var pages: [String] { comment.matches(of: /\b[a-z_][a-z0-9_]*\([1-9]\)/).map { String($0.output) } }
    /// Whether it makes steps that a stage may list.
    var isMaker: Bool { type != "Step" || isStatic && !signature.contains("[Step]") }
    /// Whether it changes steps that are there.
    var isModifier: Bool { type == "Step" && !isMaker && (result == "Step" || isStatic) }
  }

  let files: [(path: String, text: String)]

  init(_ files: [(path: String, text: String)]) { self.files = files }

  /// The entries of a file, in its order.
  static func entries(of text: String) -> [Entry] {
    var (entries, comment, type) = ([Entry](), [String](), "")
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for (number, line) in lines.enumerated() {
      if let found = line.firstMatch(of: /^(?:public )?(?:extension|(?:final )?class|struct|enum|protocol) (\w+)/) {
        type = String(found.1)
      }
      let bare = line.trimmingCharacters(in: .whitespaces)
      if bare.hasPrefix("///") {
        comment.append(String(bare.dropFirst(3)).trimmingCharacters(in: .whitespaces))
        continue
      }
      if bare.hasPrefix("@") { continue }
      defer { comment = [] }
      guard line.hasPrefix("  public "), line.contains(/^  public (?:static |consuming )*(?:func|var|let)\b/) else {
        continue
      }
      // The declaration may go on for some lines, as far as its body.
      var declaration = bare
      for next in lines[(number + 1)...] where !declaration.contains(" {") {
        declaration += " " + next.trimmingCharacters(in: .whitespaces)
      }
      let head = declaration.components(separatedBy: " {")[0].replacing("( ", with: "(").replacing(" )", with: ")")
      guard
        let found = head.firstMatch(of: /func (.*\))(?: throws\(\w+\))? -> (\[Step\]|Step)$/)
          ?? head.firstMatch(of: /var (\w+): (\[Step\]|Step)$/)
      else { continue }
      entries.append(
        Entry(
          type: type, signature: String(found.1).replacing(#/@\w+ /#, with: ""), result: String(found.2),
          comment: comment.prefix { !$0.isEmpty }.joined(separator: " "), line: number + 1,
          isStatic: head.contains("static ")))
    }
    return entries
  }

  /// A file's subject: `Step+FileModeMask.swift` is "File mode mask".
  static func subject(_ path: String) -> String {
    let name = (path as NSString).lastPathComponent.replacing(".swift", with: "").replacing("Step+", with: "")
    let words = name.replacing(/([a-z])([A-Z])/) { "\($0.1) \($0.2.lowercased())" }
    return words
  }

  /// Types whose functions aren't for authors of stages: what they return is asked for by the plan.
  private static let others = ["IsolationStage", "Plan", "Runner", "Entry"]

  /// The page.
  var text: String {
    var page = """
      # Steps

      What a stage may list, by subject: made from the comments of the code by `UPDATE_GOLDEN=1 swift test --filter StepIndexTests`.
      A step is one kernel call, or a few that belong together. Its manual page says what the call does, and which errors it has;
      `littlectr explain` prints each step as strace would.

      A `Handle` stands for a descriptor: one step fills it, later ones use it. A step that isn't here is made with
      `Step("the call as strace prints it") { () throws(Errno) in … }`, as `Examples/CustomStage` does.

      """
    var (modifiers, subjects) = ("", "")
    for (path, text) in files {
      let entries = Self.entries(of: text).filter { !Self.others.contains($0.type) }
      let makers = entries.filter(\.isMaker)
      for entry in entries where entry.isModifier { modifiers += Self.row(entry) }
      if makers.isEmpty { continue }
      subjects += "\n## \(Self.subject(path))\n\n\(Self.head("step"))"
      subjects += makers.map(Self.row).joined()
    }
    page += subjects
    page += "\n## What a step may have\n\nEach of these returns the step with something added.\n\n"
    return page + Self.head("added to a step") + modifiers
  }

  private static func head(_ title: String) -> String {
    "| \(title) | what it does | manual page |\n| --- | --- | --- |\n"
  }

  private static func row(_ entry: Entry) -> String {
    let owner = entry.type != "Step" ? "\(entry.type)." : entry.isModifier && entry.isStatic ? "Step." : "."
    let many = entry.result == "[Step]" ? " → [Step]" : ""
    // The manual pages have a column of their own.
    let comment = entry.comment.replacing(/: (?:[a-z_][a-z0-9_]*\([1-9]\)(?:, | and )?)+\.$/, with: ".")
    return
      "| `\(owner)\(entry.signature)\(many)` | \(comment.replacing("|", with: "\\|")) | \(entry.pages.joined(separator: ", ")) |\n"
  }
}
