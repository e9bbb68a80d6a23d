internal import Pipeline

/// A word of `mask=` and `readonly=`, the keys of `proc` and `sys`.
enum CoverWord: OptionValue, Equatable {
  /// Nothing was said, which is as `default`.
  case unsaid
  /// `default`: what no container needs.
  case usual
  /// `none`.
  case nothing
  /// A path of the container's.
  case path(String)

  static let syntax = "default|none|PATH"
  static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> CoverWord {
    if text == "default" { return .usual }
    if text == "none" { return .nothing }
    let components = text.fields("/")
    guard text.utf8.first == UInt8(ascii: "/"),
      !components.dropFirst().contains(where: { ["", ".", ".."].contains($0) })
    else { throw ValueError(expected: "default, none, or a path that begins with '/'", words: ["default", "none"]) }
    return .path(text)
  }

  var optionText: String {
    switch self {
    case .unsaid, .usual: "default"
    case .nothing: "none"
    case .path(let path): path
    }
  }

  /// The words that hold: `none` takes back what stands before it.
  static func settled(_ words: [CoverWord]) -> [CoverWord] {
    guard words.count > 1, let last = words.last else { return words }
    if last == .nothing { return [last] }
    return words[0] == .nothing ? Array(words.dropFirst()) : words
  }
}
