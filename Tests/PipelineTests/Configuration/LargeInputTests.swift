import Testing

@testable import Pipeline

/// Large inputs come to an end, and soon: nothing in the parser grows with the square of its input.
struct LargeInputTests {
  private func bytes(_ text: String, times count: Int) -> [UInt8] { Array(String(repeating: text, count: count).utf8) }

  @Test func aFileOfAMillionOptionsIsNotRead() throws {
    let folder = try Folder()
    let path = try folder.write("a.conf", Array("sample\n".utf8) + bytes(" item=x\n", times: 1_000_000))
    let failure = refusal { () throws(Failure) in try ConfigurationFile(path, host: .current) }
    #expect(failure?.why == "\(path) is larger than 1 MiB")
  }

  @Test func asManyOptionsAsAFileHolds() throws {
    let stage = try parse(Array("sample\n".utf8) + bytes(" item=x\n", times: 130_000)).entries.first?.stage
    #expect((stage as? Sample)?.items.count == 130_000)
  }

  @Test func aMillionWrongOptions() {
    #expect(
      complaint(Array("sample\n".utf8) + bytes(" number=1\n", times: 1_000_000)).hasPrefix(
        "littlectr: stages.conf:3:2: "))
  }

  @Test func aLineOfAMegabyte() {
    #expect(complaint([UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)).contains("this line has 1048576 bytes"))
  }

  @Test func twoMegabytesOfComments() throws {
    #expect(try parse(bytes("# a comment of some length, as people write them\n", times: 40_000)).entries.isEmpty)
  }

  @Test func tenMegabytesWithoutAnEndOfLine() {
    #expect(complaint([UInt8](repeating: 0, count: 10 << 20)).hasPrefix("littlectr: stages.conf:1:1: this line has"))
  }

  @Test func manyLinesThatAreOff() throws {
    #expect(try parse(bytes("off plain\n", times: 20_000) + Array("plain\n".utf8)).entries.count == 20_001)
  }

  @Test(arguments: [[0xff], [0xc3], [0xf0, 0x9f]] as [[UInt8]])
  func theLongestLineWithABadByteAtItsEnd(end: [UInt8]) {
    let line = bytes("ü", times: 32_760) + end
    #expect(complaint(line).hasPrefix("littlectr: stages.conf:1:32761: this isn't UTF-8"))
  }

  @Test func theLongestLineFullOf() {
    for piece in ["\"", "${", "=", "a ", "\\", "👩‍👩‍👧‍👦", "e\u{301}"] {
      let line = Array("sample text=".utf8) + bytes(piece, times: 65_000 / piece.utf8.count)
      let text = complaint(line)
      #expect(text.utf8.count < 5000)
    }
  }
}
