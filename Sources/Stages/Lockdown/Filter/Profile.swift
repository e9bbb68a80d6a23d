internal import Pipeline

/// Where the rules of a filter come from.
enum Profile: OptionValue, Equatable {
  case usual
  case file(FilePath)

  static let syntax = "default|FILE"
  static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> Profile {
    if text == "default" { return .usual }
    if text.isEmpty { throw ValueError(expected: "default, or the path of a file") }
    return .file(try FilePath.parse(text, context))
  }
  var optionText: String {
    switch self {
    case .usual: "default"
    case .file(let path): path.text
    }
  }
}
