internal import Pipeline

/// An option of Docker's, Podman's or bubblewrap's that littlectr answers, though none of its stages has it.
///
/// One that means here what it means there is no entry of this table, but an alias in the option table of a stage.
struct ForeignOption: Sendable {
  enum Program: String, CaseIterable, Sendable {
    case engines = "Docker and Podman"
    case bubblewrap = "bubblewrap"
  }

  enum Answer: Sendable {
    /// It is so in any case: the option is accepted, and its value with it.
    case given(String)
    /// Words that do the same here, and perhaps a remark. `{1}` and `{2}` stand for the values.
    case instead(String, remark: String? = nil)
    /// The same, where the words are made of the value; nil for one that isn't understood.
    case made(@Sendable (String) -> String?, remark: String? = nil)
    /// What it means depends on its value; the words for the values, of which none are needed for what is so in any case,
    /// and what holds for any other.
    case byValue(KeyValuePairs<String, String>, otherwise: String, fix: String)
    /// What isn't there, and what to do.
    case missing(String, fix: String)

    /// All of it, for the manual.
    func text(_ option: ForeignOption) -> String {
      func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + "." }
      switch self {
      case .given(let reason): return "Accepted: \(reason)."
      case .instead(_, let remark), .made(_, let remark):
        return "Write \(option.words([]) ?? "")." + (remark.map { " " + sentence($0) } ?? "")
      case .byValue(let words, let otherwise, let fix):
        return words.map { $0.value.isEmpty ? "\($0.key) is accepted." : "For \($0.key) write \($0.value)." }
          .joined(separator: " ") + " Otherwise: \(otherwise); \(fix)."
      case .missing(let lack, let fix): return sentence(lack) + " Remedy: \(fix)."
      }
    }
  }

  let program: Program
  let names: [String]
  /// What stands for values that aren't there, one word each; empty for a switch.
  let values: [String]
  let answer: Answer

  init(_ program: Program, _ names: String, _ values: String, _ answer: Answer) {
    (self.program, self.values, self.answer) = (program, values.words(), answer)
    self.names = names.words()
  }

  init(_ program: Program, _ names: String, _ answer: Answer) { self.init(program, names, "", answer) }

  static let all = engines + engineLimits + engineNamespaces + bubblewrap

  static func named(_ name: String) -> ForeignOption? { all.first { $0.names.contains(name) } }

  /// The words of littlectr's for its values; those of the table stand for what isn't given.
  func words(_ given: [String]) -> String? {
    func value(_ index: Int) -> String {
      index < given.count ? given[index] : index < values.count ? values[index] : ""
    }
    switch answer {
    case .given, .missing: return nil
    case .instead(let words, _): return words.replacingAll("{1}", with: value(0)).replacingAll("{2}", with: value(1))
    case .made(let make, _): return make(value(0)) ?? make(values.first ?? "")
    case .byValue(let words, _, _): return words.first { $0.key == given.first }?.value
    }
  }

  /// What is told to a user who writes it; nil when it is accepted.
  ///
  /// - Parameter given: its values, as far as they are there.
  func refusal(_ name: String, _ given: [String]) -> Failure? {
    let what = "littlectr has no option " + ([name] + values).joined(separator: " ")
    switch answer {
    case .given(let reason):
      if !values.isEmpty || ["true", "yes", "1", nil].contains(given.first) { return nil }
      return Failure("\(name)=\(given.first ?? "") can't be", why: reason, fix: "leave it out")
    case .instead(_, let remark), .made(_, let remark):
      return Failure(what, why: remark ?? "that is \(program.rawValue)'s word", fix: "write \(words(given) ?? "")")
    case .byValue(_, let otherwise, let fix):
      guard let words = words(given) else {
        return Failure(what, why: otherwise, fix: fix.replacingAll("{1}", with: given.first ?? values.first ?? ""))
      }
      return words.isEmpty ? nil : Failure(what, why: "that is \(program.rawValue)'s word", fix: "write \(words)")
    case .missing(let lack, let fix):
      return Failure(what, why: lack, fix: fix.replacingAll("{1}", with: given.first ?? values.first ?? ""))
    }
  }

  /// Whether it asks for something, so that `=false` asks for nothing.
  var asksForSomething: Bool { if case .given = answer { false } else { true } }

  /// The stages that have to be in use, or must not be, so that the option says nothing new; nil if it always does.
  func needs(_ given: [String]) -> [ForeignSetting.Need]? {
    guard let words = words(given)?.words(), words.count % 2 == 0, !words.contains(where: { $0.has("'") }) else {
      return nil
    }
    var needs: [ForeignSetting.Need] = []
    for index in stride(from: 0, to: words.count, by: 2) {
      guard words[index] == "--with" || words[index] == "--without" else { return nil }
      needs.append(ForeignSetting.Need(stage: words[index + 1], isUsed: words[index] == "--with"))
    }
    return needs
  }
}

/// An option of another program that is so already if stages are in use, or aren't: known once the configuration is read.
struct ForeignSetting: Sendable {
  struct Need: Sendable {
    let stage: String
    let isUsed: Bool
  }

  let needs: [Need]
  /// What is told where it isn't so.
  let refusal: Failure

  /// What is told, with the words for what isn't so; nil where all is.
  func refusal(_ configuration: Configuration) -> Failure? {
    let lacking = needs.filter { configuration.uses($0.stage) != $0.isUsed }
    if lacking.isEmpty { return nil }
    let words = lacking.map { ($0.isUsed ? "--with " : "--without ") + $0.stage }
    return Failure(refusal.what, why: refusal.why, fix: "write " + words.joined(separator: " "))
  }
}
