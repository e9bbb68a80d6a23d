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
    Target("/etc", directory: true), Target("/etc/resolv.conf"), Target("/etc/passwd"), Target("/tmp", directory: true),
    Target("/work", directory: true), Target("/etc/motd"),
  ]

  /// What is there instead, as a script's line, in which $T is the place, $P its parent, $V what is the
  /// victim's, and $W/$F too.
  private static let links = [
    "an absolute link": "ln -s $V root$T",
    "a relative link": "ln -s ../../../../../../../../../..$V root$T",
    "a link through a linked parent": "ln -s $W root$P/hop; ln -s hop/$F root$T",
    "a magic link": "ln -s /proc/self/root$V root$T",
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
            \(script)
            """)
          return try layers(arena).flatMap { options in
            try arena.attack(
              ["places", "whole", target.path, "/work", "/etc", "/tmp"],
              ["-v", "work:/work:ro", "--with", "tmpfs to=/tmp", "--with", "file to=/etc/motd text=motd"] + options,
              bubblewrap: [
                "--ro-bind", "work", "/work", "--ro-bind", "motd", "/etc/motd", "--ro-bind", "/etc/hosts",
                "/etc/resolv.conf",
              ], mayBeRefused: true)
          }
        }
      }
    }
  }

  /// Options for a container with a layer, and for one without.
  private static func layers(_ arena: Arena) -> [[String]] {
    arena.runner == .littlectr ? [[], ["--without", "overlay"]] : [[]]
  }

  /// A second process that makes a link of a directory, and a directory of the link, while containers start.
  static let race = [
    Attack(kind: "a link exchanged with a directory", name: "thousands of times", source: "CVE-2021-30465") { arena in
      try arena.sandbox.prepare("mkdir -p root/work; ln -s '\(arena.victim)' root/other")
      let exchanger = try arena.sandbox.start([
        arena.sandbox.root + "/bin/attack", "exchange", "root/work", "root/other",
      ])
      try exchanger.waitForOutput("exchanging")
      var escapes: [String] = []
      let end = now() + 4
      for round in 0..<40 where now() < end {
        let place = round % 2 == 0 ? "/work" : "/work/deep/er"
        let layer = round % 4 < 2 || arena.runner == .bwrap ? [] : ["--without", "overlay"]
        escapes += try arena.attack(
          ["places", "/work"], ["-v", "work:\(place)"] + layer, bubblewrap: ["--bind", "work", place],
          mayBeRefused: true)
      }
      exchanger.signal(SIGTERM)
      let seen = try exchanger.wait()
      let count = seen.output.split(separator: " ").last.flatMap { Int($0.dropLast(0).filter(\.isNumber)) } ?? 0
      return escapes + (seen.status == 0 && count > 2000 ? [] : ["it was exchanged \(count) times only: \(seen)"])
    }
  ]
}
