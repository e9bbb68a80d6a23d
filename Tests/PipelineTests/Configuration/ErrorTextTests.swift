import Testing

@testable import Pipeline

/// What users read most often, word for word.
struct ErrorTextTests {
  @Test func anUnknownKey() {
    #expect(
      complaint("# box\n\nsample  numbre=1 text=a") == """
        littlectr: stages.conf:3:9: unknown key 'numbre' for stage 'sample'; did you mean 'number'?
            sample  numbre=1 text=a
                    ^^^^^^
          fix  littlectr stages sample lists its keys
        """)
  }

  @Test func aKeyOfAStageWithoutAny() {
    #expect(
      complaint("plain hostname=box") == """
        littlectr: stages.conf:1:7: unknown key 'hostname' for stage 'plain'
            plain hostname=box
                  ^^^^^^^^
          fix  'plain' has no options
        """)
  }

  @Test func anUnknownStage() {
    #expect(
      complaint("smaple") == """
        littlectr: stages.conf:1:1: unknown stage 'smaple'; did you mean 'sample'?
            smaple
            ^^^^^^
          fix  littlectr stages lists them all
        """)
    #expect(complaint("inclued x").contains("; did you mean 'include'?"))
    #expect(complaint("of plain").contains("; did you mean 'off'?"))
    #expect(!complaint("networking").contains("did you mean"))
  }

  @Test func aValueThatIsNone() {
    #expect(
      complaint("sample number=seven") == """
        littlectr: stages.conf:1:15: invalid value 'seven' for 'number': expected a whole number
            sample number=seven
                          ^^^^^
        """)
    #expect(
      complaint("sample colour=gren") == """
        littlectr: stages.conf:1:15: invalid value 'gren' for 'colour': expected one of red, green, blue; did you mean 'green'?
            sample colour=gren
                          ^^^^
        """)
    #expect(
      complaint("sample switch=\"yes \"") == """
        littlectr: stages.conf:1:15: invalid value 'yes ' for 'switch': expected yes or no; did you mean 'yes'?
            sample switch="yes "
                          ^^^^^^
        """)
  }

  @Test func aBareKeyThatIsNoSwitch() {
    #expect(
      complaint("sample number") == """
        littlectr: stages.conf:1:8: 'number' needs a value
            sample number
                   ^^^^^^
          fix  write number=NUMBER
        """)
  }

  @Test func anEmptyValue() {
    #expect(complaint("sample number=").contains("littlectr: stages.conf:1:15: invalid value '' for 'number'"))
    #expect(complaint("sample path=").contains("invalid value '' for 'path': expected a path"))
    #expect(complaint("sample =1").hasPrefix("littlectr: stages.conf:1:8: unknown key '' for stage 'sample'"))
  }

  @Test func aLineThatIsTooLong() {
    let text = complaint("plain\n#" + String(repeating: "x", count: 1 << 16))
    #expect(text.hasPrefix("littlectr: stages.conf:2:1: this line has 65537 bytes\n    #xxx"))
    #expect(text.hasSuffix("\n  fix  no line may have more than 65536"))
    #expect(text.utf8.count < 300)
    #expect(complaint("#" + String(repeating: "x", count: 1 << 16 - 1)) == "no error")
  }

  @Test func longWordsAreCut() {
    let word = String(repeating: "y", count: 60_000)
    for text in ["\(word)", "sample \(word)=1", "sample number=\(word)", "sample text=${\(word)}"] {
      #expect(complaint(text).utf8.count < 700, "\(complaint(text).prefix(300))")
    }
  }
}
