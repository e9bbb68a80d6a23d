import Testing

/// Color only where somebody looks at it.
@Suite struct ColorTests {
  /// What a terminal gets to see of `explain`, and of an error.
  private func print(_ words: [String], _ variables: [String: String]) throws -> String {
    try Sandbox.with(.unprivileged) { sandbox in
      let terminal = try Terminal()
      let process = try sandbox.start([sandbox.littlectr] + words, environment: variables, terminal: terminal.path)
      _ = try find("the end") { () -> Ending? in
        // A terminal that nobody reads would be full in the end.
        _ = terminal.output
        return process.poll()
      }
      return terminal.output
    }
  }

  @Test("messages are colored on a terminal")
  func aTerminalGetsColor() throws {
    #expect(try print(["explain"], ["TERM": "xterm"]).contains("\u{1b}[1mSteps, in order\u{1b}[0m"))
    #expect(try print(["nonsense"], ["TERM": "xterm"]).contains("\u{1b}[1mlittlectr: unknown command"))
  }

  @Test("NO_COLOR and TERM=dumb switch color off", arguments: [["TERM": "xterm", "NO_COLOR": "1"], ["TERM": "dumb"]])
  func whoWantsNoneGetsNone(_ variables: [String: String]) throws {
    let explained = try print(["explain"], variables)
    #expect(explained.contains("Steps, in order") && !explained.contains("\u{1b}"))
    let refused = try print(["nonsense"], variables)
    #expect(refused.contains("unknown command") && !refused.contains("\u{1b}"))
  }

  @Test("output into a file has no color")
  func aFileGetsNone() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      let explained = try sandbox.littlectr("explain", environment: ["TERM": "xterm"])
      #expect(explained.status == 0 && !explained.output.contains("\u{1b}"))
      let refused = try sandbox.littlectr("nonsense", environment: ["TERM": "xterm"])
      #expect(refused.status == 125 && !refused.error.contains("\u{1b}"))
    }
  }
}
