internal import Kernel
internal import Pipeline

/// One of the two outputs, with color only where somebody looks at it.
struct Console: Sendable {
  static let output = Console(file: .standardOutput)
  static let error = Console(file: .standardError)

  let file: FileDescriptor

  /// Prints a text and a newline. A reader that has gone away is no failure of ours to report; a full disk is.
  func write(_ text: String) {
    do throws(Errno) {
      try Syscall.write(Array((text.hasSuffix("\n") ? text : text + "\n").utf8), to: file)
    } catch {
      if error == .brokenPipe || file == .standardError { return }
      Console.error.write("littlectr: write(\(file.rawValue), …): \(error.name)")
      Syscall.exit(125)
    }
  }

  /// Whether to use color: on a terminal, unless NO_COLOR is set. See no-color.org.
  var style: Style {
    Style(
      isOn: ProcessContext.isTerminal(file) && (ProcessContext.variable("NO_COLOR") ?? "").isEmpty
        && ProcessContext.variable("TERM") != "dumb")
  }

  /// A failure's text.
  func render(_ failure: Failure) -> String {
    let style = style
    return failure.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { index, line in
      let line = String(line)
      if index == 0 { return style.bold(line) }
      if line.hasPrefix("  why  ") || line.hasPrefix("  fix  ") {
        return "  " + style.bold(String(line.dropFirst(2).prefix(3))) + line.dropFirst(5)
      }
      return line.contains("^") ? style.red(line) : line
    }.joined(separator: "\n")
  }
}

/// Escape sequences of terminals, or none: ECMA-48, SGR.
struct Style: Sendable {
  let isOn: Bool

  func bold(_ text: String) -> String { sequence(1, text) }
  func dim(_ text: String) -> String { sequence(2, text) }
  func red(_ text: String) -> String { sequence(31, text) }

  private func sequence(_ code: Int, _ text: String) -> String { isOn ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text }
}

/// Breaks a text into lines of a width, at blanks; each line begins with the indent. Lines that begin with four blanks stay
/// as they are.
func wrapped(_ text: String, indent: Int, width: Int = 80) -> String {
  let margin = String(repeating: " ", count: indent)
  var lines: [String] = []
  for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
    if paragraph.hasPrefix("    ") {
      lines.append(margin + paragraph)
      continue
    }
    var line = ""
    for word in paragraph.split(separator: " ") {
      if !line.isEmpty, indent + line.count + 1 + word.count > width {
        lines.append(margin + line)
        line = String(word)
      } else {
        line += (line.isEmpty ? "" : " ") + word
      }
    }
    lines.append(line.isEmpty ? "" : margin + line)
  }
  return lines.joined(separator: "\n")
}

/// A text made as wide as a column.
func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}
