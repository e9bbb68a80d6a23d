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
  /// The keys of lists that the command line has set anew.
  var renewed: [String] = []

  /// A line.
  public init(_ mode: Mode = .on, _ stage: any IsolationStage, at location: Location) {
    (self.mode, self.stage, self.location) = (mode, stage, location)
  }

  /// The stage's name.
  public var name: String { type(of: stage).name }

  /// Sets an option of the stage. Without a value the bare key means `yes`, for a switch. A list is set anew by the first
  /// value of a line, and added to by the next ones; `KEY+` adds to what is there.
  ///
  /// - Parameter adds: whether a list is added to in any case.
  /// - Throws: why it can't be, with the part of the word that is meant.
  mutating func set(
    _ word: String, _ value: String?, _ context: ValueContext, adds: Bool = false
  ) throws(WordError) {
    var (key, isAdded) = (word, false)
    if word.utf8.last == UInt8(ascii: "+"), let option = option(String(word.dropLast())) {
      guard option.isRepeatable else {
        throw WordError(
          .key, "'\(option.key)' holds one value, to which none can be added",
          fix: "write \(option.key)=\(option.syntax)")
      }
      (key, isAdded) = (option.key, true)
    } else if adds, option(key)?.isRepeatable == true {
      isAdded = true
    }
    let isKnown: Bool
    do throws(OptionError) {
      // No copy of the keys is held while one is added to them: a file may give a hundred thousand.
      isKnown =
        isAdded
        ? try stage.set(key, to: value, context, given: [key]) : try stage.set(key, to: value, context, given: given)
    } catch {
      throw WordError(named(key), error)
    }
    guard isKnown else { throw unknown(key) }
    given.append(key)
  }

  /// The option with that key.
  func option(_ key: String) -> StageOption? { type(of: stage).options.first { $0.key == key && !$0.isOpen } }

  /// The option's key: what an open one takes is no key.
  private func named(_ key: String) -> String {
    option(key) != nil ? key : type(of: stage).options.first { $0.isOpen }?.key ?? key
  }

  /// What other programs call a key that several stages have.
  private static let usualKeys: KeyValuePairs = [
    "ro": "readonly", "rw": "readonly=no", "src": "from", "source": "from", "dst": "to", "dest": "to",
    "destination": "to", "target": "to",
  ]

  private func unknown(_ key: String) -> WordError {
    let keys = type(of: stage).options.map(\.key)
    let usual = Self.usualKeys.first { $0.key == plain(key) && keys.contains(String($0.value.prefix { $0 != "=" })) }
    return WordError(
      .key,
      "unknown key '\(shortened(key))' for stage '\(name)'"
        + (usual.map { "; did you mean '\($0.value)'?" } ?? didYouMean(key, among: keys)),
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
