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
      try Syscall.write(Array((text.ends(with: "\n") ? text : text + "\n").utf8), to: file)
    } catch {
      if error == .brokenPipe || file == .standardError { return }
      Console.error.write("littlectr: write(\(file.rawValue), …): \(error.name)")
      Syscall.exit(125)
    }
  }

  /// Whether to use color: on a terminal, unless NO_COLOR is set. See no-color.org.
  var style: Style {
    Style(
      isOn: ProcessContext.isTerminal(file) && (ProcessContext.variable("NO_COLOR") ?? []).isEmpty
        && ProcessContext.variable("TERM") != Array("dumb".utf8))
  }

  /// A failure's text.
  func render(_ failure: Failure) -> String {
    let style = style
    return failure.text.fields("\n").enumerated().map { index, line in
      if index == 0 { return style.bold(line) }
      if line.begins(with: "  why  ") || line.begins(with: "  fix  ") {
        return "  " + style.bold(line.begins(with: "  why") ? "why" : "fix") + line.dropping(5)
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
  for paragraph in text.fields("\n") {
    if paragraph.begins(with: "    ") {
      lines.append(margin + paragraph)
      continue
    }
    var line = ""
    for word in paragraph.words() {
      if !line.isEmpty, indent + line.count + 1 + word.count > width {
        lines.append(margin + line)
        line = word
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
