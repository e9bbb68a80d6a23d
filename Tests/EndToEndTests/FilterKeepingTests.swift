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

  @Test(arguments: Identity.all) func itIsCompiledOnceAndOnlyTheUserCanWriteIt(_ identity: Identity) throws {
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

  @Test(arguments: Identity.all) func whatIsBrokenIsMadeAgain(_ identity: Identity) throws {
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

  @Test(arguments: Identity.all) func withoutAPlaceItIsCompiledEachTime(_ identity: Identity) throws {
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
