import Glibc
import Testing

/// A root borrowed from the host, on a machine with neither image nor stages.conf.
@Suite struct HostRootTests {
  private static let ways = [["--root", "host"], ["--without", "chroot", "--with", "hostroot"]]

  /// Runs a command with the configuration inside the binary: nothing is found in the directory, nor at home.
  private func run(_ sandbox: Sandbox, _ options: [String], _ script: String) throws -> Outcome {
    try sandbox.prepare("mkdir -p empty")
    let words = [sandbox.littlectr, "run"] + options + ["bash", "-c", script]
    return try sandbox.execute(words, in: sandbox.directory + "/empty")
  }

  @Test(arguments: Identity.all, ways)
  func theHostsProgramsRun(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let script = """
        perl -e 'print 6 * 7, "\\n"'
        echo text | gzip | gunzip | sed s/text/unpacked/
        getent passwd "$(id -u)" | cut -d : -f 1; getent group 0 | cut -d : -f 1; getent services 22/tcp | cut -d ' ' -f 1
        cd && touch own && ls; cd /tmp && echo x >file && cat file; ls -d /usr/bin/env
        """
      let seen = try run(sandbox, options, script)
      #expect(
        seen.lines == ["42", "unpacked", "root", "root", "ssh", "own", "x", "/usr/bin/env"]
          && seen.ending == .exited(0),
        "\(seen)")
      #expect(seen.error == "", "\(seen)")
    }
  }

  @Test(arguments: Identity.all, ways)
  func nothingElseOfTheHostIsThere(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let programs = ["bin", "lib", "lib32", "lib64", "libx32", "sbin", "usr"].filter { access("/\($0)", F_OK) == 0 }
      let own = ["dev", "etc", "home", "mnt", "proc", "root", "run", "srv", "sys", "tmp", "var"]
      let listing = try run(
        sandbox, options, "ls -A /; ls -A /home /root /srv /mnt /var/lib /tmp /run | grep -v : | sort -u")
      #expect(listing.lines == (programs + own).sorted() + [""], "\(listing)")
      let secrets = [
        "/etc/shadow", "/etc/gshadow", "/etc/ssl/private", "/etc/ssh", "/etc/sudoers", "/etc/subuid",
        "/var/log/dpkg.log",
      ]
      let seen = try run(
        sandbox, options,
        "for path in \(secrets.joined(separator: " ")) \(sandbox.directory); do ls -d $path; done; cat /etc/passwd")
      #expect(seen.lines.first?.hasPrefix("root:") == true && !seen.output.contains("littlectr-test"), "\(seen)")
    }
  }

  @Test(arguments: Identity.all, ways)
  func theHostsFilesCantBeChanged(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      // Nothing is tried that could do harm where it succeeded: as root that would be to the machine that tests.
      let name = sandbox.token
      let directories = ["/usr", "/usr/bin", "/bin", "/lib", "/etc/ssl/certs", "/etc/alternatives"]
      defer { for directory in directories { unlink("\(directory)/\(name)") } }
      let script =
        "for place in \(directories.joined(separator: " ")); do touch $place/\(name) 2>&1 | grep -c Read-only; done"
      let seen = try run(sandbox, options, script)
      #expect(seen.lines == Array(repeating: "1", count: directories.count), "\(seen)")
      for directory in directories { #expect(access("\(directory)/\(name)", F_OK) != 0) }
    }
  }

  @Test(arguments: Identity.all) func itsSizeIsALimitAndNothingIsLeft(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.prepare("mkdir empty")
      let options = ["--without", "chroot", "--with", "hostroot size=1M"]
      // The first run keeps its filter for the others.
      #expect(try run(sandbox, options, "true").status == 0)
      let before = Leftovers(sandbox)
      let seen = try run(sandbox, options, "head -c 3000000 /dev/zero >/big; echo still here")
      #expect(seen.output == "still here\n" && seen.error.contains("No space left"), "\(seen)")
      let left = try before.find()
      #expect(left == [])
    }
  }

  @Test(arguments: Identity.all) func bindsComeIn(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.prepare("mkdir work && echo x >work/file")
      let work = sandbox.directory + "/work"
      let seen = try run(sandbox, ["--root", "host", "-v", "\(work):/opt/new/place:ro"], "cat /opt/new/place/file")
      #expect(seen.output == "x\n", "\(seen)")
      let refused = try run(sandbox, ["--root", "host", "-v", "\(work):/usr/no/place"], "true")
      refused.expectRefusal(
        ": ENOENT", why: "/usr/no/place would lie in /usr, which is the host's", fix: "mkdir -p /usr/no/place")
    }
  }
}
