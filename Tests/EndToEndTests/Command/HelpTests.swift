import Testing

/// What littlectr tells about itself.
@Suite struct HelpTests {
  private static let commands = ["run", "explain", "stages", "help", "completion", "manual"]

  /// Every key of every stage, as `stages NAME` lists them.
  private func keys(_ sandbox: Sandbox) throws -> [(stage: String, key: String)] {
    let list = try sandbox.littlectr("stages")
    let stages = list.lines.compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(Set(stages).isSuperset(of: ["userns", "uts", "pid", "mount", "chroot", "proc"]), "\(list)")
    #expect(Set(stages).count == stages.count, "\(list)")
    return try stages.flatMap { stage in
      let page = try sandbox.littlectr("stages", stage)
      #expect(page.status == 0 && page.output.hasPrefix(stage + "\n"), "\(page)")
      let described = page.lines.drop { $0 != "Keys" }
      let keys = described.compactMap { $0.wholeMatch(of: #/  ([a-z]+)=.*/#).map { String($0.output.1) } }
      #expect(page.output.contains("\nKeys\n") == !keys.isEmpty, "\(page)")
      return keys.map { (stage, $0) }
    }
  }

  @Test(arguments: commands, ["--help", "-h"]) func eachCommandHasHelp(_ command: String, _ flag: String) throws {
    try Sandbox.with(.unprivileged) { sandbox in
      let seen = try sandbox.littlectr(command, flag)
      #expect(seen.ending == .exited(0) && seen.error == "", "\(seen)")
      #expect(seen.output.hasPrefix("usage: littlectr \(command) ") && seen.output.contains("--help, -h"), "\(seen)")
      let help = try sandbox.littlectr("help", command)
      #expect(help.output == seen.output)
    }
  }

  @Test func theWholeHasHelpAndAVersion() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      for words in [["--help"], ["-h"], ["help"]] {
        let seen = try sandbox.execute([sandbox.littlectr] + words)
        #expect(seen.ending == .exited(0) && seen.error == "", "\(seen)")
        for command in Self.commands { #expect(seen.output.contains("\n  \(command) "), "\(seen)") }
      }
      let nothing = try sandbox.littlectr()
      #expect(nothing.ending == .exited(125) && nothing.output == "" && nothing.error.contains("usage: "), "\(nothing)")
      let version = try sandbox.littlectr("--version")
      #expect(version.ending == .exited(0) && version.output.wholeMatch(of: /littlectr \d+\.\d+\.\d+\n/) != nil)
    }
  }

  @Test(arguments: ["run", "explain"]) func helpListsEveryOption(_ command: String) throws {
    try Sandbox.with(.unprivileged) { sandbox in
      let seen = try sandbox.littlectr(command, "--help")
      let own = command == "run" ? ["--trace", "--fault="] : ["--json"]
      let flags = ["--conf=", "--set=", "--with=", "--without=", "--hostname=", "--image=", "--root=", "--readonly"]
      for flag in flags + own { #expect(seen.output.contains("\n  \(flag)"), "\(flag) in \(seen)") }
    }
  }

  @Test func helpKnowsStagesAndTheFile() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      let stage = try sandbox.littlectr("help", "chroot")
      let page = try sandbox.littlectr("stages", "chroot")
      #expect(stage.status == 0 && stage.output == page.output)
      let file = try sandbox.littlectr("help", "stages.conf")
      #expect(file.status == 0 && file.output.contains("include FILE"), "\(file)")
    }
  }

  @Test func theManualsPagesAreClean() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      for (page, section) in [("littlectr", 1), ("stages.conf", 5)] {
        let text = try sandbox.littlectr("manual", page)
        try #require(text.status == 0 && text.error == "", "\(text)")
        try sandbox.write(text.output, to: "\(page).\(section)")
        let lint = try sandbox.execute(["mandoc", "-T", "lint", "-W", "warning", "\(page).\(section)"])
        #expect(lint.ending == .exited(0) && lint.output == "", "\(lint)")
        let shown = try sandbox.execute(["mandoc", "-T", "utf8", "\(page).\(section)"])
        let title = "\(page.uppercased())(\(section))"
        #expect(shown.status == 0 && shown.output.uppercased().contains(title), "\(shown)")
      }
    }
  }

  @Test func theManualHasEveryKeyOfEveryStage() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      let text = try sandbox.littlectr("manual", "stages.conf").output.replacing("\\-", with: "-")
      let sections = text.components(separatedBy: ".SS ")
      for (stage, key) in try keys(sandbox) {
        let section = sections.first { $0.hasPrefix("\(stage)\n") }
        #expect(section?.contains("\n.B \(key)=") == true, "\(stage).\(key)")
      }
    }
  }

  @Test func theCompletionHasEveryKeyOfEveryStage() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      let script = try sandbox.littlectr("completion", "bash").output
      for (stage, key) in try keys(sandbox) { #expect(script.contains("\(stage).\(key)="), "\(stage).\(key)") }
    }
  }
}

extension String {
  /// The parts between the places of a text.
  fileprivate func components(separatedBy text: String) -> [String] { split(separator: text).map(String.init) }
}
