import Pipeline

/// A stage with an option of every type.
struct Sample: IsolationStage {
  static let name = "sample"
  static let synonyms = ["text", "specimen"]
  static let help = """
    Takes an option of every type.
    Without it there is nothing to look at.
    """
  static let provides = [Facet("sample")]
  static let options = [
    StageOption("text", \Self.text, "a text", flag: "text", letter: "t"),
    StageOption("number", \Self.number, "a number"),
    StageOption("switch", \Self.isOn, "a switch", flag: "switch"),
    StageOption("path", \Self.path, "a path"),
    StageOption("maybe", \Self.maybe, "a path, or none"),
    StageOption("size", \Self.size, "a size"),
    StageOption("time", \Self.time, "a time"),
    StageOption("colour", \Self.colour, "a colour"),
    StageOption("item", \Self.items, "one more", none: "none"),
  ]

  enum Colour: String, CaseIterable { case red, green, blue }

  var text = "nothing"
  var number = 7
  var isOn = false
  var path: FilePath = "/tmp"
  var maybe: FilePath?
  var size = ByteCount(bytes: 64 << 20)
  var time = Duration.seconds(30)
  var colour = Colour.green
  var items: [String] = []
  init() {}
}

/// A stage without options, that lists one step a phase.
struct Plain: IsolationStage {
  static let name = "plain"
  static let help = "Has no options."
  static let provides = [Facet("plain")]
  static let follows: KeyValuePairs = [Facet("sample"): "a sample is looked at first"]
  init() {}

  func beforeClone(_ container: Container) -> [Step] { [.noting("plain beforeClone")] }
  func whileChildWaits(_ container: Container, child: ChildID) -> [Step] { [.noting("plain whileChildWaits")] }
  func inChild(_ container: Container) -> [Step] { [.noting("plain inChild")] }
  func beforeExec(_ container: Container) -> [Step] { [.noting("plain beforeExec")] }
}

/// A stage that gives the container a session of its own.
struct Apart: IsolationStage {
  static let name = "apart"
  static let help = "A session of its own."
  init() {}

  func shape(_ container: inout Container) { container.session = .own }
}

/// A stage that needs another.
struct Needy: IsolationStage {
  static let name = "needy"
  static let help = "Needs another stage above it."
  static let needs: KeyValuePairs = [Facet("plain"): "it stands on plain's shoulders"]
  init() {}
}

/// A stage that can't be set up.
struct Broken: IsolationStage {
  static let name = "broken"
  static let help = "Refuses everything."
  static let options = [StageOption("namespace", \Self.hasNamespace, "wants a namespace")]
  var hasNamespace = false
  init() {}

  var namespaces: Namespaces { hasNamespace ? .ipc : [] }
  func inChild(_ container: Container) throws(Failure) -> [Step] {
    if hasNamespace { return [] }
    throw Failure("broken on purpose", why: "a test wants it", fix: "leave it out")
  }
}

/// A stage for which the host lacks something.
struct Lacking: IsolationStage {
  static let name = "lacking"
  static let help = "Finds nothing to work with."
  static let provides = [Facet("lacking")]
  init() {}

  func beforeClone(_ container: Container) throws(Failure) -> [Step] {
    var failure = Failure("nothing to work with")
    failure.hostLacks = true
    throw failure
  }
}

/// A stage that needs the one above.
struct Clinging: IsolationStage {
  static let name = "clinging"
  static let help = "Needs a stage that can't be had."
  static let needs: KeyValuePairs = [Facet("lacking"): "it clings to it"]
  init() {}
}

extension Step {
  /// A step that does nothing.
  static func noting(_ text: String) -> Step { Step(text) { () throws(Errno) in } }
}
