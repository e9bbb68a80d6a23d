import Testing

@testable import Pipeline

struct EncodingTests {
  @Test func linesMayEndAsOnWindows() throws {
    #expect(try sample("sample\r\n  number=1\r\n\r\n# x\r\n  text=a\r\n").text == "a")
    #expect(complaint("sample text=\"a\r\n").hasPrefix("littlectr: stages.conf:1:13: this quote is never closed\n"))
  }

  @Test func aMarkOfByteOrderIsSkipped() throws {
    #expect(try parse([0xef, 0xbb, 0xbf] + Array("plain".utf8)).entries.map(\.name) == ["plain"])
    #expect(
      complaint([0xef, 0xbb, 0xbf] + Array("plian".utf8)).hasPrefix("littlectr: stages.conf:1:1: unknown stage 'plian'")
    )
  }

  @Test func aMarkOfByteOrderElsewhereIsNot() {
    #expect(complaint("plain\n\u{feff}broken").hasPrefix("littlectr: stages.conf:2:1: this is a no-break space"))
  }

  @Test func tabsAreKeptUnderTheLine() {
    #expect(
      complaint("sample\ttext=a\t\tnumbre=1") == """
        littlectr: stages.conf:1:16: unknown key 'numbre' for stage 'sample'; did you mean 'number'?
            sample\ttext=a\t\tnumbre=1
            \("      \t      \t\t^^^^^^")
          fix  littlectr stages sample lists its keys
        """)
  }

  @Test func columnsCountCharacters() {
    #expect(
      complaint("sample text=grün item=👩‍👩‍👧‍👦 numbre=1") == """
        littlectr: stages.conf:1:25: unknown key 'numbre' for stage 'sample'; did you mean 'number'?
            sample text=grün item=👩‍👩‍👧‍👦 numbre=1
                                    ^^^^^^
          fix  littlectr stages sample lists its keys
        """)
    #expect(complaint("sample größe=1").contains("\n           ^^^^^\n"))
  }

  @Test func aNULByteIsRefused() {
    #expect(
      complaint([0x70, 0x6c, 0x00, 0x61]) == """
        littlectr: stages.conf:1:3: a NUL byte
          fix  the file is text: remove it
        """)
  }

  @Test(arguments: [UInt8](1..<0x20).filter { $0 != 9 && $0 != 10 } + [0x7f])
  func controlCharactersAreRefusedAndNeverPrinted(byte: UInt8) {
    let text = complaint(Array("plain # ".utf8) + [byte] + Array(" x".utf8))
    #expect(text.hasPrefix("littlectr: stages.conf:1:9: a control character (\(byte))\n"))
    #expect(!text.unicodeScalars.contains { $0.value == UInt32(byte) })
  }

  /// Those of ISO 8859-1 too: a terminal may take U+009B for the beginning of a command.
  @Test(arguments: [UInt8](0x80...0x9f)) func controlCharactersBeyondASCIIAreRefusedToo(byte: UInt8) {
    let text = complaint(Array("plain # ".utf8) + [0xc2, byte] + Array(" x".utf8))
    #expect(text.hasPrefix("littlectr: stages.conf:1:9: a control character (\(byte))\n"))
    #expect(!text.unicodeScalars.contains { $0.value == UInt32(byte) })
    #expect(complaint(Array("plain # ".utf8) + [0xc3, byte] + Array(" x".utf8)) == "no error", "a letter")
  }

  @Test(
    arguments: [
      [0xff], [0xc0, 0xaf], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x80], [0xc3, 0x28],
    ] as [[UInt8]])
  func whatIsNotUTF8IsMarked(bytes: [UInt8]) {
    let text = complaint(Array("sample text=ü".utf8) + bytes + Array(" number=1".utf8))
    #expect(text.hasPrefix("littlectr: stages.conf:1:14: "), "\(text)")
    #expect(text.contains("UTF-8"))
  }

  @Test func theFirstErrorIsTold() {
    #expect(complaint("plain\nsampel\nplian").hasPrefix("littlectr: stages.conf:2:1: unknown stage 'sampel'"))
  }
}
