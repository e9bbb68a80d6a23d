import Testing

@testable import Pipeline

struct OrderTests {
  private func complaint(_ text: String) -> String {
    refusal { () throws(Failure) in try plan(text) }?.text ?? "no error"
  }

  @Test(arguments: ["sample\nplain\nneedy", "plain\nneedy\n", "plain\nbroken namespace\nneedy", "plain", "sample"])
  func aRightOrderIsPlanned(text: String) { #expect(complaint(text) == "no error") }

  @Test func whatIsRequiredStandsAbove() {
    #expect(
      complaint("needy\nplain") == """
        littlectr: needy (stages.conf:1): must stand below 'plain' (stages.conf:2)
          why  it stands on plain's shoulders
          fix  move 'needy' from stages.conf:1 to below stages.conf:2
        """)
  }

  @Test func whatIsRequiredIsThere() {
    #expect(
      complaint("sample\nneedy") == """
        littlectr: needy (stages.conf:2): needs 'plain' above it
          why  it stands on plain's shoulders
          fix  write 'plain' on a line above, or switch 'needy' off
        """)
  }

  @Test func whatIsRequiredIsOn() {
    #expect(
      complaint("off plain\nneedy") == """
        littlectr: needy (stages.conf:2): needs 'plain' above it
          why  it stands on plain's shoulders
          fix  switch 'plain' on (stages.conf:1), or 'needy' off
        """)
  }

  @Test func whatShouldStandAboveDoesIfItIsUsed() {
    #expect(
      complaint("plain\nsample") == """
        littlectr: plain (stages.conf:1): must stand below 'sample' (stages.conf:2)
          why  a sample is looked at first
          fix  move 'plain' from stages.conf:1 to below stages.conf:2
        """)
    #expect(complaint("plain\noff sample") == "no error")
  }

  @Test func aLineThatIsOffHasNoPlace() {
    #expect(complaint("off needy\nplain\nsample").contains("plain (stages.conf:2)"))
  }

  @Test func aWrongOrderIsRefusedWithTryToo() {
    #expect(complaint("try needy\nplain").hasPrefix("littlectr: needy (stages.conf:1): must stand below 'plain'"))
  }

  @Test func aLineThatNeedsOneWithTryIsRefusedWhenThatIsLeftOut() {
    let text = complaint("try lacking\nclinging")
    #expect(text.contains("clinging (stages.conf:2): needs 'lacking' above it"))
    #expect(text.contains("  fix  without 'lacking' (stages.conf:1), which this host can't do"))
  }
}
