import Testing

@testable import Pipeline

/// What people write who know other files, shells and word processors.
struct HintTests {
  @Test(
    "a line in another program's form gets a hint of what was meant",
    arguments: [
      ("  sample text=a", "begin the line at its left edge"), ("sample text='a b'", #"as in "two words""#),
      ("sample text=“a b”", #"as in KEY="two words""#), ("sample text=«a»", "typographic quote"),
      ("“sample”", "typographic quote"), ("'sample'", "a name has no quotes"), ("sample\u{a0}text=a", "a plain blank"),
      ("\u{a0}sample", "a plain blank"), ("sample text=a\u{a0}number=1", "a plain blank"),
      ("sample text=a \u{3000}number=1", "a plain blank"), ("sample path=$HOME/x", "write ${HOME}"),
      ("sample text=\"$PATH\"", "only ${NAME} is"), ("sample path=~/x", "write ${HOME}"),
      ("sample path=~", "write ${HOME}"),
      ("sample maybe=~ada", "./~"), ("SAMPLE", "did you mean 'sample'?"),
      ("OFF sample", "fix  write off sample, in small letters"),
      ("Try sample", "write try sample"), ("no sample", "write off sample"), ("on sample", "write sample: what has no"),
      ("sample=off", "write off sample"), ("sample=on", "write sample"), ("sample off", "write off sample"),
      ("sample yes", "write sample alone"), ("sample:", "write sample alone"), ("[sample]", "write sample alone"),
      ("sample;", "write sample alone"), ("sample,plain", "each stage on a line of its own"),
      ("sample text:a", "write text=a"), ("sample text: a", "write text=TEXT"), ("// sample", "begin it with #"),
      ("plain\n// x", "a comment begins with #"),
      ("; sample", "begin it with #"), ("text a", "write sample text=a"),
      ("number = 3", "write sample number=3"),
      ("Sam-ple", "did you mean 'sample'?"), ("sample Number=1", "did you mean 'number'?"),
      ("try off sample", "a line has either 'off' or 'try'"), ("off off sample", "a line has either 'off' or 'try'"),
      ("specimen", "did you mean 'sample'?"), ("text=x", "it is a key of 'sample'"),
      ("text = x", "write sample text=x"),
      ("colour=red", "it is a key of 'sample'"), ("sample text = x", "write text=VALUE, with no blank beside the '='"),
      ("sample number =1", "with no blank beside the '='"), ("sample text= x", "write text=x, with no blank"),
      ("sample number= 3", "write number=VALUE, with no blank"), ("sample text=my lab", #"text="my lab""#),
      ("sample plain", "each stage on a line of its own"), ("sample\n off plain", "at the left edge"),
    ] as [(String, String)])
  func itIsToldWhatWasMeant(text: String, hint: String) {
    let told = complaint(text)
    #expect(told.hasPrefix("littlectr: stages.conf:") && told.contains(hint), "\(told)")
  }

  @Test(
    "quotes and dashes of word processors inside a value are left as they are",
    arguments: [
      "sample text=\"it's\"", "sample text=it's", "sample text=\"“a”\"", "sample text=a“b", "sample text=\"a\u{a0}b\"",
      "\u{feff}sample\r\n\tnumber=1 # one\r\n", "# a\u{a0}b “c” $HOME ~", "sample text=\"\\$HOME\"", "sample text=$1",
      "sample path=./~", "sample text=~",
    ])
  func whatIsMeantAsItStandsIsTaken(text: String) { #expect(complaint(text) == "no error") }

  @Test("an unknown word that nobody could have meant gets no hint")
  func whatIsNoHintIsNone() {
    #expect(complaint("sample text=a nonsense=1").hasSuffix("fix  littlectr stages sample lists its keys"))
    #expect(complaint("plain\nnonsense").hasSuffix("fix  littlectr stages lists them all"))
  }
}
