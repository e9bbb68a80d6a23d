import Testing

/// What is stacked on "/" is in the way of every path that goes through it.
struct StackingTests {
  /// While something is stacked there, no path of the host's is opened.
  @Test("no path leads through what is stacked on /", arguments: Golden.names)
  func noPathLeadsThroughWhatIsStacked(_ name: String) throws {
    var stacked = 0
    for line in try Golden(name).expected.split(separator: "\n") {
      if line.contains("move_mount(") && line.contains(", AT_FDCWD, \"/\", ") { stacked += 1 }
      if line.contains("umount2(\"/\", ") { stacked -= 1 }
      let opens = ["open_tree(", "openat(", "openat2("].contains { line.contains($0 + "AT_FDCWD, ") }
      #expect(stacked == 0 || !opens, "\(line)")
    }
    #expect(stacked == 0)
  }
}
