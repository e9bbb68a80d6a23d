import Testing

@testable import Pipeline

struct ExcerptTests {
  private func lines(_ text: String, _ column: Int, _ length: Int) -> [String] {
    Excerpt(text: text, column: column, length: length).lines.split(separator: "\n").map(String.init)
  }

  @Test func aShortLineIsWhole() {
    #expect(lines("uts hostnam=box", 5, 7) == ["    uts hostnam=box", "        ^^^^^^^"])
    #expect(lines("uts", 1, 3) == ["    uts", "    ^^^"])
    #expect(lines("uts ", 5, 1) == ["    uts ", "        ^"])
  }

  @Test func tabsStayTabs() { #expect(lines("a\tb", 3, 1) == ["    a\tb", "     \t^"]) }

  @Test func aLineOfAHundredIsWhole() {
    let text = String(repeating: "x", count: 100)
    #expect(lines(text, 100, 1)[0] == "    " + text)
  }

  @Test(arguments: [1, 20, 21, 22, 50, 150, 180, 199, 200])
  func aLongLineIsCutAroundTheMark(column: Int) {
    var text = Array(repeating: Character("x"), count: 200)
    text[column - 1] = "!"
    let lines = lines(String(text), column, 1)
    #expect(lines[0].count <= 4 + 100 + 2)
    #expect(lines[0].contains("…"))
    // The mark stands under the character that is meant.
    #expect(
      lines[0].firstIndex(of: "!").map { lines[0].distance(from: lines[0].startIndex, to: $0) }
        == lines[1].firstIndex(of: "^").map { lines[1].distance(from: lines[1].startIndex, to: $0) })
  }

  @Test func theMarkEndsWithTheLine() {
    let lines = lines(String(repeating: "x", count: 500), 10, 490)
    #expect(lines[1].last == "^")
    #expect(lines[1].count <= lines[0].count)
  }

  @Test func aColumnBehindTheEndIsHarmless() {
    #expect(lines("abc", 9, 3) == ["    abc", "       ^"])
    #expect(lines(String(repeating: "x", count: 300), 400, 3).count == 2)
  }
}
