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

  /// The stage that the remedy wants switched on: where it is in use, something else is the cause.
  public let stage: String?

  /// Advice for a call that fails with `errno`.
  ///
  /// - Parameter stage: a stage without which alone the advice holds.
  public init(_ errno: Errno? = nil, why: String, fix: String, without stage: String? = nil) {
    (self.errno, self.why, self.fix, self.stage) = (errno, why, fix, stage)
  }

  /// The same with the names replaced by what was found, in one line each, whatever that is.
  public func filled(_ values: KeyValuePairs<String, String>) -> Advice {
    func fill(_ text: String) -> String {
      // In one go: what was found may hold names of its own.
      var (result, rest) = ("", text.utf8[...])
      while let start = rest.firstIndex(of: UInt8(ascii: "{")) {
        result += String(Substring(rest[..<start]))
        rest = rest[start...]
        let end = rest.firstIndex(of: UInt8(ascii: "}")) ?? rest.endIndex
        let name = String(Substring(rest[..<end])).dropping(1)
        if end < rest.endIndex, let value = values.first(where: { $0.key == name })?.value {
          result += shown(value)
          rest = rest[end...].dropFirst()
        } else {
          result += "{"
          rest = rest.dropFirst()
        }
      }
      return result + String(Substring(rest))
    }
    return Advice(errno, why: fill(why), fix: fill(fix), without: stage)
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
  /// The stage's line, or its option on the command line; nil for the pipeline's own steps.
  public var location: Location?

  /// Whether a stage is in use, on whichever line.
  public func uses(_ stage: String) -> Bool { container.stagesInUse.contains(stage) }
  /// Whether the stage is there by an option of the command line, so that there is no line to be changed.
  public var isOption: Bool { location?.line == 0 }
}
