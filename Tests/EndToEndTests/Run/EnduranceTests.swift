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

  @Test("a hundred runs with the shipped stages.conf leave nothing", arguments: Identity.all)
  func ofTheWholeContainerNothingIsLeft(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.writeShipped(root: "root", to: "whole.conf")
      // The first run keeps its filter in the cache.
      try #require(try sandbox.run(["--conf", "./whole.conf"], "true").status == 0)
      let before = Leftovers(sandbox)
      for number in 0..<100 {
        let script = "echo >/written; exit \(number)"
        let seen = try sandbox.run(["--conf", "./whole.conf"], "sh", "-c", script, sandbox.token)
        #expect(seen.ending == .exited(Int32(number)) && seen.error == "", "run \(number): \(seen)")
      }
      let processes = try (0..<50).map { number in
        let words = ["run", "--conf", "./whole.conf", "sh", "-c", "echo $0 >/written; cat /written", "\(number)"]
        return try sandbox.start([sandbox.littlectr] + words + [sandbox.token])
      }
      for (number, process) in processes.enumerated() {
        let seen = try process.wait()
        #expect(seen.ending == .exited(0) && seen.output == "\(number)\n" && seen.error == "", "\(seen)")
      }
      let left = try before.find()
      #expect(left == [] && FileTree.entries(sandbox.directory + "/.local/share/littlectr/run") == [])
      #expect(!FileTree.entries(sandbox.root).contains("written"))
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
