/// What strace(1) has written with -f: the calls of all processes, in the order in which they began.
package struct SystemCallTrace {
  package struct Call {
    package let process: Int
    /// The call as strace prints it, with its answer.
    package var text: String
    /// The answer: what follows the last `=`.
    package var answer: String { text.range(ofLast: " = ").map { String(text[$0.upperBound...]) } ?? "?" }
    package var name: String { String(text.prefix { $0 != "(" }) }
  }

  package private(set) var calls: [Call] = []
  private static let unfinished = " <unfinished ...>"

  package init(_ text: String) {
    var unfinished: [Int: Int] = [:]
    for line in text.split(separator: "\n") {
      guard let process = Int(line.prefix { $0.isNumber }) else { continue }
      let rest = String(line.drop { $0.isNumber }.drop { $0 == " " })
      if rest.hasPrefix("<... "), let end = rest.range(ofLast: " resumed>"), let index = unfinished[process] {
        calls[index].text += rest[end.upperBound...]
        unfinished[process] = nil
      } else if rest.hasSuffix(Self.unfinished) {
        unfinished[process] = calls.count
        calls.append(Call(process: process, text: String(rest.dropLast(Self.unfinished.count))))
      } else if !rest.hasPrefix("+++"), !rest.hasPrefix("---") {
        calls.append(Call(process: process, text: rest))
      }
    }
  }

  /// The calls of one process.
  package func calls(of process: Int) -> [Call] { calls.filter { $0.process == process } }

  /// The processes, in the order in which they appear.
  package var processes: [Int] {
    var found: [Int] = []
    for call in calls where !found.contains(call.process) { found.append(call.process) }
    return found
  }
}

extension String {
  /// The last place of a text.
  package func range(ofLast text: String) -> Range<String.Index>? {
    var (start, end) = (endIndex, endIndex)
    while true {
      end = start
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      if end == startIndex { return nil }
      start = index(before: start)
    }
  }
}
