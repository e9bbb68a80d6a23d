import Testing

@testable import Command
@testable import Pipeline

struct ArgumentParserTests {
  @Test func optionsEndAtTheFirstOperandOfACommand() throws {
    let parser = try arguments(RunCommand.self, ["--trace", "ls", "--json", "-l", "--", "x"])
    #expect(parser.options.trace)
    #expect(parser.words == ["ls", "--json", "-l", "--", "x"])
  }

  @Test func optionsEndAtTwoDashes() throws {
    #expect(try arguments(RunCommand.self, ["--", "--trace"]).words == ["--trace"])
    #expect(try arguments(RunCommand.self, ["--", "--", "x"]).words == ["--", "x"])
    #expect(try arguments(RunCommand.self, ["--"]).words.isEmpty)
    #expect(try arguments(RunCommand.self, ["-"]).words == ["-"])
  }

  @Test func elsewhereOptionsMayFollowOperands() throws {
    #expect(try arguments(StagesCommand.self, ["uts", "--help"]).wantsHelp)
    #expect(try arguments(RunCommand.self, ["uts", "--help"]).wantsHelp == false)
  }

  @Test func valuesAreAttachedOrFollow() throws {
    let words = ["--set", "a.b=c", "--set=d.e=f=g", "--without", "uts", "--with=x y", "--conf=", "--fault", "3=EPERM"]
    let refused = refusal { () throws(Failure) in try arguments(RunCommand.self, words) }
    #expect(refused?.text == "littlectr: --conf : expected a file, or a configuration's name")
    let options = try arguments(RunCommand.self, words.filter { $0 != "--conf=" }).options
    #expect(options.set == ["a.b=c", "d.e=f=g"])
    #expect(options.without == ["uts"])
    #expect(options.with == ["x y"])
    #expect(options.fault?.step == "3" && options.fault?.errno == .notPermitted)
    #expect(try arguments(RunCommand.self, ["--conf", "--trace", "ls"]).options.conf?.text == "--trace")
  }

  @Test func flagsOfStagesBecomeSettings() throws {
    let options = try arguments(RunCommand.self, ["--hostname", "web", "--readonly", "--image=debian", "sh"]).options
    #expect(
      options.settings.map { "\($0.stage).\($0.key)=\($0.value ?? "")" } == [
        "uts.hostname=web", "chroot.readonly=", "chroot.image=debian",
      ])
    #expect(options.settings.map(\.text) == ["--hostname=web", "--readonly", "--image=debian"])
    #expect(try arguments(ExplainCommand.self, ["--readonly=no"]).options.settings.first?.value == "no")
  }

  @Test func flagsOfStagesAreKnownOnlyWhereTheyMeanSomething() {
    #expect(complaint(StagesCommand.self, "--hostname", "x").hasPrefix("littlectr: unknown option '--hostname'"))
    #expect(complaint(ExplainCommand.self, "--trace").hasPrefix("littlectr: unknown option '--trace'"))
    #expect(complaint(RunCommand.self, "--json").hasPrefix("littlectr: unknown option '--json'"))
  }

  @Test func whatIsWrongIsTold() {
    #expect(
      complaint(RunCommand.self, "--hostnam=x") == """
        littlectr: unknown option '--hostnam'; did you mean '--hostname'?
          fix  littlectr run --help lists them
        """)
    #expect(complaint(RunCommand.self, "--wihtout").contains("did you mean '--without'?"))
    #expect(complaint(RunCommand.self, "-x").hasPrefix("littlectr: unknown option '-x'"))
    #expect(
      complaint(RunCommand.self, "--set") == "littlectr: --set needs a value\n  fix  write --set=STAGE.KEY=VALUE")
    #expect(complaint(RunCommand.self, "--trace=maybe") == "littlectr: --trace maybe: expected yes or no")
    #expect(complaint(RunCommand.self, "--image") == "littlectr: --image needs a value\n  fix  write --image=NAME")
  }

  @Test func operandsAreBytes() throws {
    var parser = ArgumentParser(RunCommand.self, catalog: tool.catalog)
    try parser.read([[0x6c, 0xff], [0xfe], []])
    #expect(parser.operands == [[0x6c, 0xff], [0xfe], []])
  }

  @Test func noiseIsHarmless() {
    var random = SeededGenerator(seed: 21)
    let words = [
      "--", "-", "--set", "--set=", "--with", "--conf", "=", "--=", "-h", "--help", "--fault", "--fault=1=KILL", "ls",
      "--hostname", "--readonly", "--readonly=", "--trace", "", "-\u{301}", "--ü=1", "\0",
    ].map { Array($0.utf8) }
    let commands: [any Subcommand.Type] = CommandLineTool.subcommands
    for _ in 0..<3000 {
      guard let command = commands.randomElement(using: &random) else { continue }
      var parser = ArgumentParser(command, catalog: tool.catalog)
      let line = (0..<Int.random(in: 0..<8, using: &random)).map { _ in
        Bool.random(using: &random) ? words.randomElement(using: &random) ?? [] : random.bytes(0..<9)
      }
      let failure = refusal { () throws(Failure) in try parser.read(line) }
      if let failure, failure.what.isEmpty { Issue.record("\(line) gives an empty failure") }
    }
  }
}
