import Testing

@testable import Pipeline

/// What `--set`, `--with` and `--without` do to the lines of a file.
struct CommandLineChangesTests {
  private func names(_ configuration: Configuration) -> [String] {
    configuration.entries.map { "\($0.mode == .off ? "off " : $0.mode == .tried ? "try " : "")\($0.name)" }
  }

  private func complaint(_ text: String, _ change: (inout Configuration) throws(Failure) -> Void) throws -> String {
    var configuration = try parse(text)
    return refusal { () throws(Failure) in try change(&configuration) }?.text ?? "no error"
  }

  @Test func setChangesAnOption() throws {
    var configuration = try parse("sample text=a number=1")
    try configuration.set("sample", "text", to: "b c", from: "--set sample.text=b c")
    try configuration.set("sample", "switch", to: nil, from: "--set sample.switch")
    try configuration.set("sample", "text", to: "d", from: "--set sample.text=d")
    let sample = try #require(configuration.entries[0].stage as? Sample)
    #expect(sample.text == "d")
    #expect(sample.number == 1)
    #expect(sample.isOn)
  }

  @Test func setComplainsWithItsOwnWords() throws {
    let unknown = try complaint("sample") { (c) throws(Failure) in try c.set("sample", "txet", to: "", from: "--set X")
    }
    #expect(unknown.hasPrefix("littlectr: --set X: unknown key 'txet' for stage 'sample'; did you mean 'text'?"))
    let value = try complaint("sample") { (c) throws(Failure) in try c.set("sample", "number", to: "x", from: "--set X")
    }
    #expect(value == "littlectr: --set X: invalid value 'x' for 'number': expected a whole number")
    let off = try complaint("off sample") { (c) throws(Failure) in try c.set("sample", "text", to: "", from: "--set X")
    }
    #expect(off == "littlectr: --set X: 'sample' is off (stages.conf:1)\n  fix  add --with sample")
    let absent = try complaint("plain") { (c) throws(Failure) in try c.set("sample", "text", to: "", from: "--set X") }
    #expect(absent == "littlectr: --set X: 'sample' isn't in stages.conf\n  fix  add --with sample")
    let stage = try complaint("plain") { (c) throws(Failure) in try c.set("palin", "text", to: "", from: "--set X") }
    #expect(stage.hasPrefix("littlectr: --set X: unknown stage 'palin'; did you mean 'plain'?"))
  }

  @Test func setFindsTheLineThatIsUsed() throws {
    var configuration = try parse("off sample\nsample")
    try configuration.set("sample", "number", to: "9", from: "")
    #expect(configuration.entries.map { ($0.stage as? Sample)?.number } == [7, 9])
  }

  /// The items after some changes of a line that says item=a item=b.
  private func items(_ mode: String = "", _ change: (inout Configuration) throws(Failure) -> Void) throws -> [String] {
    var configuration = try parse("\(mode)sample item=a item=b")
    try change(&configuration)
    return try #require(configuration.entries[0].stage as? Sample).items
  }

  @Test func setBeginsAListAnew() throws {
    func set(_ words: String...) throws -> [String] {
      try items { (c) throws(Failure) in
        for word in words {
          let sides = word.split(separator: "=").map(String.init)
          try c.set("sample", sides[0], to: sides[1], from: "--set sample.\(word)")
        }
      }
    }
    #expect(try set("item=c") == ["c"])
    #expect(try set("item=c", "item=d") == ["c", "d"])
    #expect(try set("item+=c") == ["a", "b", "c"])
    #expect(try set("item+=c", "item=d") == ["d"])
    #expect(try set("item=c", "item+=d", "item=e") == ["c", "d", "e"])
    #expect(try set("item=none") == [])
    #expect(try set("item=none", "item=d") == ["d"])
    #expect(
      try items { (c) throws(Failure) in try c.apply("sample", "item", to: "c", from: "--item=c") } == ["a", "b", "c"])
  }

  @Test func withBeginsAListAnewToo() throws {
    func with(_ words: String) throws -> [String] {
      try items("off ") { (c) throws(Failure) in try c.add("sample \(words)", from: "--with") }
    }
    #expect(try with("item=c item=d") == ["c", "d"])
    #expect(try with("item+=c item=d") == ["a", "b", "c", "d"])
    #expect(try with("item=none") == [])
    #expect(try with("number=1") == ["a", "b"])
    #expect(
      try items("off ") { (c) throws(Failure) in try c.apply("sample", "item", to: "c", from: "-i") } == [
        "a", "b", "c",
      ])
  }

  @Test func toOneValueNoneIsAdded() throws {
    let text = try complaint("sample") { (c) throws(Failure) in try c.set("sample", "number+", to: "1", from: "--set X")
    }
    #expect(
      text == "littlectr: --set X: 'number' holds one value, to which none can be added\n  fix  write number=NUMBER")
    #expect(PipelineTests.complaint("sample number+=1").contains("'number' holds one value"))
  }

  @Test func withoutSwitchesOff() throws {
    var configuration = try parse("sample\nplain")
    try configuration.remove("sample", from: "--without sample")
    try configuration.remove("sample", from: "--without sample")
    #expect(names(configuration) == ["off sample", "plain"])
    let absent = try complaint("plain") { (c) throws(Failure) in try c.remove("sample", from: "--without sample") }
    #expect(absent == "littlectr: --without sample: 'sample' isn't in stages.conf\n  fix  add --with sample")
  }

  @Test func withSwitchesOnInItsPlaceAndKeepsTheLinesOptions() throws {
    var configuration = try parse("off sample text=a number=1\nplain")
    try configuration.add("sample text=b", from: "--with 'sample text=b'")
    #expect(names(configuration) == ["sample", "plain"])
    let sample = try #require(configuration.entries[0].stage as? Sample)
    #expect(sample.text == "b")
    #expect(sample.number == 1)
  }

  @Test func withAddsAtTheEndOrWhereItMustStand() throws {
    var configuration = try parse("plain\nneedy")
    try configuration.add("broken", from: "")
    try configuration.add("try sample", from: "")
    #expect(names(configuration) == ["try sample", "plain", "needy", "broken"], "plain stands below sample")
    var other = try parse("needy\nbroken")
    try other.add("plain", from: "")
    #expect(names(other) == ["plain", "needy", "broken"], "needy requires plain")
  }

  @Test func withComplainsWithItsOwnWords() throws {
    func add(_ line: String, to text: String = "plain") throws -> String {
      try complaint(text) { (c) throws(Failure) in try c.add(line, from: "--with '\(line)'") }
    }
    #expect(
      try add("plain")
        == "littlectr: --with 'plain': 'plain' is there already (stages.conf:1)\n  fix  change it with --set plain.KEY=VALUE"
    )
    #expect(
      try add("sample numbre=1") == """
        littlectr: --with 'sample numbre=1':8: unknown key 'numbre' for stage 'sample'; did you mean 'number'?
            sample numbre=1
                   ^^^^^^
          fix  littlectr stages sample lists its keys
        """)
    #expect(try add("").contains("a stage is missing\n"))
    #expect(try add("# sample").contains("a stage is missing\n"))
    #expect(try add("include x").contains("'include' stands only in files\n"))
    #expect(try add("sampel").contains("unknown stage 'sampel'; did you mean 'sample'?\n"))
    #expect(try add("sample\nplain").contains("a control character (10)"))
  }
}
