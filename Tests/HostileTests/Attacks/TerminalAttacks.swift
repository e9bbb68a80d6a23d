import Glibc

/// Images whose files stand where a terminal is given to the command.
extension Attack {
  static let atTerminals = ["/dev/console", "/dev/pts", "/dev/ptmx", "/dev/tty"].flatMap { place in
    [
      ("a link", "ln -s '$W' root$T"), ("a link through a linked parent", "ln -s $W root/hop; ln -s ../hop/dir root$T"),
      ("a dangling link", "ln -s $W/made root$T"), ("a fifo", "mkfifo root$T"), ("a directory", "mkdir root$T"),
    ].map { name, script in
      Attack(kind: "other files where terminals are", name: "\(name) at \(place)", source: "CVE-2025-52565") { arena in
        try arena.sandbox.prepare("T=\(place); W='\(arena.victim)'; rm -rf root$T; \(script)")
        return try (layers(arena) + (arena.runner == .littlectr ? [["--without", "dev"]] : [])).flatMap { options in
          let words = try arena.command(["attack", "places", place, "/dev"], options)
          let terminal = try Terminal()
          let process = try arena.sandbox.start(words, terminal: terminal.path)
          let ending = try process.wait().ending
          // What it has printed, it has printed there.
          return arena.escapes(
            Outcome(ending: ending, output: terminal.output, error: terminal.output), mayBeRefused: true)
        }
      }
    }
  }

  static let typing = Attack(
    kind: "typing at the caller's terminal", name: "TIOCSTI and TIOCLINUX, with high bits too",
    source: "CVE-2017-5226, CVE-2019-7303, CVE-2023-1523, CVE-2023-28100"
  ) { arena in
    let terminal = try Terminal()
    let script = "\"$@\"; echo ran; read -r line; echo \"read: $line.\""
    let words = try arena.command(["attack", "terminal", "typed inside"])
    let process = try arena.sandbox.start(["sh", "-c", script, "sh"] + words, terminal: terminal.path)
    try terminal.waitFor("ran\n")
    try terminal.type("typed outside\n")
    let seen = try process.wait()
    guard seen.status == 0, terminal.output.contains("done\n") else {
      return ["\(Arena.unfinished): \(terminal.output)"]
    }
    return terminal.output.contains("read: typed outside.") ? [] : ["on the terminal: \(terminal.output)"]
  }
}
