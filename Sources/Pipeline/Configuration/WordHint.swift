/// What is meant by a word that a stage doesn't know, as far as the words around it tell.
struct WordHint {
  let word: Line.Word
  /// The word before it, in the same line.
  let previous: Line.Word?
  let line: Line
  let isIndented: Bool

  /// A remedy; nil if nothing is known beyond what the error itself says.
  func fix(for entry: Entry, _ catalog: StageCatalog) -> String? {
    var rest = line
    let follows = rest.skipToWord()
    if word.value == nil, follows, rest.bytes[rest.position] == UInt8(ascii: "=") {
      return "write \(word.name)=VALUE, with no blank beside the '='"
    }
    if word.value == "", word.end == word.valueStart, follows, !isAssignment(rest) {
      return "write \(word.name)=VALUE, with no blank beside the '='"
    }
    guard entry.option(word.name) == nil else { return nil }
    let parts = word.name.fields(":", most: 2)
    if parts.count > 1, let option = entry.option(parts[0]) {
      return "write \(option.key)=\(parts[1].isEmpty ? option.syntax : shortened(parts[1]))"
    }
    guard word.value == nil else { return nil }
    if previous == nil, !isIndented, ["off", "no", "disabled", "false"].contains(plain(word.name)) {
      return "write off \(entry.name)"
    }
    if previous == nil, !isIndented, ["on", "yes", "enabled", "true"].contains(plain(word.name)) {
      return "write \(entry.name) alone: it is on"
    }
    if catalog[name: word.name] != nil || ["off", "try", "include"].contains(word.name) {
      return isIndented
        ? "a stage begins at the left edge of its line; what is indented belongs to the stage above"
        : "write each stage on a line of its own"
    }
    guard let previous, let value = previous.value, entry.option(previous.name) != nil,
      suggestion(for: word.name, among: type(of: entry.stage).options.map(\.key)) == nil
    else { return nil }
    if value.isEmpty, previous.end == previous.valueStart {
      return "write \(previous.name)=\(shortened(word.name)), with no blank beside the '='"
    }
    return "if it belongs to the value, put that in quotes: \(previous.name)=\"\(shortened(value + " " + word.name))\""
  }

  /// Whether the line goes on with `KEY=`.
  private func isAssignment(_ rest: Line) -> Bool {
    rest.bytes[rest.position...].prefix { !Line.isBlank($0) }.contains(UInt8(ascii: "="))
  }
}
