public import Pipeline

/// Gives the command a terminal of its own, or only a session without one: pty(7), setsid(2).
public struct Terminal: IsolationStage {
  public static let name = "terminal"
  public static let synonyms = ["tty", "pty", "console"]
  public static let help = """
    A terminal of its own, with job control; where there is none, a session of its own.
    Bytes are relayed to yours, and no key can be pressed for you. Yours are read once the command asks for them, and \
    stay your shell's until then; with pid's init=no they are read from the start. Ctrl-Z stops the command and \
    littlectr, fg continues both. Where your terminal is standard output or error only, the new one has no keyboard: \
    who waits for a key there is refused, or finds the end. \
    Without it the command sits at your own terminal: \
    where the kernel allows TIOCSTI it can type commands that your shell executes afterwards, and it may leave the \
    terminal in any mode.
    """
  public static let options = [
    StageOption(
      "pty", \Self.pty,
      "auto: when standard input, output or error is a terminal; yes: always, so that what is piped in is typed; no: never, so that nothing inside has job control"
    )
  ]
  public static let provides = [Facet.terminal]
  public static let follows: KeyValuePairs = [
    Facet.devices: "it comes from the container's /dev, where it has a name"
  ]
  public static let diagnostics = [noDevice, denied, usedUp]

  static let noDevice = Advice(
    .noSuchFileOrDirectory, why: "there is no {path}, which makes new terminals",
    fix: "write 'dev' on a line above terminal, or pty=no", without: "dev")
  static let denied = Advice(
    .permissionDenied, why: "the host's {path} can't be opened by you",
    fix: "write 'dev' on a line above terminal, or pty=no", without: "dev")
  static let usedUp = Advice(
    .noSpace, why: "all of the machine's pseudo-terminals are in use: sysctl kernel.pty.max is {limit}",
    fix: "end what uses them, or as root: sysctl -w kernel.pty.max=4096; or write pty=no")

  enum Pty: String, CaseIterable {
    case auto
    case yes
    case no
  }

  var pty = Pty.auto
  public init() {}

  public func shape(_ container: inout Container) {
    container.unshare("terminal")
    let host = container.host
    let terminals = pty == .no ? [] : (0..<3).map(Int32.init).filter { host.isTerminal($0) }
    guard pty == .yes || !terminals.isEmpty else {
      let isTyped = host.isRoot && !container.namespaces.contains(.user)
      // A session costs more than most namespaces. Without a terminal in the caller's there is none to be kept from.
      container.session = host.hasControllingTerminal ? .own : .shared
      container.share(
        SharedThing(
          "streams",
          "standard input, output and error: a terminal among them can be read, written"
            + (isTyped ? ", and by root typed into" : ", but not typed into")))
      return
    }
    let replaced = pty == .yes ? [0, 1, 2] : terminals
    // What is printed goes where the command would have printed it: to standard output, if that is replaced.
    let output = replaced.contains(1) ? 1 : replaced.contains(2) ? 2 : 0
    container.session = .terminal(
      PseudoTerminal(
        replacing: replaced, output: Int32(output),
        outer: terminals.first.map {
          OuterTerminal($0, hasOtherPrinters: terminals.count < 3)
        }))
    // Somebody in the command's session has to see it stop, without a pid namespace too.
    if replaced.contains(0), !container.namespaces.contains(.pid) { container.hasReaper = true }
    if host.isRoot, !container.namespaces.contains(.user), !container.namespaces.contains(.pid) {
      container.share(SharedThing("keyboard", "your terminal, which real root inside reaches through littlectr itself"))
    }
    if replaced.count < 3 {
      container.share(SharedThing("streams", "what of standard input, output and error isn't your terminal"))
    }
  }

  public func beforeClone(_ container: Container) -> [Step] {
    guard let outer = container.pseudoTerminal?.outer else { return [] }
    return [.look(at: outer).remark("your terminal, which stays as it is until the command asks for keys")]
  }

  public func inChild(_ container: Container) -> [Step] {
    guard let pty = container.pseudoTerminal else { return [] }
    // The host's makes one too, which then has no name inside.
    let isOwn = container.stagesAbove.contains("dev")
    let root = isOwn ? container.root : nil
    let path: FilePath = root == nil ? "/dev/ptmx" : "dev/pts/ptmx"
    let opening = Step.openTerminal(path, below: root, into: pty.ptmx)
      .advice(.noSuchFileOrDirectory) { _ in Self.noDevice.filled(["path": path.text]) }
      .advice(.permissionDenied) { _ in Self.denied.filled(["path": path.text]) }
      .advice(.noSpace) { Self.usedUp.filled(["limit": $0.host.sysctl("kernel.pty.max").map(String.init) ?? "low"]) }
    return [
      opening,
      pty.hasKeyboard
        ? .openPeer(of: pty.ptmx, into: pty.terminal)
        : .openPeer(of: pty.ptmx, into: pty.terminal, reading: false).remark("it has no keyboard"),
      pty.outer.map { .copy($0, to: pty.ptmx).remark("as yours") } ?? .setSize(of: pty.ptmx, rows: 24, columns: 80),
      .give(pty, toParentOf: container).remark("littlectr relays it"), .close(pty.ptmx),
    ]
  }
}
