import Pipeline

/// A program of the host's: a path where there is a slash, else a name that is looked up in the caller's PATH.
struct HookProgram: OptionValue, Equatable {
  /// What was written.
  let optionText: String
  /// Where it lies; nil for a name.
  let path: FilePath?

  static let syntax = "PROGRAM"

  static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> HookProgram {
    if text.isEmpty { throw ValueError(expected: "a program's path or name") }
    guard text.has("/") else { return HookProgram(optionText: text, path: nil) }
    return HookProgram(optionText: text, path: try FilePath.parse(text, context))
  }
}
