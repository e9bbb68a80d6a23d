public import SystemPackage

/// A cause that users meet, and the remedy for it.
///
/// The texts may hold `{names}`, which are filled with what was found when the failure happened. The manual prints the
/// texts with the names.
public struct Advice: Sendable, Equatable {
  /// What went wrong underneath; nil for a refusal before any call is made.
  public let errno: Errno?
  /// The cause, in one sentence.
  public let why: String
  /// What to do about it.
  public let fix: String

  /// Advice for a call that fails with `errno`.
  public init(_ errno: Errno? = nil, why: String, fix: String) {
    (self.errno, self.why, self.fix) = (errno, why, fix)
  }

  /// The same with the names replaced by what was found.
  public func filled(_ values: KeyValuePairs<String, String>) -> Advice {
    func fill(_ text: String) -> String {
      values.reduce(text) { text, pair in text.replacingAll("{\(pair.key)}", with: pair.value) }
    }
    return Advice(errno, why: fill(why), fix: fill(fix))
  }
}

/// What is known when a step has failed, for finding the cause.
public struct Evidence: Sendable {
  /// The machine, as it can be looked at now.
  public let host: Host
  /// The container as it was planned.
  public let container: Container
  /// What the step's inspection found where it failed; empty without one.
  public let detail: [UInt8]
}
