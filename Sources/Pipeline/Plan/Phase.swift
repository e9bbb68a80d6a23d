/// When a step is performed, and by whom.
public enum Phase: Int, CaseIterable, Sendable, Comparable {
  /// The parent, before the child exists.
  case beforeClone
  /// The parent makes the child.
  case clone
  /// The parent, while the child waits for it.
  case whileChildWaits
  /// The child, in the file's order.
  case inChild
  /// The child, last.
  case beforeExec
  /// The child becomes the command.
  case exec

  /// Whether the child performs the steps of the phase.
  public var runsInChild: Bool { self >= .inChild }

  /// The phase in words.
  public var title: String {
    switch self {
    case .beforeClone: "parent, before the child exists"
    case .clone: "parent, makes the child"
    case .whileChildWaits: "parent, while the child waits"
    case .inChild: "child, in the file's order"
    case .beforeExec: "child, what must come last"
    case .exec: "child, becomes the command"
    }
  }

  /// The word for the phase in the output for programs.
  public var word: String {
    switch self {
    case .beforeClone: "beforeClone"
    case .clone: "clone"
    case .whileChildWaits: "whileChildWaits"
    case .inChild: "inChild"
    case .beforeExec: "beforeExec"
    case .exec: "exec"
    }
  }

  /// Earlier phases come first.
  public static func < (a: Phase, b: Phase) -> Bool { a.rawValue < b.rawValue }
}
