import Glibc

/// Programs that look for a way out, or at what is the kernel's.
extension Attack {
  static let waysOut =
    [
      Attack(kind: "ways out of the root", name: "chroot and ..", source: "class: chroot isn't a prison") { arena in
        try arena.attack(["walk", arena.victim])
      },
      Attack(kind: "ways out of the root", name: "links in /proc", source: "CVE-2024-21626 (class)") { arena in
        try arena.attack(["descriptors", arena.victim])
      },
      Attack(kind: "ways out of the root", name: "file handles", source: "class: shocker, 2014") { arena in
        try arena.attack(
          ["handle", arena.victim, "/", "/work", "/dev", "/tmp"], ["-v", "work:/work"],
          bubblewrap: ["--bind", "work", "/work"])
      },
      Attack(kind: "ways out of the root", name: "device nodes", source: "class: mknod") { arena in
        try arena.attack(
          ["devices", "/", "/work", "/dev", "/dev/shm"], ["-v", "work:/work"], bubblewrap: ["--bind", "work", "/work"])
      },
      Attack(kind: "ways out of the root", name: "mounts that come through", source: "class: shared propagation") {
        arena in
        try arena.attack(["mounts"], ["-v", "work:/work"], bubblewrap: ["--bind", "work", "/work"])
      },
      Attack(
        kind: "inherited descriptors", name: "a directory of the caller's", source: "CVE-2016-9962, CVE-2024-21626"
      ) {
        arena in
        try withDescriptors(arena) { try arena.attack(["descriptors", arena.victim], inherits: $0) }
      },
    ]
    + (["/proc/self/fd/", "/proc/1/fd/", "/proc/self/root/proc/self/fd/"]).map { path in
      Attack(kind: "inherited descriptors", name: "working directory \(path)N", source: "CVE-2024-21626") { arena in
        try withDescriptors(arena) { descriptors in
          try ([3, 4, 5, 6, 7, 8, 9, 10] + descriptors).flatMap { number in
            try arena.attack(
              ["descriptors", arena.victim], ["-w", "\(path)\(number)"], bubblewrap: ["--chdir", "\(path)\(number)"],
              mayBeRefused: true, inherits: descriptors)
          }
        }
      }
    }

  /// Has the runner inherit the victim's directory, at a low and at a high number.
  private static func withDescriptors(_ arena: Arena, _ body: ([Int32]) throws -> [String]) throws -> [String] {
    let directory = open(arena.victim, O_RDONLY | O_DIRECTORY)
    let high = fcntl(directory, F_DUPFD, 500)
    defer { [directory, high].forEach { close($0) } }
    return try body([directory, high])
  }
}
