import Glibc

/// How a process has ended.
enum Ending: Equatable, CustomStringConvertible {
  case exited(Int32)
  case killed(Int32)

  init(waitStatus status: Int32) {
    let signal = status & 0x7f
    self = signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal)
  }

  var description: String {
    switch self {
    case .exited(let status): "exited with \(status)"
    case .killed(let signal): "killed by signal \(signal)"
    }
  }
}

/// What a process has left: its end, and what it printed.
struct Outcome: CustomStringConvertible {
  let ending: Ending
  let output: String
  let error: String

  /// The exit status; -1 for a process that a signal has ended.
  var status: Int32 { if case .exited(let status) = ending { status } else { -1 } }
  var lines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) }
  var description: String { "\(ending)\n--- output\n\(output)--- error\n\(error)---" }
}
