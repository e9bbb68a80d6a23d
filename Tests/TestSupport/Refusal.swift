import Testing

extension Outcome {
  /// Expects that littlectr itself has refused, with 125.
  package func expectRefusal(
    _ what: String, why: String? = nil, fix: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    expectRefusal(125, what, why: why, fix: fix, sourceLocation: sourceLocation)
  }

  /// Expects a refusal: littlectr's status, and on standard error the place with the call and errno, the cause and the
  /// remedy, each as a text that must be part of its line.
  package func expectRefusal(
    _ status: Int32, _ what: String, why: String? = nil, fix: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(ending == .exited(status), "\(self)", sourceLocation: sourceLocation)
    #expect(output == "", "\(self)", sourceLocation: sourceLocation)
    let lines = error.split(separator: "\n").map(String.init)
    #expect(lines.first?.contains(what) == true, "\(self)", sourceLocation: sourceLocation)
    let causes = lines.filter { $0.hasPrefix("  why  ") }
    let remedies = lines.filter { $0.hasPrefix("  fix  ") }
    if let why { #expect(causes.count == 1 && causes[0].contains(why), "\(self)", sourceLocation: sourceLocation) }
    if let fix { #expect(remedies.count == 1 && remedies[0].contains(fix), "\(self)", sourceLocation: sourceLocation) }
  }
}
