import Pipeline

/// By how much a clock is put forward, or, after a `-`, back: `5d`, `-30s`.
struct TimeOffset: OptionValue, Equatable {
  var duration = Duration.zero

  static let syntax = "[-]TIME"

  static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> TimeOffset {
    let isBack = text.begins(with: "-")
    do throws(ValueError) {
      let duration = try Duration.parse(isBack ? text.dropping(1) : text, context)
      return TimeOffset(duration: isBack ? .zero - duration : duration)
    } catch {
      throw ValueError(expected: "a time such as 500ms, 30s, 5m, 2h or 1d, with - before it to go back")
    }
  }

  var optionText: String { isBack ? "-" + (Duration.zero - duration).optionText : duration.optionText }

  var isBack: Bool { duration < .zero }

  /// Seconds and nanoseconds, of which only the seconds may be negative.
  var parts: (seconds: Int64, nanoseconds: Int64) {
    let (seconds, attoseconds) = duration.components
    let nanoseconds = attoseconds / 1_000_000_000
    return nanoseconds < 0 ? (seconds - 1, nanoseconds + 1_000_000_000) : (seconds, nanoseconds)
  }
}
