import Testing

@testable import Pipeline

struct DuplicateTests {
  @Test func aKeyIsGivenOnce() {
    #expect(
      complaint("sample text=a number=1 text=b") == """
        littlectr: stages.conf:1:24: 'text' is given twice
            sample text=a number=1 text=b
                                   ^^^^
          fix  leave one of the two
        """)
  }

  @Test func aRepeatableKeyAddsValues() throws {
    #expect(try sample("sample item=a item=b\n  item=\"c d\"").items == ["a", "b", "c d"])
  }

  @Test func aStageIsUsedOnce() {
    #expect(
      complaint("plain\n\ntry plain") == """
        littlectr: stages.conf:3: 'plain' is used twice, first in stages.conf:1
          fix  remove one of the lines, or write 'off' before it
        """)
  }

  @Test func linesThatAreOffDoNotCount() throws {
    #expect(try parse("off plain\nplain\noff plain\noff plain").entries.count == 4)
  }
}
