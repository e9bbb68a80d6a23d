internal import Pipeline

extension Landlock {
  /// A TCP port, or none at all.
  enum Port: OptionValue, Equatable {
    case none
    case number(UInt16)

    static let syntax = "PORT|none"
    static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> Port {
      if text == "none" { return .none }
      guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text == "0" || text.utf8.first != 0x30,
        let number = UInt16(text)
      else { throw ValueError(expected: "a TCP port from 0 to 65535, or none", words: ["none"]) }
      return .number(number)
    }
    var optionText: String {
      switch self {
      case .none: "none"
      case .number(let number): String(number)
      }
    }
  }

  /// What isn't reached outside.
  enum Scope: String, OptionValue, CaseIterable {
    case abstractUnixSocket = "abstract-unix-socket"
    case signal

    static let syntax = "abstract-unix-socket|signal"
    static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> Scope {
      if let scope = Scope(rawValue: text) { return scope }
      let words = allCases.map(\.rawValue)
      throw ValueError(expected: "one of " + words.joined(separator: ", "), words: words)
    }
    var optionText: String { rawValue }
  }
}
