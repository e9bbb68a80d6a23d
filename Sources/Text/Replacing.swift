extension String {
  /// The text with every occurrence of a pattern replaced.
  ///
  /// The standard library's `replacing` would do it, and bring its engine for regular expressions along: a quarter of
  /// the whole program.
  package func replacingAll(_ pattern: String, with replacement: String) -> String {
    let (text, pattern) = (Array(utf8), Array(pattern.utf8))
    var result: [UInt8] = []
    var index = 0
    while index < text.count {
      if text[index...].starts(with: pattern) {
        result += Array(replacement.utf8)
        index += pattern.count
      } else {
        result.append(text[index])
        index += 1
      }
    }
    return result.isEmpty ? "" : String(validating: result, as: UTF8.self) ?? shown(result)
  }
}
