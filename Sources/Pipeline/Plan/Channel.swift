internal import Kernel
internal import SystemPackage

/// How parent and child talk while the container is set up: a pair of sockets, on which whole messages travel.
///
/// The parent sends one byte, "go". The child sends what failed. The socket of a parent that has died reads as closed.
struct Channel: Sendable {
  let parentEnd = Handle("parent")
  let childEnd = Handle("child-end")

  static let messageLimit = 4096 + 16

  /// Closes both ends, in the parent.
  func close() {
    for end in [parentEnd, childEnd] { close(end) }
  }

  /// Closes the child's end in the parent, which then sees that the child has closed its own.
  func closeChildEnd() { close(childEnd) }

  private func close(_ end: Handle) {
    try? Syscall.close(end.descriptor)
    end.empty()
  }

  /// - Parameter isTried: whether a message is sent through it. Where a filter answers for the kernel, parent and child would
  ///   wait for each other.
  func open(isTried: Bool) -> Step {
    let making = "socketpair(AF_UNIX, SOCK_SEQPACKET|SOCK_CLOEXEC, 0, [\(parentEnd), \(childEnd)])"
    let trying = """

      sendto(\(childEnd), "?", 1, MSG_NOSIGNAL, NULL, 0)
      recvfrom(\(parentEnd), "?", 1, MSG_DONTWAIT, NULL, NULL) = 1
      """
    return Step(isTried ? making + trying : making) { () throws(Errno) in
      let pair = try SocketPair()
      parentEnd.fill(pair.parent)
      childEnd.fill(pair.child)
      if !isTried { return }
      let question = [UInt8(ascii: "?")]
      try Syscall.send(question, to: pair.child)
      guard (try? Syscall.receiveNow(from: pair.parent, limit: 1)) == question else { throw .protocolError }
    }.remark("parent and child talk through it")
  }

  var go: Step {
    Step("sendto(\(parentEnd), \"g\", 1, MSG_NOSIGNAL, NULL, 0)") { () throws(Errno) in
      try Syscall.send([UInt8(ascii: "g")], to: parentEnd.descriptor)
    }.remark("the child may go on")
  }

  /// - Parameters:
  ///   - leading: what the container leads of its own.
  ///   - mask: is filled with the caller's.
  func childSteps(leading: Program.Leading, saving mask: FileModeMask) -> [Step] {
    let apart: [Step] =
      switch leading {
      case .nothing: []
      case .group:
        [
          Step("setpgid(0, 0)") { () throws(Errno) in try Syscall.leadGroup() }
            .remark("a signal to the container's group spares yours, and the other way round")
        ]
      case .session:
        [
          Step("setsid()") { () throws(Errno) in try Syscall.leadSession() }
            .remark("your terminal, its keys and its signals are no longer the container's")
        ]
      }
    // First, so that whoever stops it then can't have it outlive littlectr.
    return [
      Step("prctl(PR_SET_PDEATHSIG, SIGKILL)") { () throws(Errno) in try Syscall.dieWithParent() }
        .remark("this process ends when littlectr does")
    ] + apart + [
      .setFileModeMask(0o022, saving: mask).remark("what littlectr makes from here on doesn't depend on yours"),
      Step("close(\(parentEnd))") { () throws(Errno) in try Syscall.close(parentEnd.descriptor) },
      Step(
        """
        recvfrom(\(childEnd), "g", 1, 0, NULL, NULL) = 1
        recvfrom(\(childEnd), <nothing>, 1, MSG_PEEK|MSG_DONTWAIT, NULL, NULL)
        """
      ) { () throws(Errno) in
        // The second look is for a parent that died before the step above: nobody would send this child a signal.
        let message = try Syscall.receive(from: childEnd.descriptor, limit: 1)
        if message != [UInt8(ascii: "g")] || !Syscall.isOpen(childEnd.descriptor) { Syscall.exit(125) }
      }.remark("wait for the parent, and be sure that it lives"),
    ]
  }
}

/// What the parent asks of process 1 while the command runs.
enum Request: UInt8, Sendable {
  /// To put the command into the foreground of its terminal.
  case foreground = 1
  /// To put it into the background again.
  case background

  func send(to socket: FileDescriptor) { try? Syscall.sendNow([rawValue], to: socket) }
}

/// What the child tells the parent.
enum Report: Sendable, Equatable {
  /// A step failed, with its errno and what was found there.
  case failed(step: Int, errno: Int32, detail: [UInt8])
  /// Process 1 has started the command.
  case started
  /// A step is done at which littlectr was asked to die.
  case reached(step: Int)
  /// A signal has stopped the command.
  case stopped(Signal)

  var bytes: [UInt8] {
    switch self {
    case .failed(let step, let errno, let detail): [1] + Self.bytes(step) + Self.bytes(Int(errno)) + detail.prefix(4000)
    case .reached(let step): [2] + Self.bytes(step)
    case .started: [3]
    case .stopped(let signal): [5, UInt8(truncatingIfNeeded: signal.number)]
    }
  }

  init?(_ bytes: [UInt8]) {
    switch bytes.first {
    case 1 where bytes.count >= 9:
      let errno = Int32(truncatingIfNeeded: Self.number(bytes[5..<9]))
      self = .failed(step: Self.number(bytes[1..<5]), errno: errno, detail: Array(bytes[9...]))
    case 3 where bytes.count == 1: self = .started
    case 5 where bytes.count == 2: self = .stopped(Signal(number: Int32(bytes[1])))
    case 2 where bytes.count == 5: self = .reached(step: Self.number(bytes[1..<5]))
    default: return nil
    }
  }

  /// The message that brings the container's terminal.
  static let terminal: [UInt8] = [4]

  private static func bytes(_ number: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }
  private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.enumerated().reduce(0) { $0 | Int($1.element) << ($1.offset * 8) }
  }
}
