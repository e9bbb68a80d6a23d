import Testing

/// Files that nobody would write by hand: an error, quickly, and never a trap.
@Suite struct HostileFileTests {
  /// The limit in seconds; it takes milliseconds, but a machine under load takes its time.
  private static let limit = 10.0

  /// What a file holds, by the name of what is wrong with it, and what is said about it.
  private static let files: [String: (bytes: @Sendable () -> [UInt8], says: String)] = [
    "10 MB of comments": (
      { Array(repeating: Array("# x\n".utf8), count: 2_500_000).flatMap(\.self) }, "larger than 1 MiB"
    ),
    "10 MB without a newline": ({ Array(repeating: 0x61, count: 10_000_000) }, "larger than 1 MiB"),
    "a line of a megabyte": ({ Array("uts hostname=".utf8) + Array(repeating: 0x61, count: 1_000_000) }, "bytes"),
    "a million options": (
      { Array("uts ".utf8) + Array(repeating: Array("a ".utf8), count: 500_000).flatMap(\.self) }, "bytes"
    ),
    "options on 200000 lines": (
      { Array("uts\n".utf8) + Array(repeating: Array(" a=b\n".utf8), count: 200_000).flatMap(\.self) },
      "unknown key 'a'"
    ),
    "one option on 30000 lines": (
      {
        Array("uts\n".utf8) + Array(repeating: Array(" hostname=b\n".utf8), count: 30_000).flatMap(\.self)
      }, "hostname"
    ),
    "200000 stages": ({ Array(repeating: Array("uts\n".utf8), count: 200_000).flatMap(\.self) }, "twice"),
    "a NUL": ({ Array("uts host\0name=x\n".utf8) }, "a NUL byte"),
    "only NULs": ({ Array(repeating: 0, count: 1_000_000) }, ":1:"),
    "bytes that aren't UTF-8": ({ Array("uts hostname=".utf8) + [0xff, 0xfe, 0x0a] }, "isn't UTF-8"),
    "half a character": ({ Array("uts hostname=".utf8) + [0xe2, 0x82] }, "isn't UTF-8"),
    "an escape sequence": ({ Array("uts hostname=\u{1b}[31m\n".utf8) }, "control character"),
    "60000 quotes": ({ Array(repeating: 0x22, count: 60_000) }, ":1:"),
    "an open quote": ({ Array("uts hostname=\"x\n".utf8) }, ":1:"),
    "60000 dollars": ({ Array("uts hostname=".utf8) + Array(repeating: 0x24, count: 60_000) }, "1 to 64 bytes"),
    "deep variables": (
      { Array("uts hostname=".utf8) + Array(repeating: Array("${".utf8), count: 30_000).flatMap(\.self) }, ":1:"
    ),
    "combining characters": (
      { Array(("uts" + String(repeating: "\u{301}", count: 30_000) + "\n").utf8) }, "unknown stage 'ut"
    ),
    "carriage returns": ({ Array(repeating: 0x0d, count: 60_000) }, ":1:"),
    "backslashes": ({ Array("uts hostname=\"".utf8) + Array(repeating: 0x5c, count: 60_001) }, ":1:"),
    "a huge number": ({ Array("uts hostname=\(String(repeating: "9", count: 50_000))\n".utf8) }, "1 to 64 bytes"),
  ]

  @Test("a file of nonsense is refused with an error, quickly", arguments: files.keys.sorted())
  func isRefusedQuickly(_ what: String) throws {
    let (bytes, says) = try #require(Self.files[what])
    try Sandbox.with(.caller) { sandbox in
      try FileTree.write(bytes(), to: sandbox.directory + "/hostile.conf")
      for command in ["run", "explain"] {
        let start = now()
        let seen = try sandbox.littlectr(command, "--conf", "./hostile.conf", "--", "true")
        #expect(now() - start < Self.limit)
        #expect(seen.ending == .exited(125) && seen.output == "", "\(String(seen.description.prefix(2000)))")
        #expect(seen.error.contains(says), "\(String(seen.description.prefix(2000)))")
        // The message itself is neither long nor dangerous for a terminal.
        #expect(seen.error.utf8.count < 4000 && !seen.error.contains("\u{1b}") && !seen.error.contains("\0"))
      }
    }
  }

  @Test func includesThatGoRoundInCircles() throws {
    try Sandbox.with(.caller) { sandbox in
      try sandbox.write("include hostile.conf\n", to: "hostile.conf")
      try sandbox.littlectr("explain", "--conf", "./hostile.conf").expectRefusal(
        "littlectr: hostile.conf:1:9: this file includes itself: hostile.conf → ")
      try sandbox.write("include two.conf\n", to: "one.conf")
      try sandbox.write("include ./three.conf\n", to: "two.conf")
      try sandbox.write("include root/../one.conf\n", to: "three.conf")
      let seen = try sandbox.littlectr("explain", "--conf", "./one.conf")
      seen.expectRefusal("littlectr: three.conf:1:9: this file includes itself: one.conf → ")
    }
  }

  @Test func includesThatMultiply() throws {
    try Sandbox.with(.caller) { sandbox in
      for level in 0..<20 {
        let line = level == 19 ? "# the end\n" : "include level\(level + 1).conf\n"
        try sandbox.write(line + line, to: "level\(level).conf")
      }
      let start = now()
      try sandbox.littlectr("explain", "--conf", "./level0.conf").expectRefusal("more than 100 files are included")
      #expect(now() - start < Self.limit)
    }
  }

  @Test func includesThatAreDeep() throws {
    try Sandbox.with(.caller) { sandbox in
      for level in 0..<300 { try sandbox.write("include deep\(level + 1).conf\n", to: "deep\(level).conf") }
      try sandbox.littlectr("explain", "--conf", "./deep0.conf").expectRefusal("more than 100 files are included")
      try sandbox.write("pid\n", to: "deep90.conf")
      let seen = try sandbox.littlectr("explain", "--conf", "./deep0.conf")
      #expect(seen.ending == .exited(0), "\(seen)")
    }
  }

  @Test func longWordsOnTheCommandLine() throws {
    try Sandbox.with(.caller) { sandbox in
      let long = String(repeating: "x", count: 100_000)
      for words in [
        ["--set", "uts.hostname=\(long)"], ["--set", long], ["--with", long], ["--without", long], ["--\(long)"],
      ] {
        let start = now()
        let seen = try sandbox.execute([sandbox.littlectr, "run"] + words + ["true"])
        #expect(
          seen.ending == .exited(125) && seen.output == "" && now() - start < Self.limit, "\(words[0].prefix(20))")
      }
    }
  }
}
