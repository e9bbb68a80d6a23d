import Testing

/// Users are looked up where the command will find them: in layers with their marks, and below what is bound.
@Suite struct LayeredUserTests {
  private static let users = "root:x:0:0:root:/root:/bin/sh\nzoe:x:12:13::/home/zoe:/bin/sh\n"

  private func with(_ identity: Identity, _ line: String, _ body: (Sandbox) throws -> Void) throws {
    try Sandbox.with(identity, line) { sandbox in
      try sandbox.write(Self.users, to: "root/etc/passwd")
      try body(sandbox)
    }
  }

  @Test(
    "users are looked up through overlayfs's whiteouts and opaque directories", arguments: Identity.all,
    [
      ("rm /etc/passwd", false), ("rm -r /etc", false), ("rm -r /etc; mkdir /etc", false), ("echo >/etc/new", true),
      ("rm -r /etc; mkdir /etc; echo zoe:x:12:13::/: >/etc/passwd", true),
      ("mkdir /other; mv /etc/passwd /other; ln -s /other/passwd /etc/passwd", true),
      ("cp /etc/passwd /tmp; rm -r /etc; ln -s tmp /etc", true), ("mkdir /a; rm -r /etc; ln -s /a /etc", false),
      ("rm /etc/passwd; ln -s ../../../../etc/passwd /etc/passwd", false),
      ("rm /etc/passwd; mknod /etc/passwd p", false),
    ])
  func theLayersMarksCount(_ identity: Identity, _ it: (change: String, isThere: Bool)) throws {
    try with(identity, "overlay upper=kept") { sandbox in
      #expect(try sandbox.run(["-u", "zoe"], "id", "-u").output == "12\n")
      let changed = try sandbox.run([], "sh", "-ec", it.change)
      #expect(changed.ending == .exited(0) && changed.error == "", "\(changed)")
      let seen = try sandbox.run(["-u", "zoe"], "id", "-u")
      #expect(it.isThere ? seen.output == "12\n" : seen.status == 125 && seen.error.contains("/etc/passwd"), "\(seen)")
      // By number nobody needs to be there, where the file can be looked at.
      if !it.change.contains("mknod"), !it.change.contains("../..") {
        #expect(try sandbox.run(["-u", "12:13"], "id", "-u").output == "12\n")
      }
    }
  }

  @Test(
    "no link in a bound /etc leads the look for a user out of it", arguments: Identity.all,
    [
      "ln -s ../secret host/passwd", "ln -s SECRET host/passwd", "mkdir host/passwd", "mkfifo host/passwd",
      "ln -s /dev/zero host/passwd",
    ])
  func whatIsBoundIsLookedUpBelowIt(_ identity: Identity, _ making: String) throws {
    try with(identity, "bind from=host to=/etc") { sandbox in
      try sandbox.write(Self.users, to: "secret")
      try sandbox.prepare(
        "mkdir host; \(making.split(separator: "SECRET", omittingEmptySubsequences: false).joined(separator: sandbox.directory + "/secret"))"
      )
      let seen = try sandbox.run(["-u", "zoe"], "id", "-u")
      #expect(seen.status == 125 && seen.error.contains("/etc/passwd"), "\(seen)")
    }
  }

  @Test("users are looked up in a bound passwd", arguments: Identity.all)
  func aFileThatIsBoundIsRead(_ identity: Identity) throws {
    try with(identity, "bind from=users to=/etc/passwd") { sandbox in
      try sandbox.write("ann:x:14:15::/:/bin/sh\n", to: "users")
      #expect(try sandbox.run(["-u", "ann"], "id", "-u").output == "14\n")
      #expect(try sandbox.run(["-u", "zoe"], "id", "-u").status == 125)
    }
  }
}
