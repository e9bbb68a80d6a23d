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

  /// Programs that aren't the image's, or should not be.
  static let programs = [
    Attack(kind: "inherited descriptors", name: "a command /proc/self/fd/N/…", source: "CVE-2024-21626") { arena in
      try arena.sandbox.prepare("mkdir outside; cp root/bin/attack outside/attack")
      let directory = open(arena.sandbox.directory + "/outside", O_RDONLY | O_DIRECTORY)
      defer { close(directory) }
      return try ["self", "1", "thread-self"].flatMap { process in
        let path = "/proc/\(process)/fd/\(directory)/attack"
        // By its path, by a link of the image's, and as the interpreter of one of the image's scripts.
        try arena.sandbox.prepare(
          "ln -sf \(path) root/bin/link; echo '#!\(path) walk' >root/bin/script; chmod 755 root/bin/script")
        return try [path, "/bin/link", "/bin/script"].flatMap { command in
          let seen = try arena.sandbox.start(try arena.command([command, "walk"]), inherits: [directory]).wait()
          if seen.output.contains("done") { return ["a program of the host's was run: \(command), \(path)"] }
          let isRefused = [125, 126, 127, 1].contains(seen.status) && !seen.error.isEmpty
          return isRefused ? [] : ["\(Arena.unfinished): \(seen)"]
        }
      }
    },
    Attack(
      kind: "programs of the host's", name: "a hook in the image's directory", source: "CVE-2025-23266 (class)",
      isForBubblewrap: false
    ) { arena in
      let mark = arena.victim + "/loaded"
      try AttackProgram.library(at: arena.sandbox.root + "/library.so", marking: mark)
      try arena.sandbox.prepare(
        """
        cd root; mkdir -p lib/x86_64-linux-gnu usr/lib/x86_64-linux-gnu lib64 glibc-hwcaps/x86-64-v2
        for name in libc.so.6 libselinux.so.1 libpcre2-8.so.0 libnss_files.so.2; do
        for dir in . lib lib/x86_64-linux-gnu usr/lib/x86_64-linux-gnu lib64 glibc-hwcaps/x86-64-v2; do
        cp library.so $dir/$name; done; done; cp bin/attack true; echo /library.so >etc/ld.so.preload
        """)
      return try ["in-child", "child-waits", "before-clone", "after"].flatMap { phase in
        try arena.attack(["walk", arena.victim], ["--with", "hook phase=\(phase) run=true"])
      }
    },
  ]

  /// Has the runner inherit the victim's directory, at a low and at a high number.
  private static func withDescriptors(_ arena: Arena, _ body: ([Int32]) throws -> [String]) throws -> [String] {
    let directory = open(arena.victim, O_RDONLY | O_DIRECTORY)
    let high = fcntl(directory, F_DUPFD, 500)
    defer { [directory, high].forEach { close($0) } }
    return try body([directory, high])
  }
}
