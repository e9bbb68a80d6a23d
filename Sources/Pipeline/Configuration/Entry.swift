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
  /// Whether the command line switched it off.
  var isLeftOut = false
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
    let isKnown: Bool
    do throws(OptionError) {
      isKnown = try stage.set(key, to: value, context, given: given)
    } catch {
      throw WordError(named(key), error)
    }
    guard isKnown else { throw unknown(key) }
    given.append(key)
  }

  /// The option's key: what an open one takes is no key.
  private func named(_ key: String) -> String {
    let options = type(of: stage).optionDescriptions
    return options.contains { $0.key == key && !$0.isOpen } ? key : options.first { $0.isOpen }?.key ?? key
  }

  private func unknown(_ key: String) -> WordError {
    let keys = type(of: stage).optionDescriptions.map(\.key)
    return WordError(
      .key, "unknown key '\(shortened(key))' for stage '\(name)'" + didYouMean(key, among: keys),
      fix: keys.isEmpty ? "'\(name)' has no options" : "littlectr stages \(name) lists its keys")
  }
}

/// A word of a line that can't be taken, and which part of it is to blame.
struct WordError: Error {
  enum Part { case key, value }
  let part: Part
  let message: String
  let fix: String?

  init(_ part: Part, _ message: String, fix: String?) { (self.part, self.message, self.fix) = (part, message, fix) }

  init(_ key: String, _ error: OptionError) {
    switch error {
    case .repeated: self.init(.key, "'\(key)' is given twice", fix: "leave one of the two")
    case .missing(let syntax): self.init(.key, "'\(key)' needs a value", fix: "write \(key)=\(syntax)")
    case .invalid(let text, let error):
      self.init(
        .value,
        "invalid value '\(shortened(text))' for '\(key)': expected \(error.expected)"
          + didYouMean(text, among: error.words), fix: nil)
    }
  }
}

/// A text cut to what can be shown in a message.
func shortened(_ text: String) -> String {
  text.utf8.count <= 80 ? text : String(text.unicodeScalars.prefix(60)) + "…"
}
