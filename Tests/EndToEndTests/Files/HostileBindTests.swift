import Glibc
import Testing

/// Images that lead a mount astray, and lines that would change the host.
@Suite struct HostileBindTests {
  /// Links of an image's at the place, or on the way to it.
  private static let links = [
    "/etc", "../../../../../../etc", "/proc/self/root/etc", "/proc/1/root", "..", "/", "loop",
  ]

  @Test(arguments: Identity.all, links)
  func noLinkLeadsOutOfTheRoot(_ identity: Identity, _ target: String) throws {
    for lines in [[], ["overlay"]] {
      try Sandbox.with(identity) { sandbox in
        try sandbox.configure(lines)
        try sandbox.prepare("mkdir work && echo bound >work/mark && ln -s '\(target)' root/loop")
        // Over the host's own directory, in a mount namespace that shows what was mounted.
        let script = "\"$@\"; cat /proc/self/mountinfo >after; ls -A /etc/mark /mark 2>&1"
        let words = [
          "-v", "work:/loop", "-v", "work:/loop/tmp", "--with", "tmpfs to=/loop/in", "--with", "file to=/loop/file",
        ]
        for index in stride(from: 0, to: words.count, by: 2) {
          let before = Leftovers(sandbox)
          let seen = try sandbox.run(Array(words[index...(index + 1)]), "sh", "-c", "cat /proc/mounts; ls /etc /")
          let mounts = seen.lines.filter { $0.hasSuffix(" 0 0") }.map { $0.split(separator: " ")[1] }
          // Some of /proc is covered.
          let places = mounts.filter { !$0.hasPrefix("/proc/") }
          // What was mounted lies in the container, or nothing was done at all.
          #expect(seen.status == 0 || seen.ending == .exited(125), "\(script) \(seen)")
          #expect(seen.status != 0 || places.count <= 3, "\(seen)")
          #expect(seen.status == 0 || seen.error.contains("  why  "), "\(words[index + 1]): \(seen)")
          let left = try before.find()
          #expect(left == [])
        }
      }
    }
  }

  @Test(arguments: Identity.all) func aLinkThatLeadsNowhereIsNamed(_ identity: Identity) throws {
    try Sandbox.with(identity, "overlay", "bind from=file to=/etc/resolv.conf") { sandbox in
      try sandbox.prepare("echo x >file; ln -s ../run/systemd/resolve/stub-resolv.conf root/etc/resolv.conf")
      try sandbox.run([], "true").expectRefusal(
        ": ENOENT", why: "/etc/resolv.conf is a link in the image", fix: "the path that it leads to")
      let inside = "/run/systemd/resolve/stub-resolv.conf"
      let seen = try sandbox.run(["-v", "file:\(inside)", "--without", "bind"], "true")
      #expect(seen.status == 125 || seen.status == 0, "\(seen)")
    }
  }

