public import Pipeline

/// Says what the command's environment holds: environ(7).
public struct Env: IsolationStage {
  public static let name = "env"
  public static let synonyms = ["environment", "setenv", "variables"]
  public static let help = """
    Variables of the command's environment.
    The environment begins with PATH, HOME, LANG, and your TERM, whatever your own holds: tokens and keys are often kept \
    there. Without it those are all that the command has. NAME=VALUE sets a variable, NAME alone or pass=NAME takes it \
    over from you, unset=NAME removes it; what stands further right wins. PATH, once set here, is where the command is \
    looked up too.
    """
  public static let options = [
    StageOption("pass", \Self.pass, "take over your own value; a * at the end stands for any rest", none: "none"),
    StageOption("unset", \Self.unset, "remove a variable", none: "none"),
    StageOption(
      anyKey: "NAME", \Self.assignments, "set a variable; without =VALUE, take over your own value",
      flag: "env", letter: "e"
    ),
  ]
  public static let follows: KeyValuePairs = [
    Facet.user: "HOME, USER and LOGNAME are the user's unless env says otherwise",
    .workingDirectory: "PWD is the working directory unless env says otherwise",
  ]
  public static let diagnostics = [notSet]

  static let notSet = Advice(
    why: "{name} isn't set where littlectr is called", fix: "set it there: {name}=… littlectr run …; or leave it out")

  /// What is done to one variable.
  enum Change: Sendable {
    case set(EnvironmentVariable)
    case pass(String)
    /// The same, written as the bare name.
    case take(String)
    case unset(String)
  }

  /// A variable with its value, or the name of one to take over.
  struct Assignment: OptionValue {
    let change: Change

    static let syntax = "VALUE"
    static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> Assignment {
      let sides = text.fields("=", most: 2)
      guard Name.isValid(sides[0]) else {
        throw ValueError(expected: "NAME=VALUE or NAME, with a name of \(Name.rule)")
      }
      return Assignment(
        change: sides.count == 1 ? .take(sides[0]) : .set(EnvironmentVariable(sides[0], sides[1])))
    }
    var optionText: String {
      switch change {
      case .set(let variable): shown(variable.line)
      case .pass(let name), .take(let name), .unset(let name): name
      }
    }
  }

  /// The name of a variable.
  struct Name: OptionValue {
    let text: String

    static let rule = "letters, digits and '_', that doesn't begin with a digit"
    static let syntax = "NAME"
    static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> Name {
      guard isValid(text) else { throw ValueError(expected: "a name of \(rule)") }
      return Name(text: text)
    }
    var optionText: String { text }

    static func isValid(_ text: String) -> Bool {
      func isLetter(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "_") || (0x61...0x7a).contains(byte | 0x20) }
      return text.utf8.first.map(isLetter) == true
        && text.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) }
    }
  }

  /// The name of a variable, or the beginning of several names and a `*`.
  struct Pattern: OptionValue {
    let text: String

    static let syntax = "NAME|NAME*"
    static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> Pattern {
      guard Name.isValid(text.ends(with: "*") ? String(Substring(text.utf8.dropLast())) : text) else {
        throw ValueError(expected: "a name of \(Name.rule), or the beginning of one and a '*'")
      }
      return Pattern(text: text)
    }
    var optionText: String { text }
  }

  /// All changes, in the order in which they are written.
  private var changes: [Change] = []
  // A table has a property for each key: these three show their part of the changes, and add to them; an empty list takes
  // that part away.
  var pass: [Pattern] {
    get { changes.compactMap { if case .pass(let name) = $0 { Pattern(text: name) } else { nil } } }
    set {
      changes.removeAll { if case .pass = $0 { newValue.isEmpty } else { false } }
      if let last = newValue.last { changes.append(.pass(last.text)) }
    }
  }
  var unset: [Name] {
    get { changes.compactMap { if case .unset(let name) = $0 { Name(text: name) } else { nil } } }
    set {
      changes.removeAll { if case .unset = $0 { newValue.isEmpty } else { false } }
      if let last = newValue.last { changes.append(.unset(last.text)) }
    }
  }
  var assignments: [Assignment] {
    get {
      changes.compactMap {
        switch $0 {
        case .set, .take: Assignment(change: $0)
        case .pass, .unset: nil
        }
      }
    }
    set { if let last = newValue.last { changes.append(last.change) } }
  }
  public init() {}

  public func shape(_ container: inout Container) throws(Failure) {
    for change in changes {
      switch change {
      case .set(let variable): container[bytesOf: variable.name] = variable.bytes
      case .unset(let name): container[bytesOf: name] = nil
      case .pass(let name) where name.ends(with: "*"):
        // Of such a group there need not be any.
        for name in container.host.variableNames(from: String(Substring(name.utf8.dropLast()))) where Name.isValid(name)
        {
          container[bytesOf: name] = try value(of: name, container.host)
        }
      case .pass(let name), .take(let name): container[bytesOf: name] = try value(of: name, container.host)
      }
    }
  }

  /// The caller's own value, whatever its bytes.
  private func value(of name: String, _ host: Host) throws(Failure) -> [UInt8] {
    guard let value = host.variable(name) else {
      throw Failure("pass=\(name)", Self.notSet.filled(["name": name]))
    }
    return value
  }
}
