import Pipeline
import Testing

@testable import Stages

struct SubordinateIDsTests {
  private func ranges(_ text: String, name: String? = "ada") -> [SubordinateIDs.Range] {
    SubordinateIDs.parse(text, name: name, id: 1000)
  }

  @Test func linesByNameAndByNumberAreTaken() {
    #expect(
      ranges("ada:100000:65536\nbob:1:2\n1000:300000:10\n")
        == [.init(start: 100_000, count: 65_536), .init(start: 300_000, count: 10)])
    #expect(ranges("ada:100000:65536\n1000:5:6", name: nil) == [.init(start: 5, count: 6)])
    #expect(ranges("ada:100000:65536") == [.init(start: 100_000, count: 65_536)], "without an end of line")
  }

  @Test(arguments: [
    "", "\n\n", "ada", "ada:", "ada:1", "ada:1:", "ada::1", "ada:1:2:3", "ada:x:1", "ada:1:x", "ada:-1:5", "ada:1:-5",
    "ada:0:5", "ada:5:0", "adam:1:2", "ad:1:2", ":1:2", " ada:1:2", "ada: 1:2", "ada:4294967295:1",
    "ada:4294967290:10", "ada:4294967296:1", "ada:1:4294967296", "ada:1:4294967295", "ada:0x10:5", "10000:1:2",
  ])
  func anyOtherLineIsPassedOver(text: String) {
    #expect(ranges(text).isEmpty)
    #expect(ranges(text + "\nada:7:8\n" + text) == [.init(start: 7, count: 8)])
  }

  @Test func theLargestRangeIsTaken() {
    #expect(ranges("ada:1:4294967294") == [.init(start: 1, count: 4_294_967_294)])
  }

  @Test func whatOverlapsAnEarlierRangeIsPassedOver() {
    #expect(
      ranges("ada:100:50\n1000:149:10\nada:150:10\nada:90:11\nada:90:10")
        == [.init(start: 100, count: 50), .init(start: 150, count: 10), .init(start: 90, count: 10)])
  }

  @Test func noiseIsHarmless() {
    var random = SeededGenerator(seed: 11)
    let pieces = ["ada", "1000", ":", "\n", "0", "4294967295", "99999999999999999999", "-", "ü", "\r", " ", "65536"]
    for _ in 0..<5000 {
      let text = (0..<Int.random(in: 0..<20, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
        .joined()
      for range in ranges(text) where range.start == 0 || range.count == 0 { Issue.record("\(text) gives \(range)") }
      _ = ranges(String(decoding: random.bytes(0..<60), as: UTF8.self))
    }
  }

  @Test func aFreeRangeIsNamedEvenForNonsense() {
    for file in [
      "", "bob:100000:65536\n", "bob:4294967295:4294967295\n", "bob:99999999999999999999:1\n", ":::\n", "a:x:y",
    ] {
      var machine = FakeHost.named("user without ranges") ?? FakeHost()
      machine.files["/etc/subuid"] = file
      let failure = refusal { () throws(Failure) in try SubordinateIDs.map(machine.host) }
      #expect(failure?.fix?.contains("{") == false)
      #expect(failure?.fix?.contains("usermod --add-subuids ") == true)
    }
  }
}
