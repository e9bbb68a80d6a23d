internal import Kernel
internal import SystemPackage

/// Process 1 while the command runs: it forwards signals, collects orphans, and tells littlectr when the command has
/// stopped. It leads the session, and has the terminal, of a container that has one of its own.
struct Reaper {
  let command: Int32
  /// Through which littlectr is told, and asks; nil where nobody wants to know.
  private(set) var socket: FileDescriptor?
  /// The container's terminal, if it can be typed at.
  let terminal: FileDescriptor?
  /// Whether the keys' signals of the caller's terminal reach the command by themselves.
  let isInCallersGroup: Bool
  private var isStopped = false
  /// Whether the command was stopped since it wanted the terminal.
  private var wantsTerminal = false
  /// The group that had the terminal before the container was put into the background; 0 for none.
  private var former: Int32 = 0

  init(command: Int32, socket: FileDescriptor?, terminal: FileDescriptor?, isInCallersGroup: Bool) {
    (self.command, self.socket, self.terminal) = (command, socket, terminal)
    self.isInCallersGroup = isInCallersGroup
  }

  /// Waits for the command's end.
  mutating func waitForEnd() throws(Errno) -> ExitStatus {
    while true {
      let received = try Syscall.waitForSignal(.all)
      heedRequests()
      // What asks it to end comes before that it has stopped, if both wait.
      let runsInChild = received.signal == .child
      if runsInChild || received.signal.isRequestToEnd, let status = try lookAtChildren() { return status }
      if !runsInChild { forward(received) }
      // Nobody would say so again: an outer filter has only said that it waits.
      if received.endedChild == command { throw .protocolError }
    }
  }

  /// Collects who has ended, and tells when the command has stopped; its status, if it has ended.
  private mutating func lookAtChildren() throws(Errno) -> ExitStatus? {
    while let (child, change) = try Syscall.change(of: -1) {
      guard child == command else { continue }
      switch change {
      case .ended(let status): return status
      case .stopped(let signal): tell(signal)
      }
    }
    return nil
  }

  private mutating func tell(_ signal: Signal) {
    isStopped = true
    wantsTerminal = wantsTerminal || signal == .backgroundRead || signal == .backgroundWrite
    if let socket { try? Syscall.sendNow(Report.stopped(signal).bytes, to: socket) }
  }

  /// What a key sends goes to all of the command's group, what a process sends to the command.
  private mutating func forward(_ received: ReceivedSignal) {
    let signal = received.signal
    guard received.isFromProcess || !isInCallersGroup else { return }
    let isGroups = received.isQueued || !received.isFromProcess || signal == .continue
    // It was to go on, and the kernel has dropped that SIGCONT for this.
    if isStopped, signal.stopsJob { send(.continue, toGroup: true) }
    send(signal, toGroup: isGroups)
    // What has stopped would heed it only once it goes on.
    if isStopped, signal.isRequestToEnd { send(.continue, toGroup: true) }
    if signal == .continue { isStopped = false }
  }

  private func send(_ signal: Signal, toGroup: Bool) {
    if toGroup, !isInCallersGroup, (try? Syscall.kill(-command, signal.number)) != nil { return }
    try? Syscall.kill(command, signal.number)
  }

  private mutating func heedRequests() {
    while let open = socket, let message = try? Syscall.receiveNow(from: open, limit: 1) {
      switch message.first.flatMap(Request.init) {
      case .foreground?: putIntoForeground()
      case .background?: putIntoBackground()
      case nil: socket = nil
      }
    }
  }

  private mutating func putIntoForeground() {
    guard let terminal, let now = try? Syscall.foreground(of: terminal) else { return }
    if wantsTerminal || now == Syscall.processID {
      let group = wantsTerminal || former == 0 ? command : former
      if (try? Syscall.setForeground(of: terminal, to: group)) == nil {
        try? Syscall.setForeground(of: terminal, to: command)
      }
    }
    (wantsTerminal, former) = (false, 0)
  }

  private mutating func putIntoBackground() {
    guard let terminal, let now = try? Syscall.foreground(of: terminal), now != Syscall.processID else { return }
    former = now
    try? Syscall.setForeground(of: terminal, to: Syscall.processID)
  }
}
