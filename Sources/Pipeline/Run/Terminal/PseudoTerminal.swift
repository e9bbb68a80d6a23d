internal import SystemPackage

/// A terminal that the container has to itself, and what its bytes go to and come from: pty(7).
public struct PseudoTerminal: Sendable {
  /// The side that is relayed, in the child, which opens it.
  public let ptmx = Handle("ptmx")
  /// The side that the command has.
  public let terminal = Handle("terminal")
  /// The same in the parent, which the child gives it to.
  let parentPtmx = Handle("parent-ptmx")
  /// The command's side in the parent: while it is open there, the terminal doesn't end when nobody else has it open.
  let parentTerminal = Handle("parent-terminal")
  /// Which of standard input, output and error become the command's side.
  public let replaced: [Int32]
  /// Where what is printed goes to: a descriptor of littlectr's.
  public let output: Int32
  /// The terminal that littlectr was started at, if there is one.
  public let outer: OuterTerminal?

  /// A terminal that is yet to be opened.
  public init(replacing replaced: [Int32], output: Int32, outer: OuterTerminal?) {
    (self.replaced, self.output, self.outer) = (replaced, output, outer)
  }

  /// Whether it can be typed at. One that can't is nobody's controlling terminal, and open for writing only.
  public var hasKeyboard: Bool { replaced.contains(0) }

  /// Whether the command starts in its foreground, where nothing that it does with it stops it: unless littlectr is in the
  /// background of the terminal that is typed at.
  var startsInFront: Bool { hasKeyboard && (outer?.hasKeyboard != true || outer?.wasInForeground == true) }

  /// How the command gets it, as strace prints it.
  var takingCalls: String { replaced.reduce("") { $0 + "dup3(\(terminal), \($1), 0)\n" } }
}
