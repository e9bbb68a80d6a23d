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

  /// What the variables, the shell and /etc/passwd say of one's home is the same, and it is there.
  @Test(
    "with a borrowed root HOME, passwd and the file system agree on the home directory", arguments: Identity.all,
    ["auto", "root", "self", "full"])
  func allAgreeOnTheHome(_ identity: Identity, _ map: String) throws {
    try Sandbox.with(identity) { sandbox in
      let script = """
        echo "$HOME"; echo ~; getent passwd "$(id -u)" | cut -d : -f 6; cd && pwd; touch own && stat -c %u own; id -un
        """
      let isSelf = map == "self" && !identity.isRoot
      let (name, id) = isSelf ? (identity.name, "\(try identity.existing().user)") : ("root", "0")
      for home in [nil, "/opt/made/home"] {
        let expected = home ?? (isSelf ? "/home/\(name)" : "/root")
        let line = "hostroot" + (home.map { " home=\($0)" } ?? "")
        let options = ["--set", "userns.map=\(map)", "--without", "chroot", "--with", line]
        let seen = try run(sandbox, options, script)
        #expect(seen.lines == [expected, expected, expected, expected, id, name] && seen.error == "", "\(seen)")
      }
      let variables = try run(
        sandbox, ["--set", "userns.map=\(map)", "--root", "host"], "echo \"${USER-none} ${LOGNAME-none}\"")
      #expect(variables.output == (isSelf ? "\(name) \(name)\n" : "none none\n"), "\(variables)")
    }
  }

  /// Every link below /usr that leads out of it to what everybody may read leads to the same inside.
  @Test("links below the borrowed /usr lead where they do outside", arguments: Identity.all)
  func linksOfProgramsLeadWhereTheyDoOutside(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      // With the real path of what it leads to; but not the kernel's own, and not what only some may read.
      let list = """
        find /usr -type l '(' -lname '/*' -o -lname '*..*' ')' ! -lname '/usr/*' | perl -MCwd=realpath -lne '
          next unless -r; my $place = realpath($_); print "$_ $place" unless $place =~ m{^/(dev|proc|sys|run)/}'
        """
      // As somebody whom no file gives anything.
      let nobody = identity.isRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
      let outside = try sandbox.execute(nobody + ["sh", "-c", list])
      let seen = try run(sandbox, ["--root", "host"], list)
      let (before, after) = (Set(outside.lines), Set(seen.lines))
      try #require(outside.ending == .exited(0) && !before.isEmpty && seen.ending == .exited(0), "\(outside) \(seen)")
      #expect(before.subtracting(after) == [], "not there, or elsewhere")
      // What was found is kept, and once more it is the same.
      let again = try run(sandbox, ["--root", "host"], list)
      #expect(Set(again.lines) == after)
    }
  }

  /// The description of a terminal that only the caller has comes along.
  @Test(arguments: Identity.all) func anUnusualTerminalIsKnown(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.prepare(
        "infocmp -x xterm | sed 's/^xterm|/strange-one|/' >source && mkdir entries && tic -x -o entries source && mkdir empty"
      )
      let words = [sandbox.littlectr, "run", "--root", "host", "sh", "-c", "tput colors; echo $TERM"]
      for variable in ["TERMINFO", "TERMINFO_DIRS"] {
        let environment = ["TERM": "strange-one", variable: sandbox.directory + "/entries"]
        let seen = try sandbox.execute(words, environment: environment, in: sandbox.directory + "/empty")
        #expect(seen.output == "8\nstrange-one\n" && seen.error == "", "\(seen)")
      }
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

  @Test("binds work in a borrowed root", arguments: Identity.all)
  func bindsComeIn(_ identity: Identity) throws {
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
