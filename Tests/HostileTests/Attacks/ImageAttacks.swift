import Glibc

/// Images whose files lead astray what is mounted over them.
extension Attack {
  /// A place at which the default container, or a line of it, mounts something.
  private struct Target {
    let path: String
    let isDirectory: Bool
    let source: String

    init(_ path: String, directory: Bool = false, _ source: String = "CVE-2021-30465 (class)") {
      (self.path, isDirectory, self.source) = (path, directory, source)
    }
  }

  private static let targets = [
    Target("/proc", directory: true, "CVE-2023-27561"), Target("/sys", directory: true, "CVE-2023-28642"),
    Target("/dev", directory: true), Target("/dev/null", "CVE-2025-31133"), Target("/dev/console", "CVE-2025-52565"),
    Target("/dev/pts", directory: true, "CVE-2025-52565"), Target("/dev/shm", directory: true),
    Target("/dev/mqueue", directory: true), Target("/dev/tty"), Target("/dev/ptmx"),
    Target("/etc", directory: true), Target("/etc/resolv.conf"), Target("/etc/hosts"), Target("/etc/hostname"),
    Target("/etc/passwd"), Target("/tmp", directory: true), Target("/work", directory: true), Target("/etc/motd"),
  ]

  /// What is there instead, as a script's line, in which $T is the place, $P its parent, $V what is the
  /// victim's, and $W/$F too.
  private static let links = [
    "an absolute link": "ln -s $V root$T",
    "a relative link": "ln -s ../../../../../../../../../..$V root$T",
    "a link through a linked parent": "ln -s $W root$P/hop; ln -s hop/$F root$T",
    "a magic link": "ln -s /proc/self/root$V root$T",
    // What a runner makes there is made on the host: CVE-2024-45310.
    "a dangling link": "ln -s $W/made root$T",
    "a link to itself": "ln -s $T root$T",
    // Where runners have the host's root while they set up.
    "a link to the old root": "ln -s ../../../../oldroot$V root$T",
  ]
  private static let others = ["a fifo": "mkfifo root$T", "a socket": "root/bin/attack make-socket root$T"]

  static let images: [Attack] = targets.flatMap { target in
    let wrong =
      target.isDirectory
      ? ["a file for a directory": "echo x >root$T"] : ["a directory for a file": "mkdir root$T; echo x >root$T/x"]
    let kinds = [("links where something is mounted", links), ("other files where something is mounted", others)]
    return (kinds + [("other files where something is mounted", wrong)]).flatMap { kind, scripts in
      scripts.sorted { $0.key < $1.key }.map { name, script in
        Attack(kind: kind, name: "\(name) at \(target.path)", source: target.source) { arena in
          let parent = target.path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
          // A file's link leads to a file, a directory's to a directory.
          let (victim, name) = target.isDirectory ? (arena.victim, "dir") : (arena.victim + "/file", "file")
          try arena.sandbox.prepare(
            """
            T='\(target.path)'; P='\(parent)'; V='\(victim)'; W='\(arena.victim)'; F=\(name); touch root/etc/motd
            mkdir -p root/work root\(parent); rm -rf "root$T"; echo motd >motd
            echo root:x:0:0::/:/bin/sh >passwd
            \(script)
            """)
          return try layers(arena).flatMap { options in
            try arena.attack(
              ["places", "whole", target.path, "/work", "/etc", "/tmp"],
              lines + options, bubblewrap: careful, mayBeRefused: true)
          }
        }
      }
    }
  }

  /// What is mounted beside what is mounted in any case.
  private static let lines = [
    "-v", "work:/work:ro", "-v", "passwd:/etc/passwd:ro", "--with", "tmpfs to=/tmp", "--with",
    "file to=/etc/motd text=motd",
  ]
  private static let careful = [
    "--ro-bind", "work", "/work", "--ro-bind", "motd", "/etc/motd", "--ro-bind", "/etc/hosts", "/etc/resolv.conf",
    "--ro-bind", "/etc/hosts", "/etc/hosts", "--ro-bind", "/etc/hostname", "/etc/hostname", "--ro-bind", "passwd",
    "/etc/passwd",
  ]

  /// Options for a container with a layer, and for one without.
  static func layers(_ arena: Arena) -> [[String]] {
    arena.runner == .littlectr ? [[], ["--without", "overlay"]] : [[]]
  }
}
