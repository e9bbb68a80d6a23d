internal import Kernel
internal import Synchronization
internal import SystemPackage

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
