import Foundation
import Testing

@testable import Pipeline

/// What is JSON, and what isn't: RFC 8259.
struct JSONReaderTests {
  private func parse(_ text: String) throws(JSONError) -> JSONValue { try JSONValue.parse(Array(text.utf8)) }

  private func error(_ text: String) -> JSONError? {
    do throws(JSONError) { _ = try parse(text) } catch { return error }
    return nil
  }

  /// A value as text, without blanks.
  private func text(_ value: JSONValue) -> String {
    switch value.kind {
    case .null: "null"
    case .bool(let value): String(value)
    case .number(let text): text
    case .string(let text): "'\(text)'"
    case .array(let elements): "[" + elements.map(text).joined(separator: ",") + "]"
    case .object(let members): "{" + members.map { "\($0.key):" + text($0.value) }.joined(separator: ",") + "}"
    }
  }

  @Test(
    "valid JSON is read",
    arguments: [
      ("null", "null"), (" true ", "true"), ("false", "false"), ("0", "0"), ("-0", "-0"), ("12.5e-3", "12.5e-3"),
      ("1E+2", "1E+2"), ("18446744073709551615", "18446744073709551615"), (#""""#, "''"), (#""a b""#, "'a b'"),
      (#""\"\\\/\b\f\n\r\t""#, "'\"\\/\u{8}\u{c}\n\r\t'"), (#""\u0041\u00e4\ud83d\ude00""#, "'Aä😀'"),
      ("\"ä😀\"", "'ä😀'"),
      ("[]", "[]"), ("[ 1 , [ ] ,{}]", "[1,[],{}]"), ("{}", "{}"),
      (#"{ "a" : 1 , "b":{"a":[null]}}"#, "{a:1,b:{a:[null]}}"),
      ("\t\r\n[\n1\n]\n", "[1]"),
    ] as [(String, String)])
  func isRead(written: String, read: String) throws {
    #expect(text(try parse(written)) == read)
  }

  @Test(
    "invalid JSON is refused at the byte that is wrong",
    arguments: [
      ("", 0), (" ", 1), ("nul", 0), ("True", 0), ("nullx", 4), ("1 2", 2), ("01", 0), ("-", 1), ("-01", 0), ("1.", 2),
      (".5", 0), ("1e", 2), ("+1", 0), ("0x10", 1), ("NaN", 0), ("\"", 0), ("\"a", 0), ("\"\n\"", 1), (#""\x""#, 1),
      (#""\u12g4""#, 5), (#""\ud800""#, 1), (#""\ud800\u0041""#, 1), (#""\udc00""#, 1), ("'a'", 0), ("[", 1), ("[1", 2),
      ("[1,]", 3), ("[,1]", 1), ("[1 2]", 3), ("]", 0), ("{", 1), ("{a:1}", 1), (#"{"a"}"#, 4), (#"{"a":}"#, 5),
      (#"{"a":1,}"#, 7), (#"{"a":1"#, 6), (#"{"a":1 "b":2}"#, 7), (#"{"a":1,"b":2,"a":3}"#, 13), ("// x\n1", 0),
      ("\u{feff}1", 0), ("1\0", 1),
    ] as [(String, Int)])
  func isRefusedAtItsPlace(written: String, offset: Int) {
    let found = error(written)
    #expect(found?.offset == offset, "\(written): \(String(describing: found))")
    #expect(found?.message.isEmpty == false)
  }

  @Test func whatIsntUTF8IsRefused() {
    for bytes in [[0x22, 0xff, 0x22], [0x22, 0xc3, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22], [0xff]] as [[UInt8]] {
      #expect(throws: JSONError.self) { try JSONValue.parse(bytes) }
    }
  }

  @Test func thereIsALimitToItsDepth() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try parse(nested(JSONValue.deepest))
    #expect(error(nested(JSONValue.deepest + 1))?.offset == JSONValue.deepest)
    #expect(error(String(repeating: "[", count: 1_000_000))?.offset == JSONValue.deepest)
    #expect(error(String(repeating: #"{"a":"#, count: 100_000))?.message.contains("levels") == true)
  }

  @Test func largeTextsAreReadInReasonableTime() throws {
    let members = (0..<20_000).map { "\"key\($0)\":\($0)" }.joined(separator: ",")
    guard case .object(let found) = try parse("{\(members)}").kind else { throw JSONError("no object", at: 0) }
    #expect(found.count == 20_000 && found[7].value.unsigned == 7)
  }

  /// Every beginning of a text, and every text with one byte changed, is read or refused, and nothing else.
  @Test("no bytes make the JSON reader crash")
  func nothingTraps() throws {
    let whole = Array(#"{"a":[1,-2.5e3,"x\ud83d\ude00\n",true,null],"b":{"c":[]}}"#.utf8)
    for count in 0..<whole.count {
      #expect(throws: JSONError.self) { try JSONValue.parse(Array(whole.prefix(count))) }
    }
    for index in whole.indices {
      for byte in [0, 0x22, 0x5c, 0x5b, 0x7d, 0x80, 0xff] as [UInt8] {
        var changed = whole
        changed[index] = byte
        _ = try? JSONValue.parse(changed)
      }
    }
  }

  @Test func anErrorShowsItsLine() {
    let bytes = Array("{\n  \"ä\": [1,\n\t\"b\": 2]\n}".utf8)
    var told = ""
    do throws(JSONError) { _ = try JSONValue.parse(bytes) } catch {
      told = error.failure(in: bytes, named: "p.json").text
    }
    #expect(told == "littlectr: p.json:3:5: ':' where ',' or ']' is expected\n    \t\"b\": 2]\n    \t   ^")
  }
}
