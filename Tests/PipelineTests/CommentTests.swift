import Testing

@testable import Pipeline

struct CommentTests {
  @Test(arguments: ["# a comment", "   # indented", "\t#", "", "   ", "\t \t", "#"])
  func linesWithoutAWordAreSkipped(line: String) throws {
    #expect(try parse(line + "\nplain\n" + line).entries.map(\.name) == ["plain"])
  }

  @Test func aCommentBeginsAfterABlank() throws {
    #expect(try sample("sample text=a # text=b").text == "a")
    #expect(try sample("sample text=a\t#text=b").text == "a")
    #expect(try parse("plain # comment").entries.count == 1)
  }

  @Test func aHashInsideAWordIsNoComment() throws {
    #expect(try sample("sample text=a#b").text == "a#b")
    #expect(try sample("sample text=#b").text == "#b")
    #expect(try sample(#"sample text="a #b""#).text == "a #b")
  }

  @Test func aHashInsideANameIsPartOfIt() {
    #expect(complaint("plain#x").hasPrefix("stages.conf:1:1: unknown stage 'plain#x'"))
  }

  @Test func aStageMissingBecauseOfACommentIsRefused() {
    #expect(complaint("off # plain").hasPrefix("stages.conf:1:1: a stage is missing"))
  }

  @Test func anEmptyTextHasNoStages() throws {
    #expect(try parse("").entries.isEmpty)
    #expect(try parse("# only\n# comments").entries.isEmpty)
  }
}
