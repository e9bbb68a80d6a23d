import Glibc
import Kernel
import SystemPackage
import Testing

@testable import Pipeline

/// What passes through the relay is understood, in whatever pieces it comes.
struct TerminalTextTests {
  private func sequences(_ text: String) -> [EscapeSequence] {
    var reader = EscapeReader()
    return text.utf8.compactMap { reader.read($0) }
  }

  @Test(arguments: [
    "\u{1b}[6n", "\u{1b}[5n", "\u{1b}[?6n", "\u{1b}[?996n", "\u{1b}[c", "\u{1b}[0c", "\u{1b}[>c", "\u{1b}[=c",
    "\u{1b}Z",
    "\u{1b}[?2026$p", "\u{1b}[>q", "\u{1b}[>0q", "\u{1b}[x", "\u{1b}[?u", "\u{1b}[18t", "\u{1b}[21t", "\u{1b}[?1;1;0S",
    "\u{1b}]11;?\u{7}", "\u{1b}]4;1;?\u{1b}\\", "\u{1b}]52;c;?\u{7}", "\u{1b}P$qm\u{1b}\\", "\u{1b}P+q544e\u{1b}\\",
    "\u{1b}]21;foreground=?;background=?\u{1b}\\",
  ])
  func whatATerminalAnswersIsAQuestion(_ text: String) {
    #expect(sequences("before" + text + "after").map(\.isQuestion) == [true])
    var questions = TerminalQuestions()
    // A byte at a time.
    let found = text.utf8.map { questions.look(at: [$0]) }
    #expect(found.filter { $0 }.count == 1 && questions.isOpen)
  }

  @Test(arguments: [
    "\u{1b}[31m", "\u{1b}[2J", "\u{1b}[1;1H", "\u{1b}[0n", "\u{1b}]0;a title\u{7}", "\u{1b}[?2004h", "\u{1b}[22;0t",
    "\u{1b}[2 q",
    "\u{1b}7", "\u{1b}(B", "plain text?",
    "\u{1b}]8;;https://example.org/?\u{1b}\\", "\u{1b}[5S", "\u{1b}[u",
    "\u{1b}[!p",
  ])
  func whatItOnlyDoesIsNone(_ text: String) {
    #expect(!sequences(text).contains { $0.isQuestion })
    var questions = TerminalQuestions()
    let areThere = questions.look(at: Array(text.utf8))
    #expect(!areThere && !questions.isOpen)
  }

  @Test func asManyAnswersAsQuestionsCloseThem() {
    var questions = TerminalQuestions()
    let areThere = questions.look(at: Array("\u{1b}[6n\u{1b}[c".utf8))
    #expect(areThere)
    questions.answer(Array("keys \u{1b}[A \u{1b}[1;".utf8))
    #expect(questions.isOpen)
    questions.answer(Array("1R\u{1b}[?6".utf8))
    #expect(questions.isOpen)
    questions.answer(Array("2c".utf8))
    #expect(!questions.isOpen)
  }

  @Test(arguments: 1...9) func endsOfLinesAreShortenedInWhateverPieces(_ size: Int) {
    let text = "a\r\nb\r\r\nc\rd\n\r\r\r\ne\r"
    var lines = LineEnds()
    var (short, rest) = ([UInt8](), Array(text.utf8)[...])
    while !rest.isEmpty {
      short += lines.shorten(Array(rest.prefix(size)))
      rest = rest.dropFirst(size)
    }
    short += lines.rest()
    #expect(
      String(decoding: short, as: UTF8.self).unicodeScalars.elementsEqual("a\nb\r\nc\rd\n\r\r\ne\r".unicodeScalars))
  }

  /// The questions are asked again before each answer is due, and no answer comes.
  @Test("a terminal that never answers isn't waited for again and again")
  func nobodyIsListenedToForEver() {
    var questions = TerminalQuestions()
    for _ in 0..<2 {
      #expect(questions.areWorthwhile)
      let areThere = questions.look(at: Array("\u{1b}[?u".utf8))
      #expect(areThere && questions.isOpen)
      questions.close()
      #expect(!questions.isOpen)
    }
    #expect(!questions.areWorthwhile)
  }

  @Test(arguments: 1...9) func whatWasTypedAheadIsLeftOutInWhateverPieces(_ size: Int) throws {
    let terminal = try Syscall.open("/dev/ptmx", [.readWrite, .notControlling])
    defer { try? Syscall.close(terminal) }
    // A new terminal has the kernel's modes.
    let manners = try Syscall.modes(of: terminal).manners
    func left(_ printed: String) -> String {
      var echo = TypedEcho()
      echo.expect(Array("one\ttwo\u{1}\nthree\n".utf8), manners)
      var (left, rest) = ([UInt8](), Array(printed.utf8)[...])
      while !rest.isEmpty {
        left += echo.strip(Array(rest.prefix(size)))
        rest = rest.dropFirst(size)
      }
      return String(decoding: left, as: UTF8.self)
    }
    #expect(left("one\ttwo^A\r\nthree\r\none\r\n") == "one\r\n")
    #expect(left("something else, one\ttwo^A\r\n") == "something else, one\ttwo^A\r\n")
    #expect(left("one\ttwo^A\r\nfour\r\nthree\r\n") == "four\r\nthree\r\n")
  }

  /// Who started littlectr may ignore the signal by which a look ends.
  @Test("the child that looks at a terminal ends even if its caller ignores SIGALRM")
  func whatIsToEndSoonEnds() {
    #expect(throws: Errno(rawValue: 128 + SIGALRM)) {
      try Syscall.inThrowawayChild { () throws(Errno) in
        _ = signal(SIGALRM, SIG_IGN)
        try Syscall.setBlocked(SignalSet())
        Syscall.endSoon()
        poll(nil, 0, 20_000)
      }
    }
  }
}
