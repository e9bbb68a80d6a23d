/// A line of stages.conf, read: a stage with its options, and whether it is used.
public struct Entry: Sendable {
  /// Whether the line is used.
  public enum Mode: Sendable, Equatable {
    /// Used, and what can't be set up stops everything.
    case on
    /// Used if the host can.
    case tried
    /// Checked, but not used.
    case off
  }

  /// Whether the line is used.
  public var mode: Mode
  /// Where the line stands.
  public let location: Location
  /// The stage, with the options of the line.
  public internal(set) var stage: any IsolationStage
  /// The keys that the line gives.
  var given: [String] = []

  /// A line.
  public init(_ mode: Mode = .on, _ stage: any IsolationStage, at location: Location) {
    (self.mode, self.stage, self.location) = (mode, stage, location)
  }

  /// The stage's name.
  public var name: String { type(of: stage).name }

  /// Sets an option of the stage. Without a value the bare key means `yes`, for a switch.
  ///
  /// - Throws: why it can't be, with the part of the word that is meant.
  mutating func set(_ key: String, _ value: String?, _ context: ValueContext) throws(WordError) {
    try Self.set(&stage, key, value, context, &given)
  }

  private static func set(
    _ stage: inout any IsolationStage, _ key: String, _ value: String?, _ context: ValueContext, _ given: inout [String]
  ) throws(WordError) {
    func open<Stage: IsolationStage>(_ concrete: Stage, _ given: inout [String]) throws(WordError) -> Stage {
      guard let option = Stage.options.first(where: { $0.key == key }) else {
        let keys = Stage.options.map(\.key)
        throw WordError(
          .key, "unknown key '\(key)' for stage '\(Stage.name)'" + didYouMean(key, among: keys),
          fix: keys.isEmpty ? "'\(Stage.name)' has no options" : "littlectr stages \(Stage.name) lists its keys")
      }
      if given.contains(key), !option.isRepeatable {
        throw WordError(.key, "'\(key)' is given twice", fix: "leave one of the two")
      }
      given.append(key)
      guard let value = value ?? (option.isSwitch ? "yes" : nil) else {
        throw WordError(.key, "'\(key)' needs a value", fix: "write \(key)=\(option.syntax)")
      }
      var result = concrete
      do throws(ValueError) {
        try option.set(&result, to: value, context)
      } catch {
        throw WordError(
          .value, "invalid value '\(shortened(value))' for '\(key)': expected \(error.expected)"
            + didYouMean(value, among: error.words), fix: nil)
      }
      return result
    }
    stage = try open(stage, &given)
  }
}

/// A word of a line that can't be taken, and which part of it is to blame.
struct WordError: Error {
  enum Part { case key, value }
  let part: Part
  let message: String
  let fix: String?

  init(_ part: Part, _ message: String, fix: String?) { (self.part, self.message, self.fix) = (part, message, fix) }
}

/// A text cut to what can be shown in a message.
func shortened(_ text: String) -> String {
  text.utf8.count <= 80 ? text : String(text.prefix(60)) + "…"
}
