import Glibc

/// What the host and the container could have in common: memory, message queues, what can only be read.
extension Attack {
  static let shared = [
    Attack(kind: "shared memory of the host's", name: "shmget and mq_open", source: "class: shared IPC") { arena in
      let holder = try arena.sandbox.start([arena.sandbox.root + "/bin/attack", "hold-ipc", arena.sandbox.token])
      defer { holder.signal(SIGKILL) }
      try holder.waitForOutput("holding")
      let escapes = try arena.attack(["ipc", arena.sandbox.token])
      holder.signal(SIGTERM)
      return escapes + (try holder.wait().status == 0 ? [] : ["\(Arena.unfinished): hold-ipc"])
    },
    Attack(kind: "what can only be read", name: "remounted", source: "class: unlocked mounts") { arena in
      try arena.attack(
        ["remount", "/work", "/sys"], ["-v", "work:/work:ro"], bubblewrap: ["--ro-bind", "work", "/work"])
    },
    Attack(
      kind: "what can only be read", name: "the image below its layer", source: "class: images that stay changed",
      isForBubblewrap: false
    ) { arena in
      let before = try FileTree.fingerprint(arena.sandbox.root)
      let escapes = try arena.attack(["places", "/", "/etc", "/bin", "/etc/passwd", "/bin/attack", "/root"])
      return escapes + Set(try FileTree.fingerprint(arena.sandbox.root)).symmetricDifference(before).map { "\($0)" }
    },
  ]
}
