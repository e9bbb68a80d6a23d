import Testing

@testable import Command

struct WrappedTests {
  @Test func linesAreBrokenAtBlanks() {
    #expect(wrapped("aa bb cc", indent: 0, width: 5) == "aa bb\ncc")
    #expect(wrapped("aa bb cc", indent: 2, width: 7) == "  aa bb\n  cc")
    #expect(wrapped("aa bb", indent: 0, width: 80) == "aa bb")
  }

  @Test func aLongWordStaysWhole() { #expect(wrapped("a bbbbbbbb c", indent: 1, width: 4) == " a\n bbbbbbbb\n c") }

  @Test func emptyLinesStayWithoutBlanks() {
    #expect(wrapped("a\n\nb", indent: 2) == "  a\n\n  b")
    #expect(wrapped("", indent: 4) == "")
  }

  @Test func noLineIsWiderThanTheWidth() {
    let words = (1...200).map { String(repeating: "x", count: $0 % 9 + 1) }.joined(separator: " ")
    for line in wrapped(words, indent: 6, width: 40).split(separator: "\n") { #expect(line.count <= 40) }
  }

  @Test("texts in columns are padded by their characters")
  func columnsAreFilled() {
    #expect(padded("ab", 4) == "ab  ")
    #expect(padded("abcde", 4) == "abcde")
    #expect(padded("ü", 2) == "ü ")
  }

  @Test func stylesAreOffOrOn() {
    #expect(Style(isOn: false).bold("x") == "x")
    #expect(Style(isOn: true).bold("x") == "\u{1b}[1mx\u{1b}[0m")
    #expect(Style(isOn: true).dim("x") == "\u{1b}[2mx\u{1b}[0m")
    #expect(Style(isOn: true).red("x") == "\u{1b}[31mx\u{1b}[0m")
  }
}
