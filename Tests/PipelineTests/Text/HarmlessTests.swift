import SystemPackage
import Testing

@testable import Pipeline

/// Foreign text speaks to no terminal, begins no line of its own, and turns no order round.
struct HarmlessTests {
  static let harmful: [UnicodeScalar] =
    (0..<0x20).map { UnicodeScalar($0) } + (0x7f..<0xa0).map { UnicodeScalar($0) } + [
      "\u{ad}", "\u{61c}", "\u{200b}", "\u{200c}", "\u{200d}", "\u{200e}", "\u{200f}", "\u{2028}", "\u{2029}",
      "\u{202a}",
      "\u{202b}", "\u{202c}", "\u{202d}", "\u{202e}", "\u{2060}", "\u{2066}", "\u{2067}", "\u{2068}", "\u{2069}",
      "\u{feff}", "\u{e0001}", "\u{e0041}", "\u{e007f}",
    ]

  private func holds(_ text: String, _ scalar: UnicodeScalar) -> Bool { text.unicodeScalars.contains(scalar) }

  @Test("a control character in foreign text is shown as an escape", arguments: harmful)
  func itIsShownAsAnEscape(scalar: UnicodeScalar) {
    let text = "a\(scalar)b"
    #expect(!holds(shown(text), scalar) && shown(text).hasPrefix("a\\") && shown(text).hasSuffix("b"))
    #expect(!holds(quoted(text), scalar))
    #expect(!holds(FilePath("/" + text).text, scalar) || scalar == "\0")
    if scalar != "\n", scalar != "\t" {
      #expect(!holds(Excerpt(text: text, column: 1, length: 1).lines, scalar))
      #expect(!holds(shownLines(text), scalar))
    }
    #expect(!holds(JSON.string(text).text(), scalar))
  }

  @Test("harmless characters of foreign text are shown as they are")
  func whatIsHarmlessStays() {
    for text in ["grün", "日本語", "👩🏽", "e\u{301}", "a b\\c", "نص", ""] {
      #expect(shown(text) == text && quoted(text) == "\"\(text.replacingAll("\\", with: "\\\\"))\"")
    }
    #expect(Excerpt(text: "👩‍👧 x", column: 1, length: 1).lines.contains("👩‍👧"))
  }

  @Test func escapesTellWhatItWas() {
    #expect(shown("a\nb\tc\rd\u{1b}\u{9b}\u{202e}") == #"a\nb\tc\rd\x1b\u{9b}\u{202e}"#)
    #expect(shown([0x61, 0xff, 0xc3, 0x28]) == #"a\xff\xc3("#)
    #expect(quoted([0x61, 0xff, 0x31, 0xe2, 0x80, 0xae, 0x7f, 0x38]) == #""a\3771\342\200\256\1778""#)
    #expect(quoted([0x1b, 0x31] as [UInt8]) == #""\0331""#)
    #expect(JSON.string("\u{e0041}").text() == #""\udb40\udc41""#)
  }

  @Test func aNameInAnErrorIsOneLineWhateverItIs() {
    let advice = Advice(.noSuchFileOrDirectory, why: "{path} isn't there, {who} says", fix: "make {path}: {none}")
    var failure = Failure(
      "openat(\n  fix  rm -rf /", advice.filled(["path": "a\n  fix  rm\u{1b}[2J {who}", "who": "\u{202e}bob"]))
    failure.location = Location(file: "a\nb.conf", line: 1)
    #expect(
      failure.text == #"""
        littlectr: a\nb.conf:1: openat(\n  fix  rm -rf /: ENOENT
          why  a\n  fix  rm\x1b[2J {who} isn't there, \u{202e}bob says
          fix  make a\n  fix  rm\x1b[2J {who}: {none}
        """#)
    #expect(Runner.note(failure).split(separator: "\n").count == 1)
  }

  @Test func whatAnImageNamesAsItsInterpreterIsOneLine() {
    let head = Array("#!/bin/\u{1b}[31m\u{202e}x\u{2028}y arg\n".utf8)
    #expect(Executable.script(head) == #"/bin/\x1b[31m\u{202e}x\u{2028}y"#)
    let finding = Executable.Finding.interpreterMissing(path: "/a", kind: "loader", interpreter: shown("/lib\nx"))
    #expect(Executable.Finding(finding.bytes) == finding)
  }
}
