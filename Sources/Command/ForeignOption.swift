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
    /// It is so in any case: the option is accepted.
    case given(String)
    /// Words that do the same here, and perhaps a remark.
    case instead(String, remark: String? = nil)
    /// What it takes depends on its value; the words for the values, and what holds for any other.
    case byValue(KeyValuePairs<String, String>, otherwise: String, fix: String)
    /// What isn't there, and what to do.
    case missing(String, fix: String)

    /// All of it, for the manual.
    func text(_ value: String) -> String {
      func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + "." }
      switch self {
      case .given(let reason): return "Accepted: \(reason)."
      case .instead(let words, let remark):
        let words = words.replacingAll("{value}", with: value)
        return "Write \(words)." + (remark.map { " " + sentence($0) } ?? "")
      case .byValue(let words, let otherwise, let fix):
        return words.map { "For \($0.key) write \($0.value)." }.joined(separator: " ")
          + " Otherwise: \(otherwise); \(fix)."
      case .missing(let lack, let fix): return sentence(lack) + " Remedy: \(fix)."
      }
    }
  }

  let program: Program
  let names: [String]
  /// What stands for a value that isn't there.
  let value: String
  let answer: Answer

  init(_ program: Program, _ names: String, _ value: String, _ answer: Answer) {
    (self.program, self.value, self.answer) = (program, value, answer)
    self.names = names.words()
  }

  init(_ program: Program, _ names: String, _ answer: Answer) { self.init(program, names, "", answer) }

  static let all = engines + bubblewrap

  static func named(_ name: String) -> ForeignOption? { all.first { $0.names.contains(name) } }

  /// The words of littlectr's for a value.
  func words(_ given: String?) -> String? {
    switch answer {
    case .given, .missing: return nil
    case .instead(let words, _): return words.replacingAll("{value}", with: given ?? value)
    case .byValue(let words, _, _): return given.flatMap { given in words.first { $0.key == given }?.value }
    }
  }

  /// What is told to who writes it; nil when it is accepted.
  ///
  /// - Parameter given: the value that is attached to it, or the word that follows.
  func refusal(_ name: String, _ given: String?) -> Failure? {
    let given = given?.isEmpty == true ? nil : given
    let what = "littlectr has no option \(name)"
    switch answer {
    case .given(let reason):
      if ["true", "yes", "1", nil].contains(given) { return nil }
      return Failure("\(name)=\(given ?? "") can't be", why: reason, fix: "leave it out")
    case .instead(_, let remark):
      return Failure(what, why: remark ?? "that is \(program.rawValue)'s word", fix: "write \(words(given) ?? "")")
    case .byValue(_, let otherwise, let fix):
      if let words = words(given) {
        return Failure(what, why: "that is \(program.rawValue)'s word", fix: "write \(words)")
      }
      return Failure(what, why: otherwise, fix: fix)
    case .missing(let lack, let fix): return Failure(what, why: lack, fix: fix)
    }
  }
}
