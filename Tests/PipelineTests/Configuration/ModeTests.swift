import Testing

@testable import Pipeline

struct ModeTests {
  @Test func offAndTryAreRead() throws {
    let entries = try parse("sample\noff plain\ntry broken").entries
    #expect(entries.map(\.mode) == [.on, .off, .tried])
    #expect(entries.map(\.location) == [1, 2, 3].map { Location(file: "stages.conf", line: $0) })
  }

  @Test func aLineThatIsOffIsStillChecked() {
    #expect(complaint("off sample numbre=1").hasPrefix("littlectr: stages.conf:1:12: unknown key 'numbre'"))
    #expect(complaint("off sample number=x").hasPrefix("littlectr: stages.conf:1:19: invalid value 'x'"))
    #expect(
      complaint("off smaple").hasPrefix("littlectr: stages.conf:1:5: unknown stage 'smaple'; did you mean 'sample'?"))
  }

  @Test(arguments: ["off", "try"])
  func aWordWithoutAStageIsRefused(word: String) {
    #expect(
      complaint("\(word)  ") == """
        littlectr: stages.conf:1:1: a stage is missing
            \(word)  \("")
            ^^^
          fix  write \(word) STAGE
        """)
  }

  @Test func theWordsStandOnce() {
    #expect(complaint("off try plain").hasPrefix("littlectr: stages.conf:1:5: a line has either 'off' or 'try'"))
    #expect(complaint("try off plain").hasPrefix("littlectr: stages.conf:1:5: a line has either 'off' or 'try'"))
    #expect(complaint("off include x").hasPrefix("littlectr: stages.conf:1:5: unknown stage 'include'"))
  }

  @Test func aStageIsNoKey() {
    #expect(complaint("plain=yes").hasPrefix("littlectr: stages.conf:1:1: unknown stage 'plain'"))
    #expect(complaint("off=plain").hasPrefix("littlectr: stages.conf:1:1: unknown stage 'off'"))
    #expect(complaint("plain\n=").hasPrefix("littlectr: stages.conf:2:1: unknown stage ''"))
  }
}
