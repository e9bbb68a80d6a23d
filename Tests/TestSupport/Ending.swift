import Glibc

/// How a process has ended.
package enum Ending: Equatable, CustomStringConvertible {
  case exited(Int32)
  case killed(Int32)

  package init(waitStatus status: Int32) {
    let signal = status & 0x7f
    self = signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal)
  }

  package var description: String {
    switch self {
    case .exited(let status): "exited with \(status)"
    case .killed(let signal): "killed by signal \(signal)"
    }
  }
}

/// What a process has left: its end, and what it printed.
package struct Outcome: CustomStringConvertible {
  package let ending: Ending
  package let output: String
  package let error: String

  package init(ending: Ending, output: String, error: String) {
    (self.ending, self.output, self.error) = (ending, output, error)
  }

  /// The exit status; -1 for a process that a signal has ended.
  package var status: Int32 { if case .exited(let status) = ending { status } else { -1 } }
  package var lines: [String] {
    output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }
  package var description: String { "\(ending)\n--- output\n\(output)--- error\n\(error)---" }
}
