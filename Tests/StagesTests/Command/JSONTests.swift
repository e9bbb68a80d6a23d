import Foundation
import Testing

@testable import Pipeline

struct JSONTests {
  private func object(_ json: JSON) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(json.text().utf8), options: .fragmentsAllowed)
  }

  @Test func everyCharacterCrosses() throws {
    let text = String(String.UnicodeScalarView((0..<0x300).compactMap { UnicodeScalar($0) })) + "\u{2028}\u{fffd}👩‍👩‍👧‍👦"
    let back = try #require(object(.string(text)) as? String)
    #expect(Array(back.unicodeScalars) == Array(text.unicodeScalars))
  }

  @Test(arguments: Array(0..<0x20 as Range<UInt8>) + Array(0x7f...0x9f as ClosedRange<UInt8>))
  func controlCharactersAreEscaped(byte: UInt8) throws {
    let text = "a" + String(UnicodeScalar(byte)) + "b"
    let written = JSON.string(text).text()
    #expect(!written.unicodeScalars.contains(UnicodeScalar(byte)))
    #expect(try object(.string(text)) as? String == text)
    #expect(try object(.object([(text, .null)])) is [String: Any])
  }

  @Test func valuesCross() throws {
    let json: JSON = [
      "null": JSON(nil as String?), "number": .number(-12), "text": "a \"b\" \\", "empty": [], "none": [:],
      "list": ["a", ["b"], ["c": "d"]], "texts": JSON(["x", "y"]), "some": JSON("z" as String?),
    ]
    let back = try #require(object(json) as? NSDictionary)
    let expected: NSDictionary = [
      "null": NSNull(), "number": -12, "text": "a \"b\" \\", "empty": [Any](), "none": [String: Any](),
      "list": ["a", ["b"], ["c": "d"]], "texts": ["x", "y"], "some": "z",
    ]
    #expect(back == expected)
  }

  @Test func itIsLaidOutForReaders() {
    let json: JSON = ["a": .number(1), "b": ["c"]]
    #expect(json.text() == "{\n  \"a\": 1,\n  \"b\": [\n    \"c\"\n  ]\n}")
    #expect(JSON.array([]).text() == "[]")
    #expect(JSON.object([]).text() == "{}")
  }
}
