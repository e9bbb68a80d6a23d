import Testing

/// Many containers, after each other and at once.
@Suite struct EnduranceTests {
  @Test(arguments: Identity.all) func twoHundredRunsInARowLeaveNothing(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let before = Leftovers(sandbox)
      for number in 0..<200 {
        let seen = try sandbox.run([], "sh", "-c", "exit \(number)", sandbox.token)
        #expect(seen.ending == .exited(Int32(number)) && seen.error == "", "run \(number): \(seen)")
      }
      let left = try before.find()
      #expect(left == [])
    }
  }

  @Test(arguments: Identity.all) func thirtyAtATimeLeaveNothing(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let before = Leftovers(sandbox)
      let script = "hostname; ls /proc | grep -c '^[0-9]'; exit $0"
      let processes = try (0..<30).map { number in
        let words = [sandbox.littlectr, "run", "--hostname", "box\(number)", "sh", "-c", script, "\(number)"]
        return try sandbox.start(words + [sandbox.token])
      }
      for (number, process) in processes.enumerated() {
        let seen = try process.wait()
        #expect(seen.ending == .exited(Int32(number)) && seen.error == "", "\(seen)")
        #expect(seen.lines.first == "box\(number)" && seen.lines.count == 2, "\(seen)")
      }
      let left = try before.find()
      #expect(left == [])
    }
  }
}
