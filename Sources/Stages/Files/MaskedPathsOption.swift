internal import Pipeline

/// A word of `mask=` and `readonly=`, the keys of `proc` and `sys`.
enum MaskedPathsOption: OptionValue, Equatable {
  /// Nothing was said, which is as `default`.
  case unset
  /// `default`: what no container needs.
  case `default`
  /// `none`.
  case nothing
  /// A path of the container's.
  case path(String)

  static let syntax = "default|none|PATH"
  static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> MaskedPathsOption {
    if text == "default" { return .default }
    if text == "none" { return .nothing }
    let components = text.fields("/")
    guard text.utf8.first == UInt8(ascii: "/"),
      !components.dropFirst().contains(where: { ["", ".", ".."].contains($0) })
    else { throw ValueError(expected: "default, none, or a path that begins with '/'", words: ["default", "none"]) }
    return .path(text)
  }

  var optionText: String {
    switch self {
    case .unset, .default: "default"
    case .nothing: "none"
    case .path(let path): path
    }
  }

  /// The words that hold: `none` takes back what stands before it.
  static func settled(_ words: [MaskedPathsOption]) -> [MaskedPathsOption] {
    guard words.count > 1, let last = words.last else { return words }
    if last == .nothing { return [last] }
    return words[0] == .nothing ? Array(words.dropFirst()) : words
  }
}
