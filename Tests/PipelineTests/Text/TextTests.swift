import SystemPackage
import Testing

@testable import Pipeline

struct TextTests {
  @Test(
    "every occurrence of a text is replaced",
    arguments: [
      ("a-b-c", "-", "+", "a+b+c"), ("aaa", "aa", "b", "ba"), ("abc", "x", "y", "abc"), ("", "a", "b", ""),
      ("{a}{a}", "{a}", "{a}{a}", "{a}{a}{a}{a}"), ("grün", "ü", "ue", "gruen"), ("abc", "abc", "", ""),
      ("ab", "abc", "x", "ab"), ("xab", "ab", "y", "xy"),
    ] as [(String, String, String, String)])
  func everyOccurrenceIsReplaced(text: String, pattern: String, replacement: String, result: String) {
    #expect(text.replacingAll(pattern, with: replacement) == result)
  }

  @Test(arguments: [
    ("", #""""#), ("a b", #""a b""#), ("a\"b", #""a\"b""#), (#"a\b"#, #""a\\b""#), ("a\nb\t", #""a\nb\t""#),
    ("\u{1b}[", #""\33[""#), ("\u{7f}", #""\177""#), ("ü", #""ü""#),
    ("\u{9b}5\u{80}", #""\302\2335\302\200""#), ("\u{a0}", "\"\u{a0}\""),
  ])
  func textsAreQuotedAsStraceDoes(text: String, quotation: String) { #expect(quoted(text) == quotation) }

  @Test func pathsAndBytesAreQuoted() {
    #expect(quoted(FilePath("/a b")) == #""/a b""#)
    #expect(quoted([UInt8](arrayLiteral: 0x61, 0x00)) == #""a\0""#)
  }

  @Test func longTextsAreCut() {
    #expect(shortened("short") == "short")
    #expect(shortened(String(repeating: "x", count: 80)).count == 80)
    #expect(shortened(String(repeating: "x", count: 81)) == String(repeating: "x", count: 60) + "…")
  }

  @Test func adviceIsFilled() {
    let advice = Advice(.noSpace, why: "{a} and {a} and {b}", fix: "{b}")
    let filled = advice.filled(["a": "1", "b": "{c}"])
    #expect(filled == Advice(.noSpace, why: "1 and 1 and {c}", fix: "{c}"))
  }

  @Test func handlesArePrintedByName() {
    let handle = Handle("root")
    #expect("\(handle)" == "<root>")
    #expect(handle.descriptor.rawValue == -1)
    handle.fill(FileDescriptor(rawValue: 7))
    #expect(handle.descriptor.rawValue == 7)
    #expect("\(ChildID())" == "<child>")
    #expect(ChildID().processID == -1)
  }
}
