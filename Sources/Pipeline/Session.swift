internal import Kernel
internal import Synchronization
internal import SystemPackage

/// How a container stands to the session and the terminal of who started it: credentials(7).
public enum Session: Sendable {
  /// It is in the caller's session. At a terminal it is in the caller's process group as well, which the keys' signals
  /// go to; else it has a group of its own.
  case shared
  /// It has a session of its own, which has no terminal.
  case own
  /// It has a session of its own, with a pseudo-terminal, which littlectr relays.
  case terminal(PseudoTerminal)
}

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

/// The terminal that littlectr was started at. It stays as it is until the command asks for keys.
public final class OuterTerminal: Sendable {
  /// The descriptor of littlectr's that is the terminal.
  public let descriptor: Int32
  private let state = Mutex<Look?>(nil)
  private let hasOtherPrinters: Bool

  /// What it is like.
  private struct Look {
    var modes: TerminalModes
    var size: TerminalSize
    /// Whether the modes were another's, a shell's that edits its line for instance, when the container was started.
    var isOthers: Bool
    var taken: Purpose?
  }

  /// What it is taken for.
  enum Purpose {
    /// Every key is the command's.
    case keys
    /// The terminal's answers are taken out of what is typed. Keys still send signals.
    case answers
  }

  /// The terminal of a descriptor.
  ///
  /// - Parameter hasOtherPrinters: whether others may print to it too: what the command's output is piped to.
  public init(_ descriptor: Int32, hasOtherPrinters: Bool = false) {
    (self.descriptor, self.hasOtherPrinters) = (descriptor, hasOtherPrinters)
  }

  /// Whether it is typed at: it is standard input.
  public var hasKeyboard: Bool { descriptor == 0 }

  var file: FileDescriptor { FileDescriptor(rawValue: descriptor) }

  /// What its modes are littlectr's for, for now.
  var taken: Purpose? { state.withLock { $0?.taken } }

  /// What it was like when the container was started; nil if its modes were another's.
  var firstModes: TerminalModes? { state.withLock { $0.flatMap { $0.isOthers ? nil : $0.modes } } }

  /// Whether littlectr was in its foreground when the container was started.
  var wasInForeground: Bool { state.withLock { $0?.isOthers == false } }

  /// Whether littlectr may read it and change its modes.
  var isInForeground: Bool { Syscall.isInForeground(of: file) }

  /// Whether it puts a carriage return before each end of a line that is printed to it.
  var returnsCarriage: Bool {
    state.withLock { $0.map { $0.modes.manners.returnsCarriage && ($0.taken != .keys || hasOtherPrinters) } ?? false }
  }

  /// Whether it has been hung up.
  var isGone: Bool {
    do throws(Errno) { _ = try Syscall.foreground(of: file) } catch { return error == .ioError }
    return false
  }

  /// What it does with what is typed, now.
  func manners() throws(Errno) -> TerminalManners { try Syscall.modes(of: file).manners }

  /// Remembers how it is.
  func look() throws(Errno) {
    let found = Look(
      modes: try Syscall.modes(of: file), size: try Syscall.size(of: file), isOthers: !isInForeground)
    state.withLock { $0 = found }
  }

  /// Makes another terminal what it was like. Where it was another's, the new one keeps the kernel's own modes.
  func copy(to other: FileDescriptor) throws(Errno) {
    guard let found = state.withLock({ $0 }) else { throw .badFileDescriptor }
    if !found.isOthers { try Syscall.setModes(found.modes, of: other) }
    try Syscall.setSize(found.size, of: other)
  }

  /// Has every byte come at once, until it is released. It may have been changed since it was looked at.
  func take(for purpose: Purpose) throws(Errno) {
    let before = state.withLock { $0 }
    if before?.taken == purpose { return }
    let modes = if let before, before.taken != nil { before.modes } else { try Syscall.modes(of: file) }
    try Syscall.setModes(purpose == .keys ? modes.raw(sparingOutput: hasOtherPrinters) : modes.quiet, of: file)
    state.withLock {
      $0?.modes = modes
      $0?.taken = purpose
    }
  }

  /// Makes it what it was before it was taken. A terminal that is gone needs no care.
  func release() {
    guard taken != nil, let modes = state.withLock({ $0?.modes }) else { return }
    try? Syscall.setModes(modes, of: file)
    state.withLock { $0?.taken = nil }
  }
}

extension Container {
  /// The terminal of its own, if it has one.
  public var pseudoTerminal: PseudoTerminal? { if case .terminal(let pty) = session { pty } else { nil } }

  /// Whether the keys' signals of the caller's terminal reach the command by themselves.
  var isInCallersGroup: Bool { if case .shared = session { host.hasTerminal } else { false } }

  /// What the child leads.
  var childLeads: Program.Leading {
    if case .shared = session { host.hasTerminal ? .nothing : .group } else { .session }
  }

  /// What the command leads beside process 1: a group, so that its session's leader sees it stop. A group whose parent is in
  /// another session can't be stopped by the terminal.
  var commandLeads: Program.Leading {
    if case .shared = session { childLeads } else { .group }
  }

  /// Whether process 1 tells littlectr that the command has stopped: where there is a terminal, whose shell wants to know.
  var tellsOfStops: Bool {
    guard hasReaper else { return false }
    if case .shared = session { return host.hasTerminal }
    return true
  }

  /// Whether littlectr sees it when the command has stopped by what the terminal stops jobs with: it is told, or is the
  /// command's parent.
  var showsStops: Bool { tellsOfStops || !hasReaper && isInCallersGroup && !namespaces.contains(.pid) }

  /// Whether the child is no reaper of process ids' namespace, but there to see the command stop.
  var hasMonitor: Bool { hasReaper && !namespaces.contains(.pid) }
}
