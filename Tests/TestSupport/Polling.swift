import Glibc

/// How long a test waits, in seconds, for what should be there at once: a machine under load takes its time.
package let patience = 60.0

/// The time since an unspecified moment, in seconds.
package func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Asks again and again until there is an answer.
///
/// - Throws: what was waited for, when it doesn't come.
package func find<Value>(
  _ what: @autoclosure () -> String, within seconds: Double = patience, _ ask: () throws -> Value?
) throws -> Value {
  let start = now()
  var pause: UInt32 = 500
  while true {
    if let value = try ask() { return value }
    if now() - start > seconds { throw Trouble("waited \(Int(seconds)) seconds in vain: \(what())") }
    usleep(pause)
    pause = min(pause * 2, 20_000)
  }
}

/// Asks again and again until a condition holds. See `find`.
package func eventually(
  _ what: @autoclosure () -> String, within seconds: Double = patience, _ holds: () throws -> Bool
) throws {
  try find(what(), within: seconds) { try holds() ? () : nil }
}
