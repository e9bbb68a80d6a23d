import Glibc
import Testing

/// The container's own /dev.
@Suite struct DevTests {
  private static let usual = ["null", "zero", "full", "random", "urandom", "tty"]
  private static let everyWay = [
    [], ["--set", "userns.map=root"], ["--set", "chroot.method=chroot"], ["--without", "pid"], ["--readonly"],
  ]

  @Test("/dev holds the usual devices and no other", arguments: Identity.all, everyWay)
  func itHoldsTheUsualDevicesAndNoOther(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.run(["--with", "dev"] + options, "sh", "-c", "ls /dev; stat -c %a /dev")
      let links = ["fd", "ptmx", "pts", "shm", "stderr", "stdin", "stdout"]
      #expect(seen.lines == (Self.usual + links).sorted() + ["755"], "\(seen)")
    }
  }

  @Test("the devices of /dev work", arguments: Identity.all, everyWay)
  func theyDoWhatTheyShould(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let script = """
        echo lost >/dev/null && wc -c </dev/null
        head -c 5 /dev/zero | wc -c
        head -c 7 /dev/urandom | wc -c
        (echo full >/dev/full) 2>&1 | grep -c 'No space left'
        echo shared >/dev/shm/file && cat /dev/shm/file
        echo in | cat /dev/stdin; echo fd | cat /dev/fd/0; readlink /dev/stdout
        stat -c %F /dev/ptmx; stat -L -c %F /dev/ptmx
        """
      let seen = try sandbox.run(["--with", "dev"] + options, "sh", "-c", script)
      #expect(
        seen.lines == [
          "0", "5", "7", "1", "shared", "in", "fd", "/proc/self/fd/1", "symbolic link", "character special file",
        ], "\(seen)")
    }
  }

  /// Neither contents nor files without any fill the machine's memory.
  @Test(arguments: Identity.all) func sharedMemoryHasALimit(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let ask = "for place in /dev /dev/shm; do stat -f -c '%b %S %c' $place; done"
      for (line, size, count) in [
        ("dev", 64 << 20, 32768), ("dev shm=3M", 3 << 20, 1536), ("dev shm=4K", 4 << 10, 1024),
      ] {
        let seen = try sandbox.run(["--with", line], "sh", "-c", ask)
        #expect(seen.lines == ["16 4096 1024", "\(size >> 12) 4096 \(count)"], "\(line): \(seen)")
      }
      let full = try sandbox.run(
        ["--with", "dev shm=1M"], "sh", "-c", "dd if=/dev/zero of=/dev/shm/x bs=64k count=17 2>&1 | grep -c 'No space'")
      #expect(full.output == "1\n", "\(full)")
    }
  }

  @Test(arguments: Identity.all) func theHostsDevicesStayAsTheyAre(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let ask = ["stat", "-c", "%a %u %g %n"] + Self.usual.map { "/dev/" + $0 } + ["/dev"]
      let before = try sandbox.execute(ask).output
      let image = FileTree.entries(sandbox.root + "/dev")
      let script =
        "chmod 0 /dev/null; chown 1 /dev/zero; rm -f /dev/null; mv /dev/tty /dev/x; touch -d 1970-01-01 /dev/full; :"
      let seen = try sandbox.run(["--with", "dev"], "sh", "-c", script + "; echo still >/dev/null")
      #expect(seen.status == 0, "\(seen)")
      #expect(try sandbox.execute(ask).output == before)
      // Nor is anything left in the image.
      #expect(FileTree.entries(sandbox.root + "/dev") == image)
    }
  }

  @Test(arguments: Identity.all) func moreDevicesAreThereWhenNamed(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.run(
        ["--with", "dev devices=net/tun devices=fuse"], "stat", "-c", "%F %t,%T", "/dev/net/tun", "/dev/fuse")
      #expect(seen.lines == ["character special file a,c8", "character special file a,e5"], "\(seen)")
      try sandbox.run(["--with", "dev devices=nix"], "true").expectRefusal(
        "littlectr: dev (--with 'dev devices=nix'): devices=\"nix\": ENOENT", why: "the host has no /dev/nix",
        fix: "leave devices=nix out")
      for name in ["../etc/passwd", "/dev/fuse", "net//tun", ""] {
        try sandbox.run(["--with", "dev devices=\"\(name)\""], "true").expectRefusal(
          "devices=\"\(name)\"", why: "a device is named by its path below /dev", fix: "devices=fuse")
      }
    }
  }

  /// What an image may have at /dev, and what is said.
  private static let images = [
    "rm -r root/dev": "the image has no directory /dev",
    "rm -r root/dev && ln -s /etc root/dev": "the image's /dev is a symbolic link",
    "rm -r root/dev && ln -s ../../../../dev root/dev": "the image's /dev is a symbolic link",
    "rm -r root/dev && touch root/dev": "the image's /dev isn't a directory",
  ]

  @Test(arguments: Identity.all, images.keys.sorted())
  func anImagesDevThatIsNoneIsRefused(_ identity: Identity, _ preparation: String) throws {
    try Sandbox.with(identity) { sandbox in
      let made = try sandbox.execute(["sh", "-c", preparation])
      try #require(made.status == 0, "\(made)")
      try sandbox.run(["--with", "dev"], "true").expectRefusal(
        "littlectr: dev (--with 'dev'): openat2(<root>, \"dev\"", why: Self.images[preparation] ?? "?",
        fix: preparation.hasSuffix("touch root/dev") ? "an empty directory there" : "root/dev")
    }
  }

  @Test(arguments: Identity.all) func messageQueuesComeWithTheirNamespace(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.run(
        ["--with", "dev", "--with", "ipc"], "grep", "-c", " /dev/mqueue mqueue ", "/proc/mounts")
      #expect(seen.output == "1\n", "\(seen)")
    }
  }

  @Test(
    "ipc and cgroupns each give a namespace of the container's own", arguments: Identity.all,
    [("ipc", "ipc"), ("cgroupns", "cgroup")])
  func aNamespaceOfItsOwn(_ identity: Identity, _ stage: (name: String, file: String)) throws {
    try Sandbox.with(identity) { sandbox in
      let ask = ["readlink", "/proc/self/ns/\(stage.file)"]
      let outside = try sandbox.execute(ask).output
      #expect(try sandbox.run([], "readlink", ask[1]).output == outside)
      let inside = try sandbox.run(["--with", stage.name], "readlink", ask[1])
      #expect(inside.output.hasPrefix("\(stage.file):[") && inside.output != outside, "\(inside)")
    }
  }
}
