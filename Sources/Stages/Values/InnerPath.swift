internal import Pipeline

/// A path of the container's, which begins at its root.
struct InnerPath: OptionValue {
  let path: FilePath
  /// Whether the line says it by a variable, whose value nobody may have looked at.
  var holdsVariable = false

  static let syntax = "PATH"
  static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> InnerPath {
    let components = text.fields("/")
    if text.utf8.first == UInt8(ascii: "~") {
      throw ValueError(
        expected: "a path without '~', which isn't replaced: write the container's own, as in /root/FILE")
    }
    guard text.utf8.first == UInt8(ascii: "/"), !components.contains("..") else {
      throw ValueError(expected: "a path of the container's that begins with '/' and has no '..'")
    }
    return InnerPath(
      path: components.contains(".") ? FilePath(text).lexicallyNormalized() : FilePath(text),
      holdsVariable: context.holdsVariable)
  }
  var optionText: String { path.text }
}

/// A path of the host's.
struct HostPath: OptionValue {
  let path: FilePath
  /// Whether the line says it by a variable.
  var holdsVariable = false

  static let syntax = FilePath.syntax
  static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> HostPath {
    HostPath(path: try FilePath.parse(text, context), holdsVariable: context.holdsVariable)
  }
  var optionText: String { path.optionText }
}

/// The permissions of a new file, in octal.
struct FileMode: OptionValue {
  let bits: UInt32

  static let syntax = "MODE"
  static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> FileMode {
    guard (3...4).contains(text.utf8.count), let bits = UInt32(text, radix: 8), bits <= 0o1777,
      text.utf8.allSatisfy({ (0x30...0x37).contains($0) })
    else { throw ValueError(expected: "three or four octal digits, such as 644, 0755 or 1777") }
    return FileMode(bits: bits)
  }
  var optionText: String { bits < 0o1000 ? Step.octal(bits) : String(bits, radix: 8) }
}
