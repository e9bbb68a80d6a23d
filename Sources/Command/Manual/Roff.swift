internal import Kernel
internal import Pipeline

/// A page of the manual while it is written: man(7).
struct Roff {
  private(set) var text: String
  /// A heading begins a paragraph by itself.
  private var isAtHeading = false
  private var paragraph: String { isAtHeading ? "" : ".PP\n" }

  /// - Parameter date: the day of the version, as `2026-11-24`.
  init(_ name: String, section: Int, date: String) {
    text = ".TH \(name) \(section) \(date) \"littlectr \(CommandLineTool.version)\"\n"
  }

  mutating func section(_ title: String) {
    text += ".SH \(title.uppercased())\n"
    isAtHeading = true
  }

  mutating func subsection(_ title: String) {
    text += ".SS \(Self.escaped(title))\n"
    isAtHeading = true
  }

  /// A paragraph; lines that begin with four blanks are shown as they are.
  mutating func paragraphs(_ lines: String) {
    var isExample = false
    for line in lines.fields("\n") {
      let shown = line.begins(with: "    ")
      if shown != isExample { text += shown ? paragraph + ".RS 4\n.nf\n" : ".fi\n.RE\n" }
      isExample = shown
      defer { isAtHeading = false }
      if shown {
        text += Self.escaped(line.dropping(4)) + "\n"
      } else if !line.isEmpty {
        text += paragraph + Self.escaped(line) + "\n"
      }
    }
    if isExample { text += ".fi\n.RE\n" }
  }

  /// A term in bold, and its explanation.
  mutating func entry(_ term: String, _ explanation: String) {
    text += ".TP\n.B \(Self.escaped(term))\n\(Self.escaped(explanation.isEmpty ? "See above." : explanation))\n"
  }

  mutating func option(_ option: OptionDescription, asKey: Bool) {
    let initial = option.defaultText.isEmpty ? "" : " (default: \(option.defaultText))"
    if asKey {
      let flag = option.flag.map { "; on the command line --\($0)" } ?? ""
      entry("\(option.key)=\(option.syntax)", option.help + initial + flag)
    } else {
      let letter = option.aliases.map { ", --\($0)" }.joined() + (option.letter.map { ", -\($0)" } ?? "")
      entry("--\(option.flag ?? option.key)" + (option.isSwitch ? "" : "=\(option.syntax)") + letter, option.help)
    }
  }

  mutating func advice(_ advice: Advice) {
    entry(advice.errno?.name ?? "refused", "\(advice.why). Remedy: \(advice.fix).")
  }

  /// Text in which no character means something to roff.
  private static func escaped(_ text: String) -> String {
    let text = text.replacingAll("\\", with: "\\e").replacingAll("-", with: "\\-").replacingAll("'", with: "\\(aq")
      .replacingAll("`", with: "\\(ga").replacingAll("^", with: "\\(ha").replacingAll("~", with: "\\(ti")
    return text.begins(with: ".") ? "\\&" + text : text
  }
}
