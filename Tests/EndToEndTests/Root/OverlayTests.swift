import Testing

/// The layer over the image.
@Suite struct OverlayTests {
  private static let ways = [
    [], ["--set", "userns.map=root"], ["--set", "chroot.method=chroot"], ["--set", "mount.propagation=slave"],
    ["--set", "overlay.upper=kept"],
  ]

  /// All that can be done to files of an image.
  private static let changes = """
    set -e
    cd /data
    echo new >file && cat file
    echo more >>link1 && ln link1 link3 && cat link3
    rm gone && ! cat gone 2>/dev/null
    chmod 600 mode && stat -c %a mode
    mv name renamed && cat renamed
    mv deep shallow && cat shallow/er/file && ! ls deep 2>/dev/null
    rm to-directory && mkdir to-directory && echo inner >to-directory/in && cat to-directory/in
    rm -r to-file && echo flat >to-file && cat to-file && rm to-file && mkdir to-file && ls -A to-file | wc -l
    touch -d 2001-02-03 time && stat -c %y time | cut -c 1-10
    rm symbolic && ln -s nowhere symbolic && readlink symbolic
    rm -r /etc && mkdir /etc && ls -A /etc | wc -l
    mkdir -p /new/a && mv /new /data/moved && ls /data/moved
    """

  @Test("what is written over the image never changes it", arguments: Identity.all, ways)
  func theImageStaysAsItIs(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity, "overlay") { sandbox in
      try sandbox.prepare(
        """
        mkdir -p root/data/deep/er root/data/to-file/x && cd root/data
        for name in file gone mode name to-directory time owner link1 deep/er/file to-file/in; do echo $name >$name; done
        ln link1 link2; ln -s file symbolic; touch -d 1999-12-31 time; chmod 4711 mode
        """)
      let before = try FileTree.fingerprint(sandbox.root)
      let seen = try sandbox.run(options, "sh", "-c", Self.changes)
      #expect(
        seen.lines == [
          "new", "link1", "more", "600", "name", "deep/er/file", "inner", "flat", "0", "2001-02-03", "nowhere", "0",
          "a",
        ], "\(seen)")
      #expect(seen.ending == .exited(0) && seen.error == "", "\(seen)")
      #expect(try FileTree.fingerprint(sandbox.root) == before)
    }
  }

  @Test(arguments: Identity.all) func ownersCanBeChanged(_ identity: Identity) throws {
    try Sandbox.with(identity, "overlay") { sandbox in
      let before = try FileTree.fingerprint(sandbox.root)
      let seen = try sandbox.sh(
        "chown 1:1 /etc/passwd && stat -c %u:%g /etc/passwd && su other -c 'echo x >>/etc/passwd'")
      #expect(seen.output == "1:1\n" && seen.status == 0, "\(seen)")
      #expect(try FileTree.fingerprint(sandbox.root) == before)
    }
  }

  /// Tells by its effective user id whether a set-user-ID bit had an effect.
  private static let program = "#include <unistd.h>\nint main(void) { return geteuid() ? 7 : 8; }\n"

  /// With a layer and without, in an image and where one only borrows a root.
  @Test(arguments: Identity.all, [[], ["overlay"], ["overlay upper=kept"]])
  func setUserIDBitsHaveNoEffect(_ identity: Identity, _ lines: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.configure(lines)
      try sandbox.write(Self.program, to: "who.c")
      try sandbox.prepare("gcc -static -o root/bin/who who.c && chmod 755 root/bin/who")
      for method in ["pivot", "chroot"] where method == "pivot" || lines.isEmpty {
        let seen = try sandbox.sh(
          "cp /bin/who /tmp/who && chmod 4755 /tmp/who && su other -c /tmp/who; echo $?", "--set",
          "chroot.method=\(method)")
        #expect(seen.output == "7\n", "\(method): \(seen)")
      }
      // Where a line lets them have one, they do: else this would prove nothing.
      try sandbox.prepare("mkdir -p -m 777 bound")
      let bound = try sandbox.sh(
        "cp /bin/who /tmp/who && chmod 4755 /tmp/who && su other -c /tmp/who; echo $?", "--with",
        "bind from=bound to=/tmp nosuid=no")
      #expect(bound.output == "8\n", "\(bound)")
    }
  }

  @Test(arguments: Identity.all) func deviceNodesAreDead(_ identity: Identity) throws {
    try Sandbox.with(identity, "overlay") { sandbox in
      let words = ["run", "--without", "userns", "--without", "proc"]
      let script = "mknod /tmp/zero c 1 5 && head -c 1 /tmp/zero"
      let seen = try sandbox.execute(sandbox.asRoot + [sandbox.littlectr] + words + ["sh", "-c", script])
      #expect(seen.status != 0 && seen.output == "", "\(seen)")
      #expect(seen.error.contains(identity.isRoot ? "Permission denied" : "not permitted"), "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func itsSizeIsALimit(_ identity: Identity) throws {
    try Sandbox.with(identity, "overlay size=256K") { sandbox in
      let seen = try sandbox.sh("cp /bin/busybox /big; echo still here; rm /big; echo small >/small; cat /small")
      #expect(seen.output == "still here\nsmall\n" && seen.status == 0, "\(seen)")
      #expect(seen.error.contains("No space left"), "\(seen)")
      let large = try sandbox.run(["--set", "overlay.size=64M"], "sh", "-c", "cp /bin/busybox /big && echo fits")
      #expect(large.output == "fits\n", "\(large)")
    }
  }

  @Test(
    "a read-only layer leaves /dev, /proc and binds writable", arguments: Identity.all,
    [[], ["--set", "overlay.upper=kept"], ["--set", "chroot.method=chroot"]])
  func readonlyIsTheRootAlone(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity, "overlay", "tmpfs to=/tmp", "bind from=work to=/new/work", "file to=/etc/made text=x") {
      sandbox in
      try sandbox.prepare("mkdir work")
      let script =
        "test -e /etc/small-root || exit 99; touch /x; rm /etc/passwd; cat /etc/made; echo in >/tmp/a && echo out >/new/work/b && cat /tmp/a"
      let seen = try sandbox.run(["--readonly"] + options, "sh", "-c", script)
      #expect(seen.output == "xin\n" && seen.status == 0, "\(seen)")
      #expect(seen.error.split(separator: "\n").count { $0.contains("Read-only file system") } == 2, "\(seen)")
      #expect(try FileTree.text(sandbox.directory + "/work/b") == "out\n")
    }
  }

  @Test(arguments: Identity.all) func anImageMayBeALink(_ identity: Identity) throws {
    try Sandbox.with(identity, "overlay") { sandbox in
      try sandbox.prepare("ln -s root link")
      let seen = try sandbox.run(["--root", "link"], "sh", "-c", "echo x >/etc/small-root && cat /etc/small-root")
      #expect(seen.output == "x\n", "\(seen)")
      #expect(try FileTree.text(sandbox.root + "/etc/small-root") == "the small root\n")
    }
  }

  @Test(arguments: Identity.all) func manyRunsLeaveNothing(_ identity: Identity) throws {
    try Sandbox.with(identity, "overlay") { sandbox in
      let before = Leftovers(sandbox)
      for _ in 0..<40 {
        let seen = try sandbox.run(
          [], "sh", "-c", "test -e /etc/small-root || exit 99; rm -r /etc; echo \(sandbox.token) >/etc")
        #expect(seen.ending == .exited(0) && seen.error == "", "\(seen)")
      }
      let left = try before.find()
      #expect(left == [])
    }
  }
}
