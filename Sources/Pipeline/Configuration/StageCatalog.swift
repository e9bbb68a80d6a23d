/// The stages that a configuration may name.
public struct StageCatalog: Sendable {
  /// The types, in the order in which they are listed for users.
  public let types: [any IsolationStage.Type]

  /// A catalog of these types.
  public init(_ types: [any IsolationStage.Type]) { self.types = types }

  /// The type of that name.
  public subscript(name name: String) -> (any IsolationStage.Type)? { types.first { $0.name == name } }

  /// All names.
  public var names: [String] { types.map { $0.name } }

  /// Whether a word that names no stage is known to mean one, or a key of one.
  func isMeant(by word: String) -> Bool {
    let bare = plain(word)
    return !bare.isEmpty
      && types.contains { $0.synonyms.contains(bare) || $0.options.contains { $0.key == bare && !$0.isOpen } }
  }

  /// What is told to somebody who names a stage that isn't there: the one that is meant, and what to write or read.
  ///
  /// - Parameter others: words that may stand in a stage's place.
  public func answer(to word: String, among others: [String] = []) -> (hint: String, fix: String) {
    let bare = plain(word)
    if let type = types.first(where: { $0.synonyms.contains(bare) || plain($0.name) == bare }), !bare.isEmpty {
      // What other programs have as an option is often a key here.
      if let option = type.options.first(where: { plain($0.key) == bare && !$0.isOpen }) {
        return ("; it is a key of '\(type.name)'", "write \(type.name) \(option.key)=\(option.syntax)")
      }
      return ("; did you mean '\(type.name)'?", "littlectr stages \(type.name) tells what it does")
    }
    let owners = types.filter { $0.options.contains { $0.key == bare && !$0.isOpen } }
    guard let first = owners.first else {
      return (didYouMean(word, among: names + others), "littlectr stages lists them all")
    }
    return (
      "; it is a key of \(owners.map { "'\($0.name)'" }.joined(separator: ", "))",
      "write \(first.name) \(bare)=…; littlectr stages \(first.name) tells more"
    )
  }
}
