import Glibc

/// What belongs to the caller: the program, the terminal, processes, groups, keys, sockets, secrets.
extension Attack {
  static let executables = [
    executable("from inside", options: [], ["attack", "executable"]),
    executable("after the end", options: ["--without", "pid"], ["attack", "executable", "later"]),
    // The image's command is the runner itself, which then is a process that may be looked at.
    executable(
      "as the command, /proc/self/exe", options: [],
      ["/bin/again", "run", "--conf", "/again.conf", "--", "/bin/attack", "executable"]),
    // The same as the interpreter of a script, which the first proof of it did.
    executable("as a script's interpreter", options: [], ["/bin/script"]),
  ]

  private static func executable(
    _ name: String, options: [String], _ command: [String]
  ) -> Attack {
    Attack(kind: "the runner's program overwritten", name: name, source: "CVE-2019-5736") { arena in
      // A copy that the caller may write, and nobody else uses.
      let program = arena.sandbox.directory + "/runner"
      try arena.sandbox.prepare(
        """
        cp '\(try arena.runner.program(arena.sandbox))' '\(program)'; chmod 755 '\(program)'
        ln -s /proc/self/exe root/bin/again; sha256sum '\(program)' >runner.sum
        mkdir root/lib root/lib64; echo '#!/proc/self/exe run' >root/bin/script; chmod 755 root/bin/script
        echo 'hook phase=before-clone run=/bin/attack args=executable args=later' >root/again.conf
        echo 'hook phase=before-clone run=/bin/sh args=-c args="attack executable later; exit 1"' >root/stages.conf
        """)
      for name in ["lib64/ld-linux-x86-64.so.2", "lib/ld-linux-aarch64.so.1"] {
        try FileTree.write(try AttackProgram.loader.get(), to: "\(arena.sandbox.root)/\(name)", mode: 0o755)
      }
      arena.program = program
      let words = try arena.command(command, options)
      let seen = try arena.sandbox.execute(words)
      var escapes = seen.lines.filter { $0.hasPrefix("escaped: ") }
      let begun = seen.lines.last == "done" || arena.runner.hasRefused(seen)
      if !begun { escapes.append("\(Arena.unfinished): \(seen)") }
      _ = try? eventually("the daemon's end", within: 20) { Leftovers.processes(of: arena.sandbox).count <= 1 }
      let sum = try arena.sandbox.execute(["sha256sum", "-c", "runner.sum"])
      return escapes + (sum.status == 0 ? [] : ["the program was overwritten"])
    }
  }

  static let callers = [
    typing,
    Attack(kind: "processes of the host's", name: "kill", source: "class: shared process ids") { arena in
      try arena.attack(["processes", String(arena.bystanderID)])
    },
    Attack(
      kind: "processes of the host's", name: "ptrace, memory, descriptors", source: "CVE-2016-9962, CVE-2016-8659"
    ) { try $0.attack(["trace", String($0.bystanderID)]) },
    Attack(kind: "processes of the host's", name: "a daemon that stays", source: "class: left running") { arena in
      try arena.attack(["outlive", arena.sandbox.token])
    },
    Attack(kind: "secrets of the caller's", name: "environment", source: "class: inherited environment") { arena in
      try arena.attack(["environment", "hunter2"], environment: ["LITTLECTR_SECRET": "hunter2"])
    },
    Attack(kind: "abstract sockets of the host's", name: "connect", source: "CVE-2020-15257") { arena in
      let name = arena.sandbox.token
      let listener = try arena.sandbox.start([arena.sandbox.root + "/bin/attack", "listen", name])
      defer { listener.signal(SIGKILL) }
      try listener.waitForOutput("listening")
      let escapes = try arena.attack(["socket", name], ["--with", "net"])
      listener.signal(SIGKILL)
      _ = try listener.wait()
      return escapes
    },
  ]
}
