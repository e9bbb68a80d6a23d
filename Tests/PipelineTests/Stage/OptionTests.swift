import Testing

@testable import Pipeline

struct OptionTests {
  @Test func aFreshStageHasTheDefaults() throws {
    let stage = try sample("sample")
    #expect(
      stage.settings.map { "\($0.key)=\($0.value)" } == [
        "text=nothing", "number=7", "switch=no", "path=/tmp", "maybe=", "size=64M", "time=30s", "colour=green", "item=",
      ])
  }

  @Test func everyTypeIsSet() throws {
    let stage = try sample(
      "sample text=a number=-1 switch=yes path=/p maybe=/q size=1K time=2h colour=blue item=x item=y")
    #expect(stage.text == "a")
    #expect(stage.number == -1)
    #expect(stage.isOn)
    #expect(stage.path == "/p")
    #expect(stage.maybe == "/q")
    #expect(stage.size == ByteCount(bytes: 1024))
    #expect(stage.time == .seconds(7200))
    #expect(stage.colour == .blue)
    #expect(stage.items == ["x", "y"])
  }

  @Test func aSwitchAloneMeansYes() throws {
    #expect(try sample("sample switch").isOn)
    #expect(try sample("sample switch=no").isOn == false)
  }

  @Test func valuesThatAreRefusedChangeNothing() throws {
    var entry = try #require(try parse("sample number=3").entries.first)
    #expect(throws: WordError.self) { try entry.set("number", "x", ValueContext(directory: ".")) }
    #expect((entry.stage as? Sample)?.number == 3)
  }

  @Test func descriptionsHoldWhatTheTableHolds() throws {
    let all = Dictionary(uniqueKeysWithValues: Sample.optionDescriptions.map { ($0.key, $0) })
    #expect(all.count == Sample.options.count)
    let text = try #require(all["text"])
    #expect(text.help == "a text")
    #expect(text.flag == "text")
    #expect(text.letter == "t")
    #expect(text.defaultText == "nothing")
    #expect(text.syntax == "TEXT")
    #expect(!text.isSwitch && !text.isRepeatable && text.words.isEmpty)
    let colour = try #require(all["colour"])
    #expect(colour.syntax == "red|green|blue")
    #expect(colour.words == ["red", "green", "blue"])
    #expect(colour.defaultText == "green")
    let isOn = try #require(all["switch"])
    #expect(isOn.isSwitch)
    #expect(isOn.words == ["yes", "no"])
    #expect(all["item"]?.isRepeatable == true)
    #expect(all["maybe"]?.syntax == "PATH")
    #expect(all["size"]?.syntax == "SIZE")
    #expect(all["time"]?.syntax == "TIME")
    #expect(all["number"]?.syntax == "NUMBER")
  }

  @Test func syntaxCanBeGiven() {
    let option = StageOption("text", \Sample.text, "a text", syntax: "WORD")
    #expect(option.syntax == "WORD")
    #expect(option.flag == nil)
    #expect(option.letter == nil)
  }

  @Test func theSummaryIsTheFirstLine() {
    #expect(Sample.summary == "Takes an option of every type.")
    #expect(Plain.summary == "Has no options.")
  }

  @Test func aStageOfOneLineHasDefaultsForTheRest() throws {
    struct Small: IsolationStage {
      static let name = "small"
      static let help = "Does nothing."
    }
    let container = Container(command: [], host: FakeHost().host)
    #expect(Small.optionDescriptions.isEmpty && Small.diagnostics.isEmpty)
    #expect(Small.needs.isEmpty && Small.follows.isEmpty && Small.precedes.isEmpty)
    #expect(Small().namespaces.isEmpty)
    #expect(try Small().beforeClone(container).isEmpty)
    #expect(try Small().whileChildWaits(container, child: ChildID()).isEmpty)
    #expect(try Small().inChild(container).isEmpty)
    #expect(try Small().beforeExec(container).isEmpty)
  }
}
