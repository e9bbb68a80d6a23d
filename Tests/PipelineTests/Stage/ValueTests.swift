import Testing

@testable import Pipeline

/// The types that an option can have: what is taken, how it is written again, and what is refused.
struct ValueTests {
  private let context = ValueContext(directory: "/srv/boxes")

  private func parse<Value: OptionValue>(_ text: String, _ type: Value.Type) -> Value? {
    try? Value.parse(text, context)
  }

  @Test(
    "whole numbers are read and written",
    arguments: [("0", 0), ("-12", -12), ("007", 7), ("9223372036854775807", Int.max)] as [(String, Int)])
  func wholeNumbers(text: String, value: Int) { #expect(parse(text, Int.self) == value) }

  @Test(arguments: ["", "+1", "1.5", "0x10", " 1", "1 ", "9223372036854775808", "一", "1k", "--1", "-"])
  func whatIsNoNumber(text: String) { #expect(parse(text, Int.self) == nil) }

  @Test("switches are read and written")
  func switches() {
    #expect(parse("yes", Bool.self) == true)
    #expect(parse("no", Bool.self) == false)
    for text in ["", "true", "Yes", "1", "on", "yes "] { #expect(parse(text, Bool.self) == nil) }
  }

  @Test(
    "sizes are read and written",
    arguments: [
      ("0", 0, "0"), ("1", 1, "1"), ("1023", 1023, "1023"), ("1024", 1024, "1K"), ("512K", 512 << 10, "512K"),
      ("64M", 64 << 20, "64M"), ("1024M", 1 << 30, "1G"), ("1536K", 1536 << 10, "1536K"), ("2T", 2 << 40, "2T"),
      ("0G", 0, "0"), ("007K", 7 << 10, "7K"),
    ] as [(String, Int, String)])
  func sizes(text: String, bytes: Int, written: String) {
    let size = parse(text, ByteCount.self)
    #expect(size?.bytes == bytes)
    #expect(size?.optionText == written)
    #expect(parse(written, ByteCount.self) == size)
  }

  @Test(arguments: ["K", "M", "G", "T"]) func sizesAsPeopleWriteThem(unit: String) throws {
    let wanted = try #require(parse("3\(unit)", ByteCount.self))
    for suffix in ["", "B", "iB", "b", "ib", "IB"] {
      #expect(parse("3" + unit + suffix, ByteCount.self) == wanted, "\(unit)\(suffix)")
      #expect(parse("3" + unit.lowercased() + suffix, ByteCount.self) == wanted, "\(unit)\(suffix)")
    }
    #expect(parse("7B", ByteCount.self)?.bytes == 7)
  }

  @Test(arguments: [
    "", "K", "-1", "+1", "1.5M", "1 M", "0x1", "8388608T", "8388608TiB", "99999999999999999999", "M1", "٣", "1P", "MB",
    "1Ki", "1iB", "1BB", "1MM", "1M\u{301}", "1\u{212a}",
  ])
  func whatIsNoSize(text: String) { #expect(parse(text, ByteCount.self) == nil) }

  @Test(
    "durations are read and written",
    arguments: [
      ("0", 0, "0"), ("500ms", 500, "500ms"), ("1000ms", 1000, "1s"), ("30s", 30_000, "30s"), ("90s", 90_000, "90s"),
      ("5m", 300_000, "5m"), ("2h", 7_200_000, "2h"), ("24h", 86_400_000, "1d"), ("1d", 86_400_000, "1d"),
      ("0s", 0, "0"),
    ] as [(String, Int, String)])
  func times(text: String, milliseconds: Int, written: String) {
    let time = parse(text, Duration.self)
    #expect(time == .milliseconds(milliseconds))
    #expect(time?.optionText == written)
    #expect(parse(written, Duration.self) == time)
  }

  @Test(arguments: [
    "", "1", "s", "-1s", "1.5h", "1 s", "1S", "1w", "ms", "1sm", "106751991168d", "99999999999999999999s",
  ])
  func whatIsNoTime(text: String) { #expect(parse(text, Duration.self) == nil) }

  @Test func theLongestTimesCanBeWritten() {
    for text in ["9223372036854775807ms", "106751991167d", "9223372036854775s"] {
      let time = parse(text, Duration.self)
      #expect(time.map { parse($0.optionText, Duration.self) } == time)
      #expect(time != nil)
    }
  }

  @Test("paths are read and written")
  func paths() {
    #expect(parse("/etc", FilePath.self) == "/etc")
    #expect(parse("image", FilePath.self) == "/srv/boxes/image")
    #expect(parse("../image", FilePath.self) == "/srv/boxes/../image")
    #expect(parse("", FilePath.self) == nil)
    #expect(FilePath("/etc").optionText == "/etc")
  }

  @Test("texts are read and written")
  func texts() {
    for text in ["", "a", "two words", "ü", "\n"] {
      #expect(parse(text, String.self) == text)
      #expect(text.optionText == text)
    }
  }

  @Test func theExpectationIsANoun() {
    func expected<Value: OptionValue>(_ type: Value.Type) -> String? {
      do throws(ValueError) {
        _ = try Value.parse("?", context)
        return nil
      } catch {
        return error.expected
      }
    }
    #expect(expected(Int.self) == "a whole number")
    #expect(expected(Bool.self) == "yes or no")
    #expect(expected(ByteCount.self) == "a size such as 512K, 64M or 1G")
    #expect(expected(Duration.self) == "a time such as 500ms, 30s, 5m, 2h or 1d")
  }
}
