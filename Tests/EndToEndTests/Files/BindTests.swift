import Glibc
import Testing

/// Files and directories of the host's, where a line puts them.
@Suite struct BindTests {
  private static let roots = [[], ["overlay"]]

  @Test("what is written to a bind is written to the host's directory", arguments: Identity.all, roots)
  func whatIsWrittenIsTheHosts(_ identity: Identity, _ lines: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.configure(lines + ["bind from=work to=/tmp", "bind from=work/file to=/etc/small-root"])
      try sandbox.prepare("mkdir work && echo out >work/file")
      let before = try FileTree.fingerprint(sandbox.root)
      let seen = try sandbox.sh("cat /tmp/file && echo in >/etc/small-root && cat /tmp/file && mkdir /tmp/made")
      #expect(seen.output == "out\nin\n" && seen.ending == .exited(0), "\(seen)")
      #expect(FileTree.entries(sandbox.directory + "/work") == ["file", "made"])
      #expect(try FileTree.text(sandbox.directory + "/work/file") == "in\n")
      #expect(try FileTree.fingerprint(sandbox.root) == before)
    }
  }

  /// Flags for the command line; what is found inside, at which place.
  private static let volumes = [
    (["-v", "work:/tmp"], "/tmp"), (["--bind", "work:/tmp"], "/tmp"),
    (["--bind=./work:/tmp"], "/tmp"), (["-v", "work:/tmp:rw"], "/tmp"), (["-v", "root/../work:/tmp"], "/tmp"),
    (["-v", "link:/tmp"], "/tmp"), (["-v", "work:/tmp/"], "/tmp"), (["-v", "work://./tmp/."], "/tmp"),
    (["-v", "root:/tmp", "-v", "work:/tmp/tmp"], "/tmp/tmp"), (["-v", "root:/tmp", "-v", "work:/tmp"], "/tmp"),
    (["--with", "bind from=\"two words\" to=\"/etc/new\\nline\""], "/etc/new\nline"),
    (["--with", "bind from=\"two words\" to=/tmp"], "/tmp"), (["--with", "bind from=co:lon to=/tmp"], "/tmp"),
  ]

  @Test("a bind works in every way to write it", arguments: Identity.all, volumes)
  func everyWayToWriteIt(_ identity: Identity, _ way: (options: [String], place: String)) throws {
    let (options, place) = way
    try Sandbox.with(identity) { sandbox in
      try sandbox.prepare(
        "mkdir work co:lon 'two words' root/etc/new'\n'line; for to in work co:lon 'two words'; do echo x >\"$to\"/file; done; ln -s work link"
      )
      let seen = try sandbox.run(options, "sh", "-c", "cd \"$0\" && echo there >made && cat file made", place)
      #expect(seen.output == "x\nthere\n" && seen.ending == .exited(0), "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func anAbsolutePathMayStandForBoth(_ identity: Identity) throws {
    try Sandbox.with(identity, "overlay") { sandbox in
      try sandbox.prepare("mkdir work && touch work/file")
      let seen = try sandbox.run(["-v", sandbox.directory + "/work"], "ls", sandbox.directory + "/work")
      #expect(seen.output == "file\n", "\(seen)")
      // A relative one leads on from the directory that littlectr is started in.
      for word in ["work", "./work/.", "root/../work"] {
        let seen = try sandbox.run(["-v", word], "ls", sandbox.directory + "/work")
        #expect(seen.output == "file\n", "\(word): \(seen)")
      }
      let place = sandbox.directory + "/work"
      let words = [sandbox.littlectr, "run", "--conf", "../stages.conf", "-v", ".", "-w", place, "ls"]
      let all = try sandbox.execute(words, in: place)
      #expect(all.output == "file\n", "\(all)")
    }
  }

  @Test(arguments: [
    "", ":", "work:", ":/tmp", "work:tmp", "work:/tmp:x", "work:/tmp:", "work:/tmp:ro:x", "work:/tmp/../etc",
    "work::ro",
    "work:/tmp:RO",
  ])
  func aWrongVolumeIsRefused(_ volume: String) throws {
    try Sandbox.with(.caller) { sandbox in
      try sandbox.prepare("mkdir work")
      let seen = try sandbox.run(["-v", volume], "true")
      #expect(seen.ending == .exited(125) && seen.output == "" && seen.error.contains("volume"), "\(seen)")
    }
  }

  @Test(arguments: [
    ("bind", "nothing is bound", "write bind from=PATH to=PATH"), ("bind to=/tmp", "nothing is bound", "from=PATH"),
    ("bind from=work to=/", "to=/", "root=DIR"), ("bind from=work to=/./", "to=/", "root=DIR"),
    ("bind from=nowhere to=/tmp", "open_tree(AT_FDCWD, \"./nowhere\"", "write optional=yes"),
    ("bind from=work/file/x to=/tmp", "open_tree(AT_FDCWD, \"./work/file/x\"", "a path that is there"),
  ])
  func aWrongLineIsRefused(_ line: String, _ what: String, _ fix: String) throws {
    try Sandbox.with(.caller, line) { sandbox in
      try sandbox.prepare("mkdir work; touch work/file")
      try sandbox.run([], "true").expectRefusal("littlectr: bind (stages.conf:6): \(what)")
      #expect(try sandbox.run([], "true").error.contains(fix))
    }
  }

  @Test("a bind with optional is left out if its source is missing", arguments: Identity.all, roots)
  func anOptionalOneMayLack(_ identity: Identity, _ lines: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.configure(lines + ["bind from=work to=/tmp optional"])
      try sandbox.prepare("echo x >root/tmp/image")
      #expect(try sandbox.run([], "ls", "/tmp").output == "image\n")
      try sandbox.prepare("mkdir work && echo x >work/there")
      #expect(try sandbox.run([], "ls", "/tmp").output == "there\n")
    }
  }

  @Test("a bind's place is made in a layer, and must be there in a bare image", arguments: Identity.all)
  func onlyAnImageMustHaveThePlace(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.prepare("mkdir work && echo x >work/file")
      let before = try FileTree.fingerprint(sandbox.root)
      let new = ["-v", "work:/new/er/place", "-v", "work/file:/new/er/file"]
      let seen = try sandbox.run(["--with", "overlay"] + new, "cat", "/new/er/place/file", "/new/er/file")
      #expect(seen.output == "x\nx\n", "\(seen)")
      try sandbox.run(new, "true").expectRefusal(
        ": ENOENT", why: "the image has no directory /new/er/place",
        fix: "switch overlay on, or make one: mkdir -p ./root/new/er/place")
      try sandbox.run(["-v", "work/file:/new"], "true").expectRefusal(
        ": ENOENT", why: "the image has no file /new", fix: "touch ./root/new")
      for (from, to) in [("work", "/etc/passwd"), ("work/file", "/etc"), ("work/file", "/etc/passwd/x")] {
        let seen = try sandbox.run(["-v", "\(from):\(to)"], "true")
        #expect(seen.ending == .exited(125) && seen.output == "", "\(seen)")
        #expect(seen.error.contains("  why  ") && seen.error.contains("  fix  "), "\(seen)")
      }
      #expect(try FileTree.fingerprint(sandbox.root) == before)
    }
  }

  /// What is mounted, and which flags it has: all below it as well.
  private static let flags = [
    ("readonly", "ro,nosuid,nodev"), ("noexec", "rw,nosuid,nodev,noexec"), ("", "rw,nosuid,nodev"),
    ("nosuid=no nodev=no", "rw"), ("nosuid=no", "rw,nodev"), ("readonly noexec nosuid=no", "ro,nodev,noexec"),
  ]

  @Test(arguments: Identity.all, flags)
  func flagsHoldForAllThatIsMountedBelow(_ identity: Identity, _ line: (options: String, flags: String)) throws {
    let (options, flags) = line
    try Sandbox.with(identity, "bind from=work to=/tmp \(options)") { sandbox in
      // Also with an own user namespace inside, where what the outer one has mounted is locked.
      for inner in [[], ["--without", "userns"]] {
        let script = """
          mkdir -p work/below && mount -t tmpfs none work/below && mkdir work/below/deep && \
          mount -t tmpfs none work/below/deep && cp root/bin/busybox work/below/deep/echo
          "$@"; umount -R work/below
          """
        let ask = "grep ' /tmp' /proc/mounts | cut -d ' ' -f 2,4; echo x >/tmp/below/deep/x && /tmp/below/deep/echo ran"
        let outer = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]
        let seen = try sandbox.execute(outer + [sandbox.littlectr, "run"] + inner + ["sh", "-c", ask])
        let places = seen.lines.filter { $0.hasPrefix("/tmp") }.map { $0.split(separator: " ").map(String.init) }
        #expect(places.map { $0[0] } == ["/tmp", "/tmp/below", "/tmp/below/deep"], "\(seen)")
        for place in places {
          let set = place[1].split(separator: ",").filter { ["ro", "rw", "nosuid", "nodev", "noexec"].contains($0) }
          #expect(set.joined(separator: ",") == flags, "\(place): \(seen)")
        }
        let runs = !flags.contains("ro") && !flags.contains("noexec")
        #expect(seen.output.hasSuffix("ran\n") == runs, "\(seen)")
      }
    }
  }

  @Test(arguments: Identity.all) func recursiveNoLeavesOutWhatIsMountedBelow(_ identity: Identity) throws {
    try Sandbox.with(identity, "bind from=work to=/tmp recursive=no") { sandbox in
      let script = "mkdir -p work/below; mount -t tmpfs none work/below && touch work/below/hidden && \"$@\""
      let outer = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]
      let words = [sandbox.littlectr, "run", "--without", "userns", "ls", "-A", "/tmp/below"]
      let seen = try sandbox.execute(outer + words)
      #expect(seen.output == "" && seen.ending == .exited(0), "\(seen)")
      // What a mount hides must not be shown by a user namespace below: the kernel says so, and littlectr why.
      let inner = try sandbox.execute(outer + [sandbox.littlectr, "run", "true"])
      inner.expectRefusal("open_tree(AT_FDCWD, \"./work\"", why: "other mounts lie below ./work", fix: "recursive=yes")
    }
  }
}
