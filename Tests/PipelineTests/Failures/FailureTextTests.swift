import SystemPackage
import Testing

@testable import Pipeline

struct FailureTextTests {
  @Test("an error with all its parts is laid out line by line")
  func allParts() {
    var failure = Failure("mount(\"proc\", …)", why: "it is covered", fix: "write: off proc")
    failure.stage = "proc"
    failure.location = Location(file: "stages.conf", line: 12)
    failure.errno = .notPermitted
    #expect(
      failure.text == """
        littlectr: proc (stages.conf:12): mount("proc", …): EPERM
          why  it is covered
          fix  write: off proc
        """)
  }

  @Test("an error with few parts leaves out the lines of the others")
  func fewParts() {
    #expect(Failure("no command given").text == "littlectr: no command given")
    var failure = Failure("a stage is missing")
    failure.location = Location(file: "--with ''")
    #expect(failure.text == "littlectr: --with '': a stage is missing")
    failure.stage = "uts"
    #expect(failure.text == "littlectr: uts (--with ''): a stage is missing")
    failure.location = nil
    #expect(failure.text == "littlectr: uts: a stage is missing")
  }

  @Test func adviceIsTaken() {
    let failure = Failure("clone", Advice(.noSpace, why: "limited", fix: "raise it"))
    #expect(failure.text == "littlectr: clone: ENOSPC\n  why  limited\n  fix  raise it")
    #expect(failure.status == 125)
  }

  @Test func namesOfTheImageDoNotSpeakToTheTerminal() {
    let failure = Failure("exec", why: "it names \u{1b}]0;owned\u{7}\u{9b}31m\rx", fix: "a\tb\nc")
    #expect(
      failure.text == "littlectr: exec\n  why  it names \\x1b]0;owned\\x07\\u{9b}31m\\rx\n  fix  a\tb\nc")
  }

  @Test func placesAreWrittenAsCompilersDo() {
    #expect(Location(file: "a.conf", line: 3).description == "a.conf:3")
    #expect(Location(file: "--set a.b").description == "--set a.b")
  }

  @Test func theOneLineOfALineWithTry() {
    var failure = Failure("unshare", why: "x", fix: "y")
    (failure.stage, failure.errno) = ("ipc", .notPermitted)
    failure.location = Location(file: "stages.conf", line: 4)
    #expect(Runner.note(failure) == "littlectr: went on without ipc (stages.conf:4): unshare: EPERM: x")
  }
}
