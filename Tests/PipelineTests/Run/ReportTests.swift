import Testing

@testable import Pipeline

struct ReportTests {
  @Test(
    arguments: [
      .failed(step: 0, errno: 1, detail: []), .failed(step: 300, errno: 133, detail: [0, 1, 255]),
      .failed(step: 1 << 24 | 5, errno: .max, detail: Array("ü".utf8)), .reached(step: 0), .reached(step: 65_537),
    ] as [Report])
  func aReportCrossesTheSocket(report: Report) { #expect(Report(report.bytes) == report) }

  @Test func aLongDetailIsCutToWhatAMessageHolds() throws {
    let bytes = Report.failed(step: 1, errno: 2, detail: [UInt8](repeating: 7, count: 10_000)).bytes
    #expect(bytes.count <= Channel.messageLimit)
    #expect(Report(bytes) == .failed(step: 1, errno: 2, detail: [UInt8](repeating: 7, count: 4000)))
  }

  @Test(arguments: [[], [0], [1], [1, 0, 0, 0, 0, 1, 0, 0], [2], [2, 0, 0, 0], [2, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0]])
  func whatIsNoReportIsNone(bytes: [UInt8]) { #expect(Report(bytes) == nil) }

  @Test func randomBytesAreHarmless() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<20_000 {
      let bytes = random.bytes(0..<24)
      guard let report = Report(bytes) else { continue }
      if Report(report.bytes) != report { Issue.record("\(bytes) gives \(report)") }
    }
  }
}
