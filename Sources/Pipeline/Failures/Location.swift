/// Where a line of the configuration stands: a file and a line, or an option of the command line.
public struct Location: Sendable, Hashable, CustomStringConvertible {
  /// The file's name as the user gave it, or the option's text.
  public var file: String
  /// The line, from 1; 0 for an option of the command line.
  public var line: Int

  /// A place.
  public init(file: String, line: Int = 0) { (self.file, self.line) = (file, line) }

  /// As compilers print it: `stages.conf:12`.
  public var description: String { line == 0 ? shown(file) : "\(shown(file)):\(line)" }
}

/// A piece of a line to be shown under an error, with a mark under the part that is meant.
public struct Excerpt: Sendable, Equatable {
  /// The whole line, without its end.
  public var text: String
  /// Where the marked part begins, in characters from 1.
  public var column: Int
  /// The length of the marked part, in characters.
  public var length: Int
  /// Whether only the place is told: the text may be a secret.
  var isHidden = false

  /// An excerpt.
  public init(text: String, column: Int, length: Int) {
    (self.text, self.column, self.length) = (text, column, length)
  }

  /// The two lines to print. A long line is cut around the mark.
  var lines: String {
    // A character may hold any number of combining ones. The joiner of an emoji is left, and tabs for the mark's sake.
    let characters = text.map { character in
      var shown = String.UnicodeScalarView()
      for scalar in character.unicodeScalars.prefix(8) {
        let isJoiner = scalar == "\u{200d}" && shown.last.map { $0.properties.isEmoji && !$0.isASCII } == true
        shown.append(scalar.isHarmless || scalar == "\t" || isJoiner ? scalar : "\u{fffd}")
      }
      return String(shown)
    }
    let window = 100
    let start = characters.count <= window ? 0 : max(0, min(column - 1 - 20, characters.count - window))
    let end = min(characters.count, start + window)
    let shown = (start > 0 ? "…" : "") + characters[start..<end].joined() + (end < characters.count ? "…" : "")
    // Tabs are kept in the second line too, so that the mark stands right whatever their width.
    let before = characters[start..<max(start, min(column - 1, end))].map { $0 == "\t" ? "\t" : " " }.joined()
    let mark = String(repeating: "^", count: max(1, min(length, end - min(column - 1, end))))
    return "    \(shown)\n    \(start > 0 ? " " : "")\(before)\(mark)"
  }
}
