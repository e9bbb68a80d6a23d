import Stages

@testable import Command
@testable import Pipeline

/// A promise that must hold for any bytes.
struct FuzzTarget: Sendable {
  /// The name of its directory in Corpus, too.
  let name: String
  /// Takes the bytes; throws what doesn't hold. It may as well crash, hang or run out of memory: all of it is a finding.
  let check: @Sendable ([UInt8]) throws -> Void

  static let all = [
    configuration, include, values, arguments, accounts, subordinates, machine, reports, executables, profile, kept,
  ]

  /// The words of the grammar, for libFuzzer to put in: https://llvm.org/docs/LibFuzzer.html#dictionaries.
  static var dictionary: [String] {
    let stages = builtin.flatMap { type in
      [type.name]
        + type.optionDescriptions.flatMap { option in
          ["\(option.key)=", "\(type.name).\(option.key)="] + option.words + (option.flag.map { ["--\($0)="] } ?? [])
        }
    }
    let words = ["off ", "try ", "include ", "${HOME}", "unlimited", "4294967295", #"\x0a----\x0a"#, "==== "]
    return (stages + words).map { "\"\($0)\"" }
  }
}

/// A promise that doesn't hold.
struct BrokenPromise: Error, CustomStringConvertible {
  let description: String
}

/// Throws if something isn't as it must be.
func promise(_ holds: Bool, _ what: @autoclosure () -> String) throws {
  if !holds { throw BrokenPromise(description: what()) }
}

/// What a body returns; nil where it is refused in a way that a user can read.
func accepted<Value>(isPlaced: Bool = true, _ body: () throws(Failure) -> Value) throws -> Value? {
  do throws(Failure) { return try body() } catch {
    try promise(readable: error)
    try promise(!isPlaced || error.location != nil || error.stage != nil, "no place: \(error)")
    return nil
  }
}

/// Whether a user can read a failure: it says what is wrong, marks a part of the line, and doesn't speak to the terminal.
func promise(readable failure: Failure) throws {
  try promise(!failure.what.isEmpty, "an empty failure: \(failure)")
  try promise(printable: failure.text)
  try promise(failure.why != "" && failure.fix != "", "an empty cause or remedy: \(failure)")
  // What a stranger wrote may be shown, but not all of a megabyte.
  try promise(failure.text.utf8.count < 1 << 16, "a failure of \(failure.text.utf8.count) bytes")
  guard let excerpt = failure.excerpt else { return }
  let isInside = excerpt.column >= 1 && excerpt.length >= 1 && excerpt.column <= excerpt.text.count + 1
  try promise(isInside, "a mark outside of the line: \(excerpt)")
}

/// Whether a text holds nothing that speaks to a terminal, beside newlines, tabs and the joiner of an emoji.
func promise(printable text: String) throws {
  let isPrintable = text.unicodeScalars.allSatisfy { scalar in
    scalar == "\n" || scalar == "\t" || scalar == "\u{200d}" || scalar.isHarmless
  }
  try promise(isPrintable, "control characters: \(text.debugDescription)")
}

/// The text before and after the first line `----`.
func halves(_ bytes: [UInt8]) -> (first: [UInt8], second: [UInt8]) {
  let separator = Array("\n----\n".utf8)
  var index = 0
  while index + separator.count <= bytes.count {
    if bytes[index...].starts(with: separator) {
      return (Array(bytes[...index]), Array(bytes[(index + separator.count)...]))
    }
    index += 1
  }
  return (bytes, [])
}
