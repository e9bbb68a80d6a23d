import Testing

/// The files of /etc that belong to a machine.
@Suite struct EtcTests {
  private static let roots = [[], ["overlay"]]
  private static let ask = "cd /etc; for file in resolv.conf hosts hostname; do echo \"= $file\"; cat $file; done"

  private func parts(_ seen: Outcome) -> [String] {
    seen.output.split(separator: "= ").map { String($0.drop { $0 != "\n" }.dropFirst()) }
  }

  @Test("etc: auto fits the container's network and name", arguments: Identity.all, roots)
  func autoFitsTheContainer(_ identity: Identity, _ lines: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.configure(lines + ["etc"])
      try sandbox.prepare("cd root/etc; touch resolv.conf hosts hostname")
      let before = try FileTree.fingerprint(sandbox.root)
      let seen = try sandbox.run(["--hostname", "box"], "sh", "-c", Self.ask)
      let files = parts(seen)
      try #require(files.count == 3 && seen.ending == .exited(0) && seen.error == "", "\(seen)")
      #expect(try files[0] == FileTree.text("/etc/resolv.conf"))
      #expect(try files[1] == FileTree.text("/etc/hosts") + "127.0.1.1\tbox\n")
      #expect(files[2] == "box\n")
      #expect(try FileTree.fingerprint(sandbox.root) == before)
    }
  }

  /// Options, and what the three files hold then: of an image with `image` in each.
  private static let values: [(options: String, files: [String])] = [
    ("resolv=none hosts=none hostname=none", ["image\n", "image\n", "image\n"]),
    ("resolv=192.0.2.1 hosts=none hostname=other.example", ["nameserver 192.0.2.1\n", "image\n", "other.example\n"]),
    ("resolv=2001:db8::1 hosts=none hostname=none", ["nameserver 2001:db8::1\n", "image\n", "image\n"]),
    ("resolv=fe80::1%eth0 hosts=none hostname=auto", ["nameserver fe80::1%eth0\n", "image\n", "littlectr\n"]),
    ("resolv=::1 hosts=none hostname=none", ["nameserver ::1\n", "image\n", "image\n"]),
    ("resolv=::ffff:192.0.2.1 hosts=none hostname=none", ["nameserver ::ffff:192.0.2.1\n", "image\n", "image\n"]),
  ]

  @Test("every value of etc's options gives the files that it says", arguments: Identity.all, values)
  func everyValue(_ identity: Identity, _ value: (options: String, files: [String])) throws {
    for lines in Self.roots {
      try Sandbox.with(identity) { sandbox in
        try sandbox.configure(lines + ["etc \(value.options)"])
        try sandbox.prepare("cd root/etc; for file in resolv.conf hosts hostname; do echo image >$file; done")
        let seen = try sandbox.run([], "sh", "-c", Self.ask)
        #expect(parts(seen) == value.files && seen.ending == .exited(0) && seen.error == "", "\(seen)")
      }
    }
  }

  @Test("etc: resolv=host and hosts=host give the host's own files", arguments: Identity.all, roots)
  func theHostsOwn(_ identity: Identity, _ lines: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.configure(lines + ["etc resolv=host hosts=host"])
      try sandbox.prepare("cd root/etc; for file in resolv.conf hosts hostname; do echo image >$file; done")
      let host = parts(try sandbox.run([], "sh", "-c", Self.ask))
      #expect(try host == [FileTree.text("/etc/resolv.conf"), FileTree.text("/etc/hosts"), "littlectr\n"])
    }
  }

  @Test(arguments: [
    "resolv=", "resolv=nix", "resolv=1.2.3", "resolv=1.2.3.256", "resolv=1.2.3.4.5", "resolv=1:2", "resolv=1::2::3",
    "resolv=12345::", "resolv=::g", "resolv=:::", "resolv=1:2:3:4:5:6:7:8:9", "resolv=\"1.2.3.4\\noptions x\"",
    "resolv=fe80::1%", "resolv=\"fe80::1%a b\"", "resolv=\"fe80::1%a\\nb\"", "resolv=:1:2:3:4:5:6::", "hosts=",
    "hosts=yes",
    "hostname=", "hostname=a_b", "hostname=\"a b\"", "hostname=\"a\\nb\"",
    "hostname=\(String(repeating: "x", count: 65))",
    "resolv=%eth0", "resolv=01.2.3.4",
  ])
  func wrongValuesAreRefused(_ value: String) throws {
    try Sandbox.with(.caller, "overlay", "etc \(value)") { sandbox in
      let seen = try sandbox.run([], "cat", "/etc/resolv.conf")
      #expect(seen.ending == .exited(125) && seen.output == "", "\(seen)")
      #expect(seen.error.contains("stages.conf:7"), "\(seen)")
    }
  }

  /// What an image may have at /etc/resolv.conf, where links are neither followed nor changed.
  private static let images = [
    "ln -s ../run/systemd/resolve/stub-resolv.conf root/etc/resolv.conf", "ln -s /etc/passwd root/etc/resolv.conf",
    "ln -s ../../../../../../etc/passwd root/etc/resolv.conf", "ln -s resolv.conf root/etc/resolv.conf",
    "mkfifo root/etc/resolv.conf", "touch root/etc/resolv.conf; chmod 0 root/etc/resolv.conf",
    "ln -s /proc/self/fd/0 root/etc/resolv.conf",
  ]

  @Test("etc gives its files whatever lies in the image's /etc", arguments: Identity.all, images)
  func anyImageGetsItsOwn(_ identity: Identity, _ preparation: String) throws {
    for lines in Self.roots {
      try Sandbox.with(identity) { sandbox in
        try sandbox.configure(lines + ["etc resolv=192.0.2.1 hosts=none hostname=none"])
        let passwd = try FileTree.fingerprint("/etc/passwd")
        try sandbox.prepare(preparation)
        let before = FileTree.listing(sandbox.root)
        let seen = try sandbox.sh("cat /etc/resolv.conf; grep -c ^root: /etc/passwd")
        #expect(seen.output == "nameserver 192.0.2.1\n1\n" && seen.ending == .exited(0) && seen.error == "", "\(seen)")
        #expect(FileTree.listing(sandbox.root) == before)
        #expect(try FileTree.fingerprint("/etc/passwd") == passwd)
      }
    }
  }

  @Test("an image whose /etc can't take etc's files is refused", arguments: Identity.all, roots)
  func whatCantBeCoveredIsRefused(_ identity: Identity, _ lines: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.configure(lines + ["etc resolv=192.0.2.1 hosts=none hostname=none"])
      try sandbox.prepare("mkdir root/etc/resolv.conf")
      try sandbox.run([], "true").expectRefusal(
        "littlectr: etc (stages.conf", why: "/etc/resolv.conf is a directory in the image",
        fix: "have the image bring a file there")
      for target in ["/etc", "bin", "../../../../etc"] {
        try sandbox.prepare("rm -rf root/etc; ln -s \(target) root/etc")
        try sandbox.run([], "true").expectRefusal(": ELOOP", why: "a symbolic link", fix: "root/etc")
      }
    }
  }

  @Test("etc: auto leaves out a file that a bare image lacks, with a warning", arguments: Identity.all)
  func autoPassesOverWhatAnImageLacks(_ identity: Identity) throws {
    try Sandbox.with(identity, "etc") { sandbox in
      let seen = try sandbox.run([], "ls", "/etc")
      #expect(seen.output == "passwd\nsmall-root\n" && seen.status == 0, "\(seen)")
      for name in ["resolv.conf", "hosts", "hostname"] {
        #expect(seen.error.contains("warning: etc: the image has no /etc/\(name), so auto leaves it out"), "\(seen)")
      }
      let insisting = try sandbox.run(["--set", "etc.resolv=192.0.2.1"], "true")
      #expect(insisting.ending == .exited(125) && insisting.error.contains("the image has no file /etc/resolv.conf"))
    }
  }
}