  /// The bind lands where the image's link leads, which is where another line would make or replace a file.
  @Test(arguments: Identity.all) func aLinkDoesNotLeadLittlectrIntoWhatIsBound(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.prepare(
        "mkdir -p work root/etc/tool root/opt; echo mine >work/config; ln -s /etc/tool root/opt/set; ln -s /work root/c"
      )
      let before = try FileTree.fingerprint(sandbox.directory + "/work")
      for lines in [
        ["overlay", "bind from=work to=/opt/set", "file to=/etc/tool/config text=theirs"],
        ["overlay", "bind from=work to=/work", "tmpfs to=/c/npm"],
        ["overlay", "bind from=work to=/work", "file to=/c/config text=theirs"],
      ] {
        try sandbox.configure(lines)
        let seen = try sandbox.run([], "true")
        #expect(seen.status == 125 && seen.error.contains("  why  ") && seen.error.contains("  fix  "), "\(seen)")
        #expect(try FileTree.fingerprint(sandbox.directory + "/work") == before, "\(lines)")
      }
      // What lies in the container's own mounts may be made.
      try sandbox.configure(["overlay", "tmpfs to=/own", "bind from=work to=/own/a/b", "file to=/own/c/d text=theirs"])
      let seen = try sandbox.run([], "cat", "/own/a/b/config", "/own/c/d")
      #expect(seen.output == "mine\ntheirs" && seen.error == "", "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func nothingIsMadeOrReplacedInWhatIsBound(_ identity: Identity) throws {
    let lines = ["overlay", "bind from=work to=/work"]
    try Sandbox.with(identity) { sandbox in
      try sandbox.prepare(
        "mkdir -p work/etc other && for name in file etc/resolv.conf etc/hosts; do echo mine >work/$name; done")
      let before = try FileTree.fingerprint(sandbox.directory + "/work")
      try sandbox.configure(lines + ["file to=/work/file text=theirs", "file to=/work/./etc/hosts text=theirs"])
      let seen = try sandbox.run([], "cat", "/work/file", "/work/etc/hosts", "/work/etc/resolv.conf")
      #expect(seen.output == "theirstheirsmine\n", "\(seen)")
      for line in ["file to=/work/new", "bind from=other to=/work/new", "tmpfs to=/work/new"] {
        try sandbox.configure(lines + [line])
        let command = line.hasPrefix("file") ? "touch" : "mkdir -p"
        try sandbox.run([], "true").expectRefusal(
          ": ENOENT", why: "/work/new would lie in ./work, which is the host's", fix: "\(command) ./work/new")
      }
      try sandbox.configure(["overlay", "bind from=work/etc to=/etc", "etc hostname=none"])
      let etc = try sandbox.run([], "cat", "/etc/hosts")
      #expect(etc.output.contains("littlectr") && etc.status == 0, "\(etc)")
      try sandbox.configure(lines + ["tmpfs to=/work/etc", "file to=/work/etc/new text=own"])
      #expect(try sandbox.run([], "cat", "/work/etc/new").output == "own")
      #expect(try FileTree.fingerprint(sandbox.directory + "/work") == before)
    }
  }

  @Test("a thousand binds work")
  func aThousandOfEach() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      try sandbox.prepare("mkdir work; echo x >work/file; touch root/etc/motd")
      let lines = (1...1100).map { "bind from=work to=/many/\($0)" }
      let cases = [
        (["overlay"] + lines, "/many/1100/file", "x\n"),
        (
          ["overlay"] + (1...1100).map { "tmpfs to=/many/\($0)" } + ["file to=/many/1100/file text=y"],
          "/many/1100/file", "y"
        ),
        ((1...1100).map { "file to=/etc/motd text=\($0)" }, "/etc/motd", "1100"),
      ]
      for (lines, path, text) in cases {
        try sandbox.configure(lines)
        // With the usual limit on open files.
        let seen = try sandbox.execute(["prlimit", "--nofile=1024:1024", sandbox.littlectr, "run", "cat", path])
        #expect(seen.output == text && seen.ending == .exited(0), "\(seen)")
      }
    }
  }

  /// Lines in which something could reach the host's mounts.
  private static let lines = [
    ["bind from=work to=/tmp"], ["overlay", "bind from=work to=/new", "tmpfs to=/new2", "file to=/new3"],
    ["overlay upper=kept"], ["file to=/etc/passwd", "etc", "sys", "dev"],
  ]

  @Test(arguments: Identity.all, lines)
  func theHostsMountsStay(_ identity: Identity, _ lines: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.configure(lines)
      try sandbox.prepare("mkdir -p work root/tmp; touch root/etc/hosts")
      for propagation in ["private", "slave", "shared", "unchanged"] {
        for userns in [[], ["--without", "userns"]] {
          let script = """
            mount -t tmpfs none work && mkdir work/below && mount -t tmpfs none work/below
            cat /proc/self/mountinfo >before; "$@"; cat /proc/self/mountinfo >after; cmp before after
            """
          let outer = [
            "unshare", "--user", "--map-root-user", "--mount", "--propagation", "shared", "sh", "-c", script, "sh",
          ]
          let run = [sandbox.littlectr, "run", "--set", "mount.propagation=\(propagation)"] + userns + ["true"]
          let seen = try sandbox.execute(outer + run)
          #expect(seen.ending == .exited(0) && seen.output == "", "\(propagation) \(userns): \(seen)")
          let refused = !userns.isEmpty && ["shared", "unchanged"].contains(propagation)
          #expect(seen.error.contains("littlectr: warning") || seen.error.isEmpty != refused, "\(seen)")
        }
      }
    }
  }
}
