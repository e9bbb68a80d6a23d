/// What is meant by a word in a stage's place that names none.
struct StageHint {
  let word: Line.Word
  /// The line, read up to the end of the word.
  let line: Line
  /// Whether `off` or `try` stands before it.
  let isAfterMode: Bool
  /// Whether the line may be shown, and so what follows the word.
  let isShown: Bool

  private static let modes = ["off", "try", "include"]
  private static let negations = ["no", "not", "disable", "disabled", "without", "false"]
  private static let affirmations = ["on", "yes", "enable", "enabled", "with", "use", "true"]
  /// How comments of other files begin.
  private static let comments = ["//", ";", "--", "/*"]

  /// Whether a line that begins with no stage's name is one of a configuration all the same, so that it may be shown: it names
  /// stages, and nothing else of other files.
  static func isKnown(_ line: Line, _ catalog: StageCatalog) -> Bool {
    let words = line.bytes.split(whereSeparator: Line.isBlank).prefix(2).map { marked($0) }
    guard let first = words.first else { return false }
    if stages(in: first, catalog) != nil { return true }
    return (negations + affirmations).contains(plain(first)) && words.count > 1 && catalog[name: words[1]] != nil
  }

  /// Whether a line begins as comments do elsewhere.
  static func isComment(_ line: Line) -> Bool {
    let text = marked(line.bytes.prefix(2))
    return comments.contains { text.begins(with: $0) }
  }

  /// The stages that a word names beside other characters: `userns:`, `[uts]`, `uts,ipc`.
  private static func stages(in word: String, _ catalog: StageCatalog) -> [String]? {
    let isLetter: (UInt8) -> Bool = { (0x61...0x7a).contains($0 | 0x20) || $0 == UInt8(ascii: "_") }
    let names = word.utf8.split { !isLetter($0) }.map { String(Substring($0)) }
    return !names.isEmpty && names.allSatisfy({ catalog[name: $0] != nil }) ? names : nil
  }

  /// The error, with what to write instead.
  func failure(_ catalog: StageCatalog) -> Failure {
    let end = word.start + word.name.utf8.count
    let name = shortened(word.name)
    func refusal(_ what: String, _ fix: String) -> Failure { line.failure(what, word.start, end, fix: fix) }
    if isAfterMode, word.value == nil, word.name == "off" || word.name == "try" {
      return refusal("a line has either 'off' or 'try'", "leave one of the two out: what is off isn't tried")
    }
    if let value = word.value, catalog[name: word.name] != nil {
      let isOff = value == "off" || Self.negations.contains(value)
      let isOn = Self.affirmations.contains(value)
      return refusal(
        "unknown stage '\(name)' with a value; keys have values",
        isOff ? "write off \(name)" : isOn ? "write \(name)" : "write \(name) KEY=VALUE")
    }
    if Self.comments.contains(where: { word.name.begins(with: $0) }) {
      return refusal("unknown stage '\(name)'", "a comment begins with #")
    }
    if !isAfterMode, word.value == nil {
      if let mode = Self.modes.first(where: { $0 == plain(word.name) }) {
        return refusal(
          "unknown stage '\(name)'; did you mean '\(mode)'?", "write \(mode) \(rest ?? "STAGE"), in small letters")
      }
      if Self.negations.contains(plain(word.name)) {
        return refusal("unknown stage '\(name)'; did you mean 'off'?", "write off \(rest ?? "STAGE")")
      }
      if Self.affirmations.contains(plain(word.name)) {
        return refusal(
          "unknown stage '\(name)'", "write \(rest ?? "STAGE"): what has no 'off' before it is on")
      }
    }
    if word.value == nil, let names = Self.stages(in: word.name, catalog) {
      return refusal(
        "unknown stage '\(name)'; did you mean \(names.map { "'\($0)'" }.joined(separator: ", "))?",
        names.count > 1
          ? "write each stage on a line of its own" : "write \(names[0]) alone, and its keys as KEY=VALUE")
    }
    var (hint, fix) = catalog.answer(to: word.name, among: Self.modes)
    // The key of a stage, with the value that stands beside it.
    if isShown, fix.begins(with: "write "), let value = word.value ?? value,
      let equals = fix.fields(";")[0].fields("=", most: 2).first
    {
      fix = "\(equals)=\(value.utf8.contains(where: Line.isBlank) ? "\"\(shortened(value))\"" : shortened(value))"
    }
    return refusal("unknown stage '\(name)'" + hint, fix)
  }

  /// The next word of the line, as it stands there; nil where it is no name.
  private var rest: String? {
    var line = line
    guard line.skipToWord() else { return nil }
    let word = line.bytes[line.position...].prefix { !Line.isBlank($0) }
    return word.allSatisfy { (0x61...0x7a).contains($0 | 0x20) } ? marked(word) : nil
  }

  /// What stands after `=` with blanks around it: `hostname = x`.
  private var value: String? {
    var line = line
    guard line.skipToWord() else { return nil }
    var rest = line.bytes[line.position...]
    if rest.first == UInt8(ascii: "=") { rest = rest.dropFirst().drop(while: Line.isBlank) }
    let word = rest.prefix { !Line.isBlank($0) && $0 != UInt8(ascii: "\"") }
    return word.isEmpty || rest.first == UInt8(ascii: "\"") ? nil : marked(word)
  }
}
