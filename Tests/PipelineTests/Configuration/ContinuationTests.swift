import Testing

@testable import Pipeline

struct ContinuationTests {
  @Test func anIndentedLineBelongsToTheStageAbove() throws {
    let sample = try sample("sample text=a\n  number=1\n\tswitch colour=red")
    #expect(sample.text == "a")
    #expect(sample.number == 1)
    #expect(sample.isOn)
    #expect(sample.colour == .red)
  }

  @Test func commentsAndEmptyLinesDoNotEndAStage() throws {
    #expect(try sample("sample\n# comment\n\n   # another\n\n  number=1").number == 1)
  }

  @Test func itBelongsToTheNearestStage() throws {
    let entries = try parse("sample\nplain\n\nbroken\n  namespace").entries
    #expect((entries[2].stage as? Broken)?.hasNamespace == true)
  }

  @Test func itBelongsToAStageThatIsOffToo() throws {
    let entry = try #require(try parse("off sample\n  number=1").entries.first)
    #expect(entry.mode == .off)
    #expect((entry.stage as? Sample)?.number == 1)
  }

  @Test func withoutAStageAboveItIsRefused() {
    #expect(
      complaint("# first\n  number=1 # why\n") == """
        littlectr: stages.conf:2:3: an indented line belongs to the stage above it, and there is none
          fix  begin the line at its left edge
        """)
  }

  @Test func aStageMayNotBeIndented() {
    #expect(complaint("  plain").hasPrefix("littlectr: stages.conf:1:3: an indented line"))
    #expect(
      complaint("sample\n  plain").hasPrefix("littlectr: stages.conf:2:3: unknown key 'plain' for stage 'sample'"))
    #expect(complaint("sample\n  plain").contains("  fix  a stage begins at the left edge of its line"))
  }

  @Test func aKeyOfTheLineAboveIsNotGivenAgain() {
    #expect(complaint("sample text=a\n  text=b").hasPrefix("littlectr: stages.conf:2:3: 'text' is given twice"))
  }

  @Test func errorsNameTheirOwnLine() {
    #expect(complaint("sample\n  number=1\n  numbre=2").hasPrefix("littlectr: stages.conf:3:3: unknown key 'numbre'"))
  }
}
