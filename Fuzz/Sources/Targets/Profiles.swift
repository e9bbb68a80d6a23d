import Stages

@testable import Command
@testable import JSON
@testable import Pipeline
@testable import Seccomp
@testable import Stages

extension FuzzTarget {
  /// A seccomp profile: what is JSON is the same when it is written and read again; what is a profile gives a filter that
  /// the kernel could take; and what is neither is refused with its place.
  static let profile = FuzzTarget(name: "profile") { bytes in
    try promiseSameAgain(bytes)
    for (capabilities, kernel) in [(nil, 99), ([String](), 5)] {
      let reader = ProfileReader(
        machine: "x86_64", capabilities: capabilities, hasKernel: { major, _ in major <= kernel }, errno: 1)
      let source: FilterSource
      do throws(JSONError) { source = try reader.read(bytes) } catch {
        try promisePlace(error, bytes)
        continue
      }
      try promiseSound(source)
    }
  }

  /// What was kept of a filter: whatever a file holds, nothing is read from it that the kernel couldn't take.
  ///
  /// The sum is made right, which no fuzzer guesses.
  static let kept = FuzzTarget(name: "kept") { bytes in
    let key = FilterKey(["key"])
    var mended = bytes
    if bytes.count > 56 + key.text.count {
      let flags = bytes[40..<48].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      let sum = KeptFile.sum(bytes[(56 + key.text.count)...], flags)
      for index in 0..<8 { mended[48 + index] = UInt8(truncatingIfNeeded: sum >> (8 * index)) }
    }
    for file in [bytes, mended] {
      let filter = KeptFile.filter(file, for: key)
      try promise(filter?.code.isSound ?? true, "a filter that isn't sound")
    }
  }

  private static func promiseSameAgain(_ bytes: [UInt8]) throws {
    let value: JSONValue
    do throws(JSONError) { value = try JSONValue.parse(bytes) } catch { return try promisePlace(error, bytes) }
    let text = written(value)
    let again = try? JSONValue.parse(Array(text.utf8))
    try promise(again.map(written) == text, "\(text) can't be read again")
  }

  /// Few rules at a time: libseccomp takes milliseconds for a whole profile. Why it refuses some is the stage's to tell.
  private static func promiseSound(_ source: FilterSource) throws {
    let calls = source.programs.flatMap { $0.rules.flatMap(\.calls) }
    guard calls.count <= 4, let filter = try? source.compiled() else { return }
    try promise(filter.code.isSound, "\(source) isn't sound")
    let key = FilterKey(["key"])
    try promise(KeptFile.filter(KeptFile.bytes(filter, for: key), for: key) == filter, "\(source) can't be kept")
  }

  private static func promisePlace(_ error: JSONError, _ bytes: [UInt8]) throws {
    try promise((0...bytes.count).contains(error.offset), "\(error) lies outside of \(bytes.count) bytes")
    try promise(readable: error.failure(in: bytes, named: "profile.json"))
  }

  /// A value as text, in one line.
  private static func written(_ value: JSONValue) -> String {
    switch value.kind {
    case .null: "null"
    case .bool(let holds): "\(holds)"
    case .number(let text): text
    case .string(let text): JSON.string(text).text()
    case .array(let elements): "[" + elements.map(written).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { JSON.string($0.key).text() + ":" + written($0.value) }.joined(separator: ",") + "}"
    }
  }
}
