import Glibc
import Testing

/// Where compiled filters are kept, and what is never taken from there.
@Suite struct FilterKeepingTests {
  private static let stage = ["--with", "nonewprivs", "--with", "seccomp"]

  private func run(_ sandbox: Sandbox, _ environment: [String: String] = [:]) throws {
    let words = [sandbox.littlectr, "run"] + Self.stage + ["--", "grep", "^Seccomp:", "/proc/self/status"]
    let seen = try sandbox.execute(words, environment: environment)
    #expect(seen.output == "Seccomp:\t2\n" && seen.error == "", "\(seen)")
  }

  /// The file in which the filter is kept; nil if there is none.
  private func kept(_ sandbox: Sandbox) throws -> (path: String, status: stat)? {
    let directory = sandbox.directory + "/.cache/littlectr"
    guard let name = FileTree.entries(directory).first else { return nil }
    var status = stat()
    #expect(lstat("\(directory)/\(name)", &status) == 0)
    return ("\(directory)/\(name)", status)
  }

  @Test("a seccomp filter is compiled once and kept in a file that only the user can write", arguments: Identity.all)
  func itIsCompiledOnceAndOnlyTheUserCanWriteIt(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      _ = try sandbox.execute([sandbox.littlectr, "explain"] + Self.stage)
      #expect(access(sandbox.directory + "/.cache", F_OK) != 0, "explain writes nothing")
      try run(sandbox)
      let first = try #require(try kept(sandbox))
      #expect(first.status.st_mode == S_IFREG | 0o600 && first.status.st_uid == identity.ids?.user)
      try run(sandbox)
      let second = try #require(try kept(sandbox))
      #expect(second.status.st_ino == first.status.st_ino)
      let told = try sandbox.execute([sandbox.littlectr, "explain"] + Self.stage)
      #expect(!told.output.contains("filter-"), "there is nothing to keep any more")
    }
  }

  @Test("a damaged filter in the cache is compiled anew", arguments: Identity.all)
  func whatIsBrokenIsMadeAgain(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try run(sandbox)
      let first = try #require(try kept(sandbox))
      // It would let all through: the last byte of the first answer that refuses.
      for damage in [
        "truncate -s -8 \(first.path)", "printf x >\(first.path)",
        "printf x | dd of=\(first.path) bs=1 seek=7000 conv=notrunc 2>&1",
      ] {
        try sandbox.prepare(damage)
        try run(sandbox)
        #expect(try #require(try kept(sandbox)).status.st_size == first.status.st_size, "\(damage)")
      }
      try sandbox.prepare(
        "mv \(first.path) \(sandbox.directory)/elsewhere; ln -s \(sandbox.directory)/elsewhere \(first.path)")
      try run(sandbox)
      #expect(try #require(try kept(sandbox)).status.st_mode == S_IFREG | 0o600, "a link isn't followed")
    }
  }

  /// A kept filter with other instructions, and the right sum over them: words that say what it is, the lengths of key, names and
  /// instructions, flags and the sum come first.
  private static func forged(_ bytes: [UInt8], _ change: (inout [UInt64]) -> Void) -> [UInt8] {
    func words(_ bytes: ArraySlice<UInt8>) -> [UInt64] {
      stride(from: bytes.startIndex, to: bytes.endIndex, by: 8).map { start in
        bytes[start..<min(start + 8, bytes.endIndex)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
      }
    }
    func text(_ words: [UInt64]) -> [UInt8] {
      words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }
    var numbers = words(bytes[16..<56])
    let names = 56 + Int(numbers[0])
    let start = names + Int(numbers[1])
    var code = words(bytes[start...])
    change(&code)
    numbers[2] = UInt64(code.count)
    let rest = bytes[names..<start] + text(code)
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for word in words(rest[...]) {
      hash = (hash ^ word) &* 0x0000_0100_0000_01b3
      hash ^= hash >> 32
    }
    numbers[4] = hash ^ hash >> 29 ^ numbers[3]
    return bytes[..<16] + text(numbers) + bytes[56..<names] + rest
  }

  private static let changes: [(what: String, change: @Sendable (inout [UInt64]) -> Void)] = [
    ("all is let through", { $0 = [0x7fff_0000_0000_0006] }),
    (
      "each answer lets through",
      { code in code = code.map { $0 & 0xffff == 6 ? 0x7fff_0000_0000_0006 : $0 } }
    ),
    (
      "one answer is another errno",
      { code in if let index = code.firstIndex(of: 0x0005_0001_0000_0006) { code[index] = 0x0005_0002_0000_0006 } }
    ),
    (
      "a foreign program's end is an errno",
      { code in if let index = code.lastIndex(of: 0x8000_0000_0000_0006) { code[index] = 0x0005_0001_0000_0006 } }
    ),
    (
      "a number is compared with another",
      { code in if let index = code.firstIndex(where: { $0 & 0xffff == 0x35 }) { code[index] += 1 << 32 } }
    ),
    (
      "an argument is compared with another",
      { code in if let index = code.lastIndex(where: { $0 & 0xffff == 0x15 }) { code[index] += 1 << 32 } }
    ),
  ]

  /// Whatever writes as the user can write a file that is whole: it counts only if it says what the line does.
  @Test("a filter in the cache that isn't what its line says is compiled anew", arguments: Identity.all)
  func whatSaysSomethingElseIsMadeAgain(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try run(sandbox)
      let path = try #require(try kept(sandbox)).path
      let right = try FileTree.read(path)
      #expect(Self.forged(right) { _ in } == right)
      for (what, change) in Self.changes {
        let forged = Self.forged(right, change)
        #expect(forged != right, "\(what)")
        try FileTree.write(forged, to: path, mode: 0o600)
        let told = try sandbox.execute([sandbox.littlectr, "explain"] + Self.stage)
        #expect(told.output.contains("holds a filter that says something else"), "\(what): \(told)")
        try run(sandbox)
        #expect(try FileTree.read(path) == right, "\(what)")
      }
    }
  }

  @Test("without a place for the cache a container with seccomp runs all the same", arguments: Identity.all)
  func withoutAPlaceItIsCompiledEachTime(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      for place in ["", "/proc", "/proc/nowhere", "/dev/null"] {
        try run(sandbox, ["HOME": place, "XDG_CACHE_HOME": place])
      }
      try sandbox.prepare("mkdir -p .cache/littlectr; chmod 777 .cache/littlectr")
      try run(sandbox)
      #expect(FileTree.entries(sandbox.directory + "/.cache/littlectr") == [])
      let told = try sandbox.execute([sandbox.littlectr, "explain"] + Self.stage)
      #expect(told.output.contains("note: seccomp compiles its filter each time, since it can't be kept: "), "\(told)")
      #expect(told.output.contains("others can write it"), "\(told)")
    }
  }

  /// What another user has put there would decide what a hostile program may do.
  @Test func anotherUsersFilterIsNotTaken() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      try run(sandbox)
      guard geteuid() == 0 else { return }
      let first = try #require(try kept(sandbox))
      #expect(chown(first.path, 0, 0) == 0)
      try run(sandbox)
      #expect(try #require(try kept(sandbox)).status.st_uid == sandbox.identity.ids?.user, "it is made again")
      let directory = sandbox.directory + "/.cache/littlectr"
      #expect(chown(directory, 0, 0) == 0 && chmod(directory, 0o755) == 0)
      let told = try sandbox.execute([sandbox.littlectr, "explain"] + Self.stage)
      #expect(told.output.contains("belongs to another user"), "\(told)")
      try run(sandbox)
    }
  }
}
