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
    #expect(complaint("plain#x").hasPrefix("littlectr: stages.conf:1:1: unknown stage 'plain#x'"))
  }

  @Test func aStageMissingBecauseOfACommentIsRefused() {
    #expect(complaint("off # plain").hasPrefix("littlectr: stages.conf:1:1: a stage is missing"))
  }

  /// What is cut off on a full disk is empty: then the command would run on the host itself.
  @Test(arguments: ["", "\n\n", "# only\n# comments", " \t", "\u{feff}"]) func aTextWithoutStagesIsRefused(text: String)
  {
    let failure = refusal { () throws(Failure) in try parse(text).checkThatItNamesStages() }
    #expect(
      failure?.text == """
        littlectr: stages.conf: the configuration can't be used
          why  stages.conf names no stage: it is empty, or cut off
          fix  copy it again; a line for each stage that isn't wanted, with 'off' before it, runs the command without any
        """)
  }

  @Test func oneWhoseStagesAreOffIsTaken() throws { try parse("off plain\noff sample").checkThatItNamesStages() }
}
