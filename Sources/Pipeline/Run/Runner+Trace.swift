internal import Kernel
internal import SystemPackage

extension Runner {
  /// Prints a step with the time that it took, in microseconds.
  func trace(_ index: Int, _ start: UInt64, _ errno: Errno?) {
    let item = plan.items[index]
    let end = ProcessContext.nanoseconds
    // Somebody may set the clock.
    let microseconds = (end - min(start, end)) / 1000
    let stage = item.entry.map { plan.entries[$0].name } ?? "-"
    func padded(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    let calls = shown(item.step.text.lines.joined(separator: "; "))
    say(
      "\(padded(String(index + 1), 4)) \(padded(String(microseconds), 7)) µs  \(stage): \(calls)"
        + (errno.map { " = \($0.name)" } ?? ""))
  }
}
