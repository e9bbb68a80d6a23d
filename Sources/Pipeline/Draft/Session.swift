internal import Kernel
internal import SystemPackage

/// How a container stands to the session and the terminal of whoever started it: credentials(7).
public enum Session: Sendable {
  /// It is in the caller's session. At a terminal it is in the caller's process group as well, which the keys' signals
  /// go to; else it has a group of its own.
  case shared
  /// It has a session of its own, which has no terminal.
  case own
  /// It has a session of its own, with a pseudo-terminal, which littlectr relays.
  case terminal(PseudoTerminal)
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
