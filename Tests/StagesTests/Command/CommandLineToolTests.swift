import Testing

@testable import Command
@testable import Pipeline

/// What is told of a command line that means nothing. None of these comes as far as a container.
struct CommandLineToolTests {
  private func complaint(_ words: String...) -> String {
    refusal { () throws(Failure) in try tool.run(words.map { Array($0.utf8) }) }?.text ?? "no error"
  }

  @Test func anUnknownCommand() {
    #expect(
      complaint("rnu", "ls") == """
        littlectr: unknown command 'rnu'; did you mean 'run'?
          fix  littlectr help lists them; to run a command in a container: littlectr run rnu
        """)
    #expect(complaint("--verbose").hasPrefix("littlectr: unknown option '--verbose'\n"))
    #expect(complaint("").hasPrefix("littlectr: unknown command ''\n"))
  }

  @Test func runWithoutACommand() {
    #expect(complaint("run") == "littlectr: no command given\n  fix  write one, for example: littlectr run bash")
    #expect(complaint("run", "--") == complaint("run"))
  }

  @Test func aFaultOfAStepThatIsNotThere() {
    let text = complaint("run", "--conf", Repository.path("stages.conf"), "--root", "/", "--fault", "999=EPERM", "true")
    #expect(text.hasPrefix("littlectr: --fault 999=EPERM\n  why  this container has "), "\(text)")
  }

  @Test func aStageThatIsNotThere() {
    #expect(
      complaint("stages", "utz")
        == "littlectr: unknown stage 'utz'; did you mean 'uts'?\n  fix  littlectr stages lists them all")
    #expect(complaint("stages", "uts", "pid").hasPrefix("littlectr: 'pid' is one word too many\n"))
    #expect(complaint("stages", "uts", "pid").hasSuffix("fix  usage: littlectr stages [STAGE]"))
  }

  @Test func helpForNothing() {
    #expect(
      complaint("help", "stages.con")
        == "littlectr: nothing is called 'stages.con'; did you mean 'stages.conf'?\n  fix  littlectr help"
    )
  }

  @Test func aShellAndAPageThatAreNotThere() {
    #expect(complaint("completion").hasPrefix("littlectr: no shell given\n"))
    #expect(complaint("completion", "tcsh").hasPrefix("littlectr: no completion for 'tcsh'\n"))
    #expect(complaint("manual").hasPrefix("littlectr: no page given\n"))
    #expect(complaint("manual", "ls").hasPrefix("littlectr: no page 'ls'\n"))
  }

  @Test func aFileThatIsNotThere() {
    let text = complaint("run", "--conf", "/gone/stages.conf", "true")
    #expect(text.contains("ENOENT\n  why  there is no file /gone/stages.conf\n"))
    #expect(complaint("explain", "--conf", "/").contains("/ isn't a regular file"))
  }
}
