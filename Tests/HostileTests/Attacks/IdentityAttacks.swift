import Glibc

/// Rights that come along, or that the image gives.
extension Attack {
  static let identities = [
    Attack(kind: "set-user-ID programs", name: "of the image and of what is bound", source: "class: setuid") { arena in
      try arena.sandbox.prepare(
        "for name in root/bin work; do cp root/bin/attack $name/set-user-id; chmod 6755 $name/set-user-id; done")
      return try arena.attack(
        ["set-user-id", "/bin/set-user-id", "/work/set-user-id"], ["-v", "work:/work", "-u", "1000:1000"],
        bubblewrap: ["--bind", "work", "/work", "--uid", "1000", "--gid", "1000"])
    },
    Attack(kind: "set-user-ID programs", name: "made inside, on every mount", source: "CVE-2021-41091 (class)") {
      arena in
      try arena.attack(
        ["set-user-id-everywhere"], ["-v", "work:/work", "--with", "tmpfs to=/tmp"],
        bubblewrap: ["--bind", "work", "/work"])
    },
    Attack(
      kind: "privileges of the caller's", name: "capabilities to be inherited",
      source: "CVE-2022-24769, CVE-2022-27649, CVE-2022-29162", needsRoot: true
    ) { arena in
      let ids = try arena.sandbox.identity.existing()
      let prefix = [
        "setpriv", "--reuid", "\(ids.user)", "--regid", "\(ids.group)", "--clear-groups", "--inh-caps",
        "+chown,+net_admin,+net_raw", "--ambient-caps", "+chown,+net_admin,+net_raw", "--",
      ]
      return arena.escapes(try arena.sandbox.startAsCaller(prefix + arena.command(["attack", "capabilities"])).wait())
    },
    Attack(
      kind: "groups of the caller's", name: "a file that a group may read", source: "CVE-2022-2989, CVE-2022-36109",
      caller: .ordinary, needsRoot: true
    ) { try withGroup($0, "root:64242", 0o040, []) },
    Attack(
      kind: "groups of the caller's", name: "a file that a group may not read", source: "CVE-2014-8989, CVE-2018-7169",
      caller: .ordinary, needsRoot: true
    ) { try withGroup($0, "root:64242", 0o604, ["--set", "userns.map=root"]) },
  ]

  /// Has somebody who is in the group 64242 run a container that sees a file of that group's.
  private static func withGroup(
    _ arena: Arena, _ owner: String, _ mode: mode_t, _ options: [String]
  ) throws -> [String] {
    let path = arena.sandbox.directory + "/grouped"
    try FileTree.write([0x78], to: path, mode: mode)
    try FileTree.give(path, to: (0, 64242))
    let ids = try arena.sandbox.identity.existing()
    let prefix = ["setpriv", "--reuid", "\(ids.user)", "--regid", "\(ids.group)", "--groups", "64242", "--"]
    let words = try arena.command(
      ["attack", "groups", "/tmp/grouped"], ["-v", "grouped:/tmp/grouped:ro"] + options,
      bubblewrap: ["--ro-bind", "grouped", "/tmp/grouped"])
    return arena.escapes(try arena.sandbox.startAsCaller(prefix + words).wait())
  }

  /// The image's accounts, by which the user is found.
  static let accounts =
    [
      ("100 MB of one line", "class: CWE-400", "head -c 100000000 /dev/zero | tr '\\0' a >root/etc/passwd"),
      (
        "lines of megabytes", "class: CWE-400",
        "for i in 1 2 3 4 5 6 7 8 9; do head -c 9000000 /dev/zero | tr '\\0' a; echo; done >root/etc/passwd"
      ),
      ("NULs", "class: CWE-400", "head -c 100000000 /dev/zero >root/etc/passwd"),
      (
        "a NUL in a name", "class: CWE-158",
        "printf 'evil\\0x:x:0:0::/:/bin/sh\\nevil:\\0x:0:0::/:/bin/sh\\n' >root/etc/passwd"
      ),
      ("a fifo", "CVE-2024-9676 (class)", "rm root/etc/passwd; mkfifo root/etc/passwd"),
      ("a link to the host's", "CVE-2024-9676", "ln -sf \"$PWD/victim/passwd\" root/etc/passwd"),
      (
        "a magic link to the host's", "CVE-2024-9676", "ln -sf \"/proc/self/cwd/victim/passwd\" root/etc/passwd"
      ),
      (
        "a group file of 100 MB", "class: CWE-400",
        "echo evil:x:7:7::/:/bin/sh >root/etc/passwd; head -c 100000000 /dev/zero | tr '\\0' a >root/etc/group"
      ),
      (
        "a group file that is a fifo", "CVE-2024-9676 (class)",
        "echo evil:x:7:7::/:/bin/sh >root/etc/passwd; mkfifo root/etc/group"
      ),
    ].map { name, source, script in
      Attack(kind: "passwd of the image", name: name, source: source, isForBubblewrap: false) { arena in
        try arena.sandbox.prepare(script)
        let words = try arena.command(["attack", "walk", arena.victim], ["-u", "evil"])
        // With so much memory as it takes for a file of reasonable size.
        let seen = try arena.sandbox.execute(["prlimit", "--data=67108864", "--"] + words)
        return arena.runner.hasRefused(seen) ? [] : ["it isn't refused: \(seen)"]
      }
    } + [
      Attack(
        kind: "passwd of the image", name: "a user whose name is a number", source: "CVE-2016-3697",
        isForBubblewrap: false
      ) { arena in
        try arena.sandbox.write("1000:x:0:0:root:/root:/bin/sh\n", to: "root/etc/passwd")
        let seen = try arena.sandbox.execute(try arena.command(["id", "-u"], ["-u", "1000:1000"]))
        return seen.output == "1000\n" ? [] : ["\(seen)"]
      },
      Attack(
        kind: "passwd of the image", name: "a number that is too large", source: "CVE-2024-40635",
        isForBubblewrap: false
      ) { arena in
        try ["4294967296", "4294967296:4294967296", "4294967295", "18446744073709551616", "-1"].flatMap { user in
          let seen = try arena.sandbox.execute(try arena.command(["id", "-u"], ["--with", "user name=\(user)"]))
          return seen.status == 125 ? [] : ["\(user): \(seen)"]
        }
      },
      Attack(
        kind: "passwd of the image", name: "libraries that look users up", source: "CVE-2019-14271"
      ) { arena in
        try arena.sandbox.prepare("mkdir -p root/lib/x86_64-linux-gnu root/usr/lib/x86_64-linux-gnu root/lib64")
        let mark = "/work/loaded"
        let library = arena.sandbox.directory + "/library.so"
        try AttackProgram.library(at: library, marking: mark)
        try arena.sandbox.prepare(
          """
          for name in files compat systemd; do for dir in lib lib/x86_64-linux-gnu usr/lib/x86_64-linux-gnu lib64; do
          cp library.so root/$dir/libnss_$name.so.2; cp library.so root/$dir/libc.so.6; done; done
          echo 'passwd: files compat systemd' >root/etc/nsswitch.conf
          echo /lib/libnss_files.so.2 >root/etc/ld.so.preload; rm -f library.so
          """)
        let escapes = try arena.attack(
          ["walk", arena.victim], ["-v", "work:/work", "-u", "other"], bubblewrap: ["--bind", "work", "/work"])
        return escapes + (access(arena.sandbox.directory + mark, F_OK) == 0 ? ["the library was loaded"] : [])
      },
    ]
}
