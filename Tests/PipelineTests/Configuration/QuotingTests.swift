import Testing

@testable import Pipeline

struct QuotingTests {
  @Test(arguments: [
    (#""two words""#, "two words"),
    (#""""#, ""),
    ("", ""),
    (#"a"b c"d"#, "ab cd"),
    (#""a""b""#, "ab"),
    (#""\"\\\n\t""#, "\"\\\n\t"), (#""\$HOME""#, "$HOME"),
    (#"a\nb"#, #"a\nb"#),
    (#"\"#, #"\"#),
    (#""a=b""#, "a=b"),
    ("a=b=c", "a=b=c"),
    ("\"#\"", "#"),
    ("\"tab\there\"", "tab\there"),
    ("grün", "grün"),
  ])
  func aValueIsRead(written: String, read: String) throws {
    #expect(try sample("sample text=\(written)").text == read)
  }

  @Test func wordsAfterAQuotedValueAreRead() throws {
    let sample = try sample(#"sample text="a b" number=2"#)
    #expect(sample.text == "a b")
    #expect(sample.number == 2)
  }

  @Test func aQuoteThatIsNeverClosedIsMarked() {
    #expect(
      complaint("sample text=\"two words\nplain") == """
        littlectr: stages.conf:1:13: this quote is never closed
            sample text="two words
                        ^
          fix  add a " at the value's end
        """)
    #expect(complaint(#"sample text="a"b"c"#).hasPrefix("littlectr: stages.conf:1:17: this quote is never closed"))
  }

  @Test(arguments: ["a", "r", "0", "x", "'", " ", "ü"])
  func anUnknownEscapeIsMarked(letter: String) {
    #expect(
      complaint("sample text=\"a\\\(letter)\"").hasPrefix("littlectr: stages.conf:1:15: unknown escape\n"))
  }

  @Test func anUnknownEscapeTellsTheKnownOnes() {
    #expect(
      complaint(#"sample text="a\rb""#) == #"""
        littlectr: stages.conf:1:15: unknown escape
            sample text="a\rb"
                          ^^
          fix  inside quotes only \" \\ \$ \n and \t are known
        """#)
  }

  @Test func aBackslashAtTheEndIsMarked() {
    #expect(
      complaint(#"sample text="a\"#) == #"""
        littlectr: stages.conf:1:15: nothing follows this backslash
            sample text="a\
                          ^
        """#)
  }

  @Test func quotesStandOnlyInValues() {
    #expect(
      complaint(#""sample" text=a"#) == #"""
        littlectr: stages.conf:1:1: '"' can stand only in a value, after '='
            "sample" text=a
            ^
          fix  write KEY="two words"; a name has no quotes
        """#)
    #expect(complaint(#"sample te"xt=a"#).hasPrefix("littlectr: stages.conf:1:10: '\"' can stand only in a value"))
  }
}
