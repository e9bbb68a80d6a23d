import Foundation
import Stages
import Testing

@testable import Command
@testable import Pipeline

/// Help, manual and completion hold everything that the tables hold.
struct TextsTests {
  private static let shells: [(name: String, script: String)] = [
    ("bash", Completion.bash(Completion(tool))), ("zsh", Completion.zsh(Completion(tool))),
    ("fish", Completion.fish(Completion(tool))),
  ]

  /// A text as the manual has it.
  private func roff(_ text: String) -> String { text.replacingAll("-", with: "\\-") }

  @Test func theOverviewNamesEverySubcommand() {
    for command in CommandLineTool.subcommands {
      #expect(HelpText.overview(tool).contains("  \(padded(command.name, 12)) \(command.summary)"))
    }
  }

  @Test func everySubcommandsPageNamesItsOptions() {
    for command in CommandLineTool.subcommands {
      let page = HelpText.page(command, tool.catalog)
      #expect(page.hasPrefix("usage: littlectr \(command.name) "))
      for option in command.optionDescriptions { #expect(page.contains("\n  --\(option.key)"), "\(option.key)") }
      for flag in builtin.flatMap({ $0.optionDescriptions.compactMap(\.flag) }) {
        #expect(page.contains("\n  --\(flag)") == command.takesCommand, "\(command.name) --\(flag)")
      }
    }
  }

  @Test func everyStagesPageNamesItsKeysOrderAndRefusals() {
    for type in builtin {
      let page = HelpText.stage(type, tool.catalog)
      #expect(page.hasPrefix("\(type.name)\n"))
      for option in type.optionDescriptions {
        #expect(page.contains("\n  \(option.key)=\(option.syntax)\n"))
        if !option.defaultText.isEmpty { #expect(page.contains("default: \(option.defaultText)")) }
        if let flag = option.flag { #expect(page.contains("on the command line: --\(flag)")) }
      }
      for (word, facets) in [("below", type.needs), ("below", type.follows), ("above", type.precedes)] {
        for (facet, reason) in facets {
          let first = builtin.first { $0.provides.contains(facet) && $0.name != type.name }
          #expect(
            first.map { page.contains("\n  \(word) \($0.name)") } == true, "\(type.name): who gives \(facet.name)")
          #expect(page.contains("\nOrder\n") && page.contains(reason.prefix(20)), "\(type.name)")
        }
      }
      #expect(page.components(separatedBy: "fix:").count - 1 == type.diagnostics.count)
    }
  }

  @Test func linesFitATerminal() {
    let pages =
      CommandLineTool.subcommands.map { HelpText.page($0, tool.catalog) }
      + builtin.map { HelpText.stage($0, tool.catalog) }
    for line in pages.flatMap({ $0.split(separator: "\n") }) where line.contains(" ") && !line.hasPrefix("usage:") {
      #expect(line.count <= 80 || !line.hasPrefix("    "), "\(line)")
    }
  }

  @Test func theManualNamesEverySubcommandAndFlag() {
    let page = ProgramPage(tool).text
    for command in CommandLineTool.subcommands {
      #expect(page.contains(".SS littlectr \(command.name) "), "\(command.name)")
      for option in command.optionDescriptions { #expect(page.contains(".B \(roff("--\(option.key)"))")) }
    }
    for flag in builtin.flatMap({ $0.optionDescriptions.compactMap(\.flag) }) {
      #expect(page.contains(".B \(roff("--\(flag)"))"))
    }
    for advice in CloneAdvice.all + PlatformAdvice.all + Executable.all + ConfigurationAdvice.all {
      #expect(page.contains(".B \(advice.errno?.name ?? "refused")\n"))
    }
  }

  @Test func theManualOfTheFileNamesEveryStageAndKey() throws {
    let page = FilePage(tool).text
    for type in builtin {
      #expect(page.contains(".SS \(type.name)\n"))
      for option in type.optionDescriptions { #expect(page.contains(".B \(roff("\(option.key)=\(option.syntax)"))")) }
    }
    for section in Grammar.sections { #expect(page.contains(".SS \(section.title)\n")) }
    for name in Variables.names { #expect(page.contains("${\(name)}")) }
    // The example is the file itself.
    #expect(page.contains("userns  map=auto"))
  }

  @Test(arguments: shells.map(\.name)) func completionKnowsEverything(shell: String) throws {
    let script = try #require(Self.shells.first { $0.name == shell }).script
    func has(_ word: String) -> Bool { script.contains(word) }
    let prefix = shell == "fish" ? "-l " : "--"
    for command in CommandLineTool.subcommands {
      #expect(has(command.name))
      for option in command.optionDescriptions { #expect(has(prefix + option.key), "\(option.key)") }
    }
    for type in builtin {
      #expect(has(type.name))
      for option in type.optionDescriptions {
        #expect(has("\(type.name).\(option.key)="))
        if let flag = option.flag { #expect(has(prefix + flag)) }
      }
    }
  }
}
