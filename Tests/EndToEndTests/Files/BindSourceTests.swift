import Testing

/// A source is the host's, however its path is written, and whatever the image has at such a path.
@Suite struct BindSourceTests {
  private static let roots = [["overlay"], []]

  /// Makes a directory of the host's to bind, and a trap at the same path of the image.
  private func prepare(_ sandbox: Sandbox) throws {
    let directory = sandbox.directory
    try sandbox.prepare(
      """
      mkdir work host root/host && echo mine >work/file && mkdir -p root\(directory) && ln -s /etc root\(directory)/work
      ln -s ../../../../../../..\(directory)/work link && ln -s /..\(directory)/work link2
      """)
  }

  @Test("bind from=/ is the host's root, not the image's", arguments: Identity.all, roots)
  func theHostsRootIsTheHosts(_ identity: Identity, _ lines: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.configure(lines)
      try prepare(sandbox)
      for source in ["/", "/..", "/../../", "/./", "../../../../.."] {
        let script = "cat /host\(sandbox.directory)/work/file; ls /host/etc/small-root /host/proc/self/fdinfo/bin"
        let seen = try sandbox.run(["-v", "\(source):/host:ro"], "sh", "-c", script)
        #expect(seen.output == "mine\n", "\(source): \(seen)")
        #expect(seen.error.contains("/host/etc/small-root") && seen.error.contains("fdinfo/bin"), "\(source): \(seen)")
      }
    }
  }

  @Test(
    "a bind's source that leads through / is the host's, whatever the image has there", arguments: Identity.all, roots)
  func noImageIsOnTheWayThroughTheRoot(_ identity: Identity, _ lines: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.configure(lines)
      try prepare(sandbox)
      let directory = sandbox.directory
      for source in [
        "/..\(directory)/work", "../../../..\(directory)/work", "link", "link2", "/tmp/../..\(directory)/work",
      ] {
        let seen = try sandbox.run(["-v", "\(source):/tmp"], "cat", "/tmp/file")
        #expect(seen.output == "mine\n", "\(source): \(seen)")
      }
      let hook = "hook phase=in-child run=cat args=/..\(directory)/work/file args=\(directory)/link/file"
      let seen = try sandbox.run(["--with", hook], "true")
      #expect(seen.output == "mine\nmine\n", "\(seen)")
    }
  }

  @Test("a bind's source that leads through / is the host's below a borrowed root too", arguments: Identity.all)
  func aBorrowedRootHasNoneInTheWayEither(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try prepare(sandbox)
      try sandbox.write("userns\nuts\npid\nmount\nhostroot\nproc\ndev\n", to: "stages.conf")
      for source in ["/..\(sandbox.directory)/work", "link", "../../..\(sandbox.directory)/work"] {
        let seen = try sandbox.run(["-v", "\(source):/mnt/x"], "cat", "/mnt/x/file")
        #expect(seen.output == "mine\n", "\(source): \(seen)")
      }
    }
  }
}
