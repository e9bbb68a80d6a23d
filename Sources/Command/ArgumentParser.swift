internal import Pipeline

/// Reads a subcommand's arguments by its option table, and by those of the stages that bring flags.
struct ArgumentParser {
  let command: any Subcommand.Type
  private(set) var options = CommandOptions()
  let catalog: StageCatalog
  private(set) var operands: [[UInt8]] = []
  private(set) var wantsHelp = false

  init(_ command: any Subcommand.Type, catalog: StageCatalog) { (self.command, self.catalog) = (command, catalog) }

  /// Reads the arguments that follow the subcommand's name.
  mutating func read(_ arguments: [[UInt8]]) throws(Failure) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == Array("--".utf8) {
        operands += rest
        return
      }
      guard argument.first == UInt8(ascii: "-"), argument.count > 1 else {
        operands.append(argument)
        if !command.takesCommand { continue }
        operands += rest
        return
      }
      let word = try text(argument)
      if word == "--help" || word == "-h" {
        wantsHelp = true
        return
      }
      try readOption(word, &rest)
    }
  }

  private mutating func readOption(_ word: String, _ rest: inout ArraySlice<[UInt8]>) throws(Failure) {
    let parts = word.fields("=", most: 2)
    let (name, attached) = (parts[0], parts.count > 1 ? parts[1] : nil)
    func matches(_ flag: String?, _ letter: Character?) -> Bool {
      flag.map { name == "--" + $0 } ?? false || letter.map { name == "-" + String($0) } ?? false
    }
    if let option = CommandOptions.table.first(where: { matches($0.key, nil) }), command.keys.contains(option.key) {
      let value = try value(name, attached, isSwitch: option.isSwitch, option.syntax, &rest) ?? "yes"
      do throws(ValueError) {
        try option.set(&options, to: value, ValueContext(directory: ""))
      } catch {
        throw Failure("\(name) \(value): expected \(error.expected)" + didYouMean(value, among: error.words))
      }
      return
    }
    if command.takesCommand {
      let owners = catalog.types.filter { $0.optionDescriptions.contains { matches($0.flag, $0.letter) } }
      if owners.count > 1 {
        throw Failure(
          "\(name) is a flag of more than one stage", why: owners.map { $0.name }.joined(separator: ", "),
          fix: "write --set STAGE.KEY=VALUE")
      }
      for type in owners {
        guard let option = type.optionDescriptions.first(where: { matches($0.flag, $0.letter) }) else { continue }
        let value = try value(name, attached, isSwitch: option.isSwitch, option.flagSyntax, &rest)
        let text = value.map { name + (name.begins(with: "--") ? "=" : " ") + $0 } ?? name
        options.settings.append(
          StageSetting(stage: type.name, key: option.isOpen ? "" : option.key, value: value, text: text))
        return
      }
    }
    throw Failure(
      "unknown option '\(name)'" + didYouMean(name, among: flags), fix: "littlectr \(command.name) --help lists them")
  }

  /// The value: after `=`, or for what isn't a switch the next argument.
  private func value(
    _ name: String, _ attached: String?, isSwitch: Bool, _ syntax: String, _ rest: inout ArraySlice<[UInt8]>
  ) throws(Failure) -> String? {
    if attached != nil || isSwitch { return attached }
    guard let next = rest.popFirst() else {
      throw Failure("\(name) needs a value", fix: "write \(name)=\(syntax)")
    }
    return try text(next)
  }

  /// An argument of littlectr's own as text. Those of the command stay bytes.
  private func text(_ argument: [UInt8]) throws(Failure) -> String {
    guard let text = String(validating: argument, as: UTF8.self) else {
      throw Failure(quoted(argument), why: "it isn't UTF-8", fix: "only the command's own arguments can be any bytes")
    }
    return text
  }

  private var flags: [String] {
    let own = command.keys.map { "--" + $0 }
    let stages = command.takesCommand ? catalog.types.flatMap { $0.optionDescriptions.compactMap(\.flag) } : []
    return own + stages.map { "--" + $0 } + ["--help"]
  }
}
