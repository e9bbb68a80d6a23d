internal import Pipeline

/// Values of which there may be several, with commas between: `user,pid`. The word `none` is for no value at all.
protocol ExpectedValues: OptionValue, Equatable {
  /// What must be so.
  var values: [String] { get }
  /// What one value is, for an error.
  static var expected: String { get }
  /// The words that may stand for a value, when there are only some.
  static var words: [String] { get }
  /// The values that a word between commas stands for; nil when it stands for none.
  static func values(_ word: String) -> [String]?
  init(_ values: [String])
}

extension ExpectedValues {
  static var words: [String] { [] }
  var optionText: String { values.isEmpty ? "none" : values.joined(separator: ",") }
  static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> Self {
    if text == "none" { return Self([]) }
    var all: [String] = []
    for word in text.fields(",") {
      guard let values = values(word) else { throw ValueError(expected: expected, words: words) }
      all += values
    }
    return Self(all)
  }
}

/// Kinds of namespaces.
struct ExpectedNamespaces: ExpectedValues {
  let values: [String]
  init(_ values: [String]) { self.values = values }
  static let syntax = "KIND,…|none"
  static let expected = "none, or kinds of namespaces with commas between: \(words.joined(separator: ", "))"
  static let words = Namespaces.kinds.map(\.word)
  static func values(_ word: String) -> [String]? { words.contains(word) ? [word] : nil }
}

/// Ranges of ids, as uid_map has them.
struct ExpectedIDs: ExpectedValues {
  let values: [String]
  init(_ values: [String]) { self.values = values }
  static let syntax = "INSIDE:OUTSIDE:COUNT,…|none"
  static let expected = "ranges of ids with commas between: 0:1000:1,1:100000:65536"
  static func values(_ word: String) -> [String]? {
    let parts = word.fields(":")
    return parts.count == 3 && parts.allSatisfy { number($0) != nil } ? [word] : nil
  }
  /// A number as the kernel writes it.
  static func number(_ text: String) -> UInt32? { UInt32(text).flatMap { String($0) == text ? $0 : nil } }
}

/// Ids.
struct ExpectedNumbers: ExpectedValues {
  let values: [String]
  init(_ values: [String]) { self.values = values }
  static let syntax = "NUMBER,…|none"
  static let expected = "none, or ids with commas between: 29,50"
  static func values(_ word: String) -> [String]? { ExpectedIDs.number(word) == nil ? nil : [word] }
}

/// Descriptors, also several that follow each other.
struct ExpectedDescriptors: ExpectedValues {
  let values: [String]
  init(_ values: [String]) { self.values = values }
  static let syntax = "NUMBER|FIRST-LAST,…|none"
  static let expected = "none, or descriptors with commas between: 0-2,5"
  static func values(_ word: String) -> [String]? {
    let ends = word.fields("-").map { ExpectedIDs.number($0) }
    guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last, last < 1 << 20
    else {
      return nil
    }
    return (first...last).map { String($0) }
  }
}

/// Capabilities, by name.
struct ExpectedCapabilities: ExpectedValues {
  let values: [String]
  init(_ values: [String]) { self.values = values }
  static let syntax = "NAME,…|default|none"
  static let expected = "none, default, or names of capabilities(7) with commas between: chown,net_admin"
  static let words = CapabilitySet.names + ["default"]
  static func values(_ word: String) -> [String]? {
    if word == "default" { return Capabilities.usual.names }
    return CapabilitySet.number(of: word).map { [CapabilitySet.names[$0]] }
  }
}

/// Places in the container.
struct ExpectedPaths: ExpectedValues {
  let values: [String]
  init(_ values: [String]) { self.values = values }
  static let syntax = "PATH,…|none"
  static let expected = "none, or paths inside, from the root on, with commas between: /work,/tmp"
  static func values(_ word: String) -> [String]? {
    word.begins(with: "/") && !word.begins(with: "//") && (word == "/" || !word.ends(with: "/")) ? [word] : nil
  }
}

/// Network devices.
struct ExpectedInterfaces: ExpectedValues {
  let values: [String]
  init(_ values: [String]) { self.values = values }
  static let syntax = "NAME,…|none"
  static let expected = "none, or names of network devices with commas between: lo,eth0"
  static func values(_ word: String) -> [String]? {
    !word.isEmpty && word.utf8.count < 16 && !word.has("/") && !word.has(" ") ? [word] : nil
  }
}
