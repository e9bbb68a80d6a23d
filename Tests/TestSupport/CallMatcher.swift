import Synchronization

/// Holds calls that strace has seen against the texts of steps, in which handles have names: `<root>`.
///
/// A name stands for the same number wherever it occurs. Flags may be in any order, as versions of strace differ in it.
package struct CallMatcher {
  private var numbers: [String: String] = [:]

  package init() {}

  /// Why a call isn't what a step's text says; nil when it is.
  package mutating func mismatch(_ call: SystemCallTrace.Call, _ text: String) -> String? {
    var wanted = Self.normalized(text)[...]
    var seen = Self.normalized(call.text)[...]
    if text.firstRange(of: /= -1 E[A-Z]+$/) != nil, let end = seen.firstRange(of: " (") {
      seen = seen[..<end.lowerBound]
    }
    if call.name.hasPrefix("landlock_"), let start = wanted.firstIndex(of: "{"), let begin = seen.firstIndex(of: "{") {
      // Older versions of strace don't know all rights.
      wanted.removeSubrange(start...(wanted.lastIndex(of: "}") ?? start))
      seen.removeSubrange(begin...(seen.lastIndex(of: "}") ?? begin))
    }
    if call.name == "landlock_add_rule", let number = seen.firstRange(of: ", 0x2, 0x"),
      let type = wanted.firstRange(of: ", LANDLOCK_RULE_NET_PORT, "),
      let end = seen[number.upperBound...].firstRange(of: ", 0)"),
      let rest = wanted[type.upperBound...].firstRange(of: ", 0)")
    {
      // Older versions of strace don't know rules for ports: they show the type's number, and where the rest lies.
      seen.removeSubrange(number.lowerBound..<end.lowerBound)
      wanted.removeSubrange(type.lowerBound..<rest.lowerBound)
    }
    if !text.contains(" = ") {
      // What a text doesn't tell the answer of succeeds; but where nothing is to be read, there is nothing.
      // What is made may be there already, and what is removed may not; a terminal of no session's has no foreground.
      let allowed =
        text.contains("TIOCGPGRP")
        ? "-1 ENOTTY"
        : ["mkdirat": "-1 EEXIST", "mknodat": "-1 EEXIST", "unlinkat": "-1 ENOENT"][call.name] ?? "-1 none"
      let isRight =
        text.contains("<nothing>")
        ? call.answer.hasPrefix("-1 EAGAIN") : call.answer.first != "-" || call.answer.hasPrefix(allowed)
      if !isRight { return "\(call.text) has failed: \(text)" }
      seen = seen[..<(String(seen).range(ofLast: " = ")?.lowerBound ?? seen.endIndex)]
    }
    while let part = wanted.first {
      if part == "<", let end = wanted.firstIndex(of: ">") {
        let name = String(wanted[wanted.index(after: wanted.startIndex)..<end])
        wanted = wanted[wanted.index(after: end)...]
        guard let value = Self.value(of: name, in: &seen) else {
          return "\(call.text)\n  isn't  \(text)\n  at <\(name)>"
        }
        // What a call answers is new, and may have the name of what was before.
        let isAnswer = wanted.isEmpty && text.hasSuffix(" = <\(name)>")
        if !isAnswer, let number = numbers[name], number != value {
          return "\(call.text): <\(name)> was \(number) before"
        }
        if Self.isHandle(name) { numbers[name] = value }
      } else {
        guard seen.first == part else { return "\(call.text)\n  isn't  \(text)\n  at “\(wanted)”, “\(seen)”" }
        (wanted, seen) = (wanted.dropFirst(), seen.dropFirst())
      }
    }
    return seen.allSatisfy(\.isWhitespace) ? nil : "\(call.text)\n  is more than  \(text)"
  }

  private static func isHandle(_ name: String) -> Bool {
    let known = [
      "nothing", "mask", "stack", "modes", "raw", "size", "group", "filesystem", "status", "text", "entries", "each",
      "ended", "instructions", "mark",
    ]
    return !known.contains(name) && !name.hasSuffix("variables")
  }

  /// Takes what a name stands for: a number, an address, a set of signals.
  private static func value(of name: String, in text: inout Substring) -> String? {
    let value: Substring
    if name == "mark" {
      value = text.prefix { $0 != ")" }
    } else if name == "mask" {
      guard let end = text.firstIndex(of: "]"), "[~".contains(text.first ?? " ") else { return nil }
      value = text[...end]
    } else if name == "text" {
      guard let end = endOfQuoted(text) else { return nil }
      value = text[..<end]
    } else if name == "group" {
      value = text.prefix { $0 != ")" }
    } else if name == "each" {
      value = text.prefix { $0.isNumber }
    } else if ["modes", "raw", "size"].contains(name) {
      guard text.first == "{", let end = text.firstIndex(of: "}") else { return nil }
      value = text[...end]
    } else if name == "status", text.first != "{" {
      value = text.prefix { $0.isNumber }
    } else if name == "filesystem" || name == "status" {
      guard text.first == "{", let end = text.lastIndex(of: "}") else { return nil }
      value = text[...end]
    } else if isHandle(name) {
      value = text.prefix { $0.isNumber }
    } else {
      guard text.hasPrefix("0x") || text.hasPrefix("\"\"") else { return nil }
      value = text.prefix { $0.isHexDigit || $0 == "x" || $0 == "\"" }
    }
    text = text[value.endIndex...]
    return value.isEmpty ? nil : String(value)
  }

  /// The end of a text in quotes, with the dots that strace sets where it cuts one.
  private static func endOfQuoted(_ text: Substring) -> Substring.Index? {
    guard text.first == "\"" else { return nil }
    var isEscaped = false
    for index in text.indices.dropFirst() {
      if text[index] == "\"", !isEscaped {
        let end = text.index(after: index)
        return text[end...].hasPrefix("...") ? text.index(end, offsetBy: 3) : end
      }
      isEscaped = text[index] == "\\" && !isEscaped
    }
    return nil
  }

  /// A call without strace's comments and padding, and with every group of flags sorted.
  private static func normalized(_ whole: String) -> String {
    if let known = known.withLock({ $0[whole] }) { return known }
    var text = whole
    while FileTree.holds(Array(text.utf8), "/*"), let start = text.firstRange(of: " /*"),
      let end = text[start.upperBound...].firstRange(of: "*/")
    {
      text.removeSubrange(start.lowerBound..<end.upperBound)
    }
    text.replace(/\s+=/, with: " =")
    // Where two calls have one number, strace names both.
    if FileTree.holds(Array(text.utf8), "SNDCTL") { text.replace("SNDCTL_TMR_START or TCSETS", with: "TCSETS") }
    if FileTree.holds(Array(text.utf8), "|") {
      text.replace(/[A-Z][A-Z0-9_]*(\|[A-Z][A-Z0-9_]*)+/) { match in
        String(match.output.0).split(separator: "|").sorted().joined(separator: "|")
      }
    }
    known.withLock { $0[whole] = text }
    return text
  }

  /// What has been asked for: a step is held against many calls, and a call against many steps.
  private static let known = Mutex<[String: String]>([:])
}
