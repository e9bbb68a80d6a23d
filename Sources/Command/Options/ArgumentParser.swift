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
      // Docker's -h takes a host name.
      let isHelp = word == "-h" && !(command.takesCommand && rest.first.map { $0.first != UInt8(ascii: "-") } ?? false)
      if word == "--help" || isHelp {
        wantsHelp = true
        return
      }
      try readOption(word, &rest)
    }
  }

  private mutating func readOption(_ word: String, _ rest: inout ArraySlice<[UInt8]>) throws(Failure) {
    if !word.begins(with: "--") { return try readLetters(word, &rest) }
    let parts = word.fields("=", most: 2)
    let (name, attached) = (parts[0], parts.count > 1 ? parts[1] : nil)
    if let option = CommandOptions.table.first(where: { $0.isNamed(name) || "--" + $0.key == name }),
      command.keys.contains(option.key)
    {
      let value = try value(name, attached, isSwitch: option.isSwitch, option.syntax, &rest) ?? "yes"
      do throws(ValueError) {
        try option.set(&options, to: value, ValueContext(directory: ""))
      } catch {
        throw Failure("\(name) \(value): expected \(error.expected)" + didYouMean(value, among: error.words))
      }
      return
    }
    if let (stage, option) = try stageOption(name) {
      let value = try value(name, attached, isSwitch: option.isSwitch, option.flagSyntax, &rest)
      add(stage, option, value, text: value.map { "\(name)=\($0)" } ?? name)
      try refuseSecondPath(option, value, attached, rest.first)
      return
    }
    try readForeign(name, attached, &rest, whole: name)
  }

  /// Reads `-w/tmp`, `-eA=1`, `-it`: switches, of which the last may be an option with its value.
  private mutating func readLetters(_ word: String, _ rest: inout ArraySlice<[UInt8]>) throws(Failure) {
    var letters = word.unicodeScalars.dropFirst()
    while let letter = letters.popFirst() {
      let name = "-" + String(letter)
      let attached = letters.isEmpty ? nil : String(Substring(letters.first == "=" ? letters.dropFirst() : letters))
      if let (stage, option) = try stageOption(name) {
        let isAlone = option.isSwitch && letters.first != "="
        let value = try isAlone ? nil : value(name, attached, isSwitch: false, option.flagSyntax, &rest)
        add(stage, option, value, text: value.map { "\(name) \($0)" } ?? name)
        if isAlone { continue }
        return
      }
      let whole = letters.count == word.unicodeScalars.count - 2 ? word : name
      if letters.first == "=" || ForeignOption.named(name)?.values.isEmpty == false {
        return try readForeign(name, attached, &rest, whole: whole)
      }
      // What follows a switch are more letters.
      try readForeign(name, nil, &rest, whole: whole)
    }
  }

  /// The option of a stage that has that flag.
  private func stageOption(_ name: String) throws(Failure) -> (stage: String, option: StageOption)? {
    guard command.takesCommand else { return nil }
    var found: (stage: String, option: StageOption)?
    for type in catalog.types {
      for option in type.options where option.isNamed(name) {
        if let first = found {
          throw Failure(
            "\(name) is a flag of more than one stage", why: "\(first.stage), \(type.name)",
            fix: "write --set STAGE.KEY=VALUE")
        }
        found = (type.name, option)
      }
    }
    return found
  }

  private mutating func add(_ stage: String, _ option: StageOption, _ value: String?, text: String) {
    options.settings.append(
      StageSetting(stage: stage, key: option.isOpen ? "" : option.key, value: value, text: text))
  }

  /// bubblewrap's --bind has two words. The second would be taken for the command, which a directory can't be.
  private func refuseSecondPath(
    _ option: StageOption, _ value: String?, _ attached: String?, _ next: [UInt8]?
  ) throws(Failure) {
    guard option.flag == "bind", let value, attached == nil, !value.has(":"), let next,
      next.first == UInt8(ascii: "/"), let path = String(validating: next, as: UTF8.self),
      Host.current.status(of: FilePath(path))?.isDirectory == true
    else { return }
    throw Failure(
      "--bind \(value) \(path)", why: "here it takes one word",
      fix: "write --bind \(value):\(path), or -v \(value):\(path)")
  }

  /// Answers an option that another program has. What is so in any case is passed over, with its value.
  private mutating func readForeign(
    _ name: String, _ attached: String?, _ rest: inout ArraySlice<[UInt8]>, whole: String
  ) throws(Failure) {
    guard command.takesCommand, let option = ForeignOption.named(name) else {
      let known =
        flags + (command.takesCommand ? ForeignOption.all.flatMap(\.names).filter { $0.begins(with: "--") } : [])
      throw Failure(
        "unknown option '\(whole)'" + didYouMean(whole, among: known),
        fix: "littlectr \(command.name) --help lists them")
    }
    var given: [String] = []
    if option.values.isEmpty {
      if let attached {
        if attached == "false" || attached == "no", option.asksForSomething { return }
        given = [attached]
      }
    } else {
      let following = rest.prefix(option.values.count).map { String(validating: $0, as: UTF8.self) ?? "" }
      given = attached.map { [$0] } ?? following
    }
    let taken = option.values.isEmpty || attached != nil ? 0 : 1
    if let refusal = option.refusal(name, given) {
      guard let needs = option.needs(given) else { throw refusal }
      options.foreign.append(ForeignSetting(needs: needs, refusal: refusal))
    } else if taken > rest.count {
      throw Failure("\(name) needs a value", fix: "leave it out")
    }
    rest = rest.dropFirst(taken)
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
    let stages =
      command.takesCommand
      ? catalog.types.flatMap { $0.options.flatMap { ($0.flag.map { [$0] } ?? []) + $0.aliases } } : []
    return own + stages.map { "--" + $0 } + ["--help"]
  }
}
