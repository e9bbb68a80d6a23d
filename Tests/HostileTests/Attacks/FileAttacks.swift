import Glibc

/// Names that look like options, and files which somebody else has written.
extension Attack {
  static let files = [
    Attack(kind: "names that begin with -", name: "of the command", source: "CVE-2024-32462 (class)") { arena in
      try ["-v", "--bind", "--help", "-"].flatMap { name in
        try arena.sandbox.prepare("ln -f root/bin/attack 'root/bin/\(name)'")
        // bubblewrap takes its options up to --, littlectr too.
        let seen = try arena.sandbox.execute(try arena.command([name, "walk", arena.victim]))
        return arena.escapes(seen)
      }
    },
    Attack(kind: "names that begin with -", name: "of files", source: "CVE-2024-32462 (class)") { arena in
      try arena.sandbox.prepare("mkdir -- -v --without=userns; echo mine >-v/mark; echo mine >--without=userns/mark")
      return try ["-v", "--without=userns"].flatMap { name in
        try arena.attack(
          ["places", "/\(name)"], ["-v", "\(name):/\(name):ro"], bubblewrap: ["--ro-bind", name, "/\(name)"])
      }
    },
    Attack(
      kind: "files that another user wrote", name: "a stages.conf that all may write",
      source: "CVE-2022-24765 (class)", isForBubblewrap: false
    ) { arena in
      try foreign(arena) { try arena.sandbox.prepare("chmod 666 \($0)") }
    },
    Attack(
      kind: "files that another user wrote", name: "a stages.conf of somebody else's",
      source: "CVE-2022-24765 (class)", needsRoot: true, isForBubblewrap: false
    ) { arena in
      try foreign(arena) { try FileTree.give($0, to: (64243, 64243)) }
    },
    Attack(
      kind: "files that another user wrote", name: "a stages.conf in a directory that all may write",
      source: "CVE-2022-24765 (class)", isForBubblewrap: false
    ) { arena in
      try foreign(arena) { _ in try arena.sandbox.prepare("chmod 777 .") }
    },
    Attack(
      kind: "files that another user wrote", name: "a layer that leads to files of the host's",
      source: "CVE-2024-1753 (class)", isForBubblewrap: false
    ) { arena in
      try ["upper", "work"].flatMap { name in
        try arena.sandbox.prepare("rm -rf layer; mkdir layer; ln -s ../victim layer/\(name)")
        return try arena.attack(["walk", "/"], ["--set", "overlay.upper=layer"], mayBeRefused: true)
      }
    },
    Attack(
      kind: "files of a repository", name: "a stages.conf in the working directory", source: "CVE-2022-24765 (class)",
      isForBubblewrap: false
    ) { arena in
      let line = "hook phase=before-clone run=touch args=\(arena.victim)/owned\n"
      try arena.sandbox.write(line + (try FileTree.text(arena.sandbox.directory + "/stages.conf")), to: "stages.conf")
      // The one inside the program is used: it has another image, or none.
      let words = try arena.command(["attack", "walk", arena.victim], ["--root", arena.sandbox.root])
      return arena.escapes(try arena.sandbox.start(words, environment: ["LITTLECTR_CONF": ""]).wait())
    },
  ]

  /// Runs littlectr beside a stages.conf of somebody else's, which has a hook.
  private static func foreign(_ arena: Arena, _ taint: (String) throws -> Void) throws -> [String] {
    let path = arena.sandbox.directory + "/stages.conf"
    let line = "hook phase=before-clone run=touch args=\(arena.victim)/owned\n"
    try arena.sandbox.write(line + (try FileTree.text(path)), to: "stages.conf")
    try taint(path)
    let seen = try arena.sandbox.execute(try arena.command(["attack", "walk", arena.victim]))
    return seen.status == 125 && seen.error.contains("stages.conf") ? [] : ["it was taken: \(seen)"]
  }
}
