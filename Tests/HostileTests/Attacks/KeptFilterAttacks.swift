import Glibc

/// Filters that littlectr keeps, forged so that they allow everything.
extension Attack {
  static let keptFilters = [
    keptFilter("of the user's own, with a right sum") { _, _ in },
    keptFilter("that others may write") { arena, file in try arena.sandbox.prepare("chmod 666 \(file)") },
    keptFilter("in a directory that others may write") { arena, file in
      try arena.sandbox.prepare("chmod 777 $(dirname \(file))")
    },
    keptFilter("behind a link") { arena, file in
      try arena.sandbox.prepare("mv \(file) forged; ln -s \"$PWD/forged\" \(file)")
    },
    keptFilter("of another user", needsRoot: true) { _, file in try FileTree.give(file, to: (64243, 64243)) },
    keptFilter("in another user's directory", needsRoot: true) { arena, _ in
      chown(arena.sandbox.directory + "/.cache/littlectr", 64243, 64243)
    },
  ]

  private static func keptFilter(
    _ name: String, needsRoot: Bool = false, taint: @escaping @Sendable (Arena, String) throws -> Void
  ) -> Attack {
    Attack(
      kind: "files that another user wrote", name: "a filter \(name)", source: "class: CWE-345, poisoned caches",
      needsRoot: needsRoot, isForBubblewrap: false
    ) { arena in
      let words = ["call", "keyctl", "bpf", "unshare-user"]
      let escapes = try arena.attack(words)
      let directory = arena.sandbox.directory + "/.cache/littlectr"
      let files = FileTree.entries(directory)
      guard files.count == 1 else { return escapes + ["\(Arena.unfinished): \(files) is kept in \(directory)"] }
      try arena.sandbox.prepare("root/bin/attack poison '\(directory)/\(files[0])'")
      try taint(arena, "\(directory)/\(files[0])")
      return try escapes + arena.attack(words)
    }
  }
}
