import Foundation
import Glibc
import Testing

/// What the kernel reports of the finished container.
@Suite struct ExpectTests {
  private static let ways = [[], ["--set", "pid.init=no"], ["--without", "pid"], ["--set", "chroot.method=chroot"]]

  @Test("a container that is as expect says runs", arguments: Identity.all, ways)
  func whatIsAsExpectedRuns(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let id = try identity.existing()
      let kinds = options.contains("pid") ? "user,uts,mount" : "user,uts,pid,mount"
      let line = """
        expect namespaces=\(kinds) uids=0:\(id.user):1 gids=0:\(id.group):1 user=0 group=0 capabilities=default \
        bounding=default nonewprivs=yes writable=/ descriptors=0-2 network=host
        """
      let with = ["fds", "capabilities", "nonewprivs", line].flatMap { ["--with", $0] }
      let seen = try sandbox.run(["--set", "userns.map=root"] + with + options, "echo", "ran")
      #expect(seen.output == "ran\n" && seen.error == "", "\(seen)")
    }
  }

  @Test(
    "a container that isn't as expect says is stopped before the command", arguments: Identity.all,
    [
      ("namespaces=user", "namespaces: expected user, found mount,pid,user,uts"),
      ("uids=0:5:1", "uids: expected 0:5:1, found 0:"), ("gids=none", "gids: expected none, found 0:"),
      ("user=5", "user: expected 5, found 0"), ("group=5", "group: expected 5, found 0"),
      ("groups=5", "groups: expected 5, found none"),
      ("bounding=chown", "bounding: expected chown, found audit_control,"),
      ("capabilities=none", "effective: expected none, found audit_control,"),
      ("nonewprivs=yes", "nonewprivs: expected yes, found no"), ("seccomp=strict", "seccomp: expected strict, found "),
      ("landlock=yes", "landlock: expected yes, found no"), ("writable=none", "writable: expected none, found /"),
      ("suid=/gone", "suid: expected /gone, found "), ("dev=/", "dev: expected /, found none"),
      ("descriptors=0-2,5", "descriptors: expected 0,1,2,5, found 0,1,2"),
      ("network=own", "network: expected own, found host"),
      ("interfaces=nowhere0", "interfaces: expected nowhere0, found "),
      ("user=5 network=own", "user: expected 5, found 0; network: expected own, found host"),
    ])
  func whatIsNotStopsTheRun(_ identity: Identity, _ it: (line: String, why: String)) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.run(["--with", "fds", "--with", "expect \(it.line)"], "echo", "ran")
      seen.expectRefusal(
        "expect (--with 'expect \(it.line)'): read(<status>, …): EPROTO", why: "it isn't as expected: \(it.why)",
        fix: "change the line above")
      // It is no lack of the host's.
      try sandbox.write(Sandbox.configuration + "fds\ntry expect \(it.line)\n", to: "tried.conf")
      let tried = try sandbox.run(["--conf", "./tried.conf"], "echo", "ran")
      #expect(tried.ending == .exited(125) && tried.output == "", "\(tried)")
    }
  }

  @Test("expect reads the mounts as the command sees them", arguments: Identity.all)
  func whatIsMountedIsSeenFromInside(_ identity: Identity) throws {
    try Sandbox.with(identity, "tmpfs to=/tmp", "bind from=root/etc to=/root readonly", "dev", "net") { sandbox in
      let line = "expect writable=/,/dev,/dev/shm,/tmp network=own interfaces=lo"
      let seen = try sandbox.run(["--with", line], "echo", "ran")
      #expect(seen.output == "ran\n" && seen.error == "", "\(seen)")
      let readOnly = try sandbox.run(["--readonly", "--with", "expect writable=/dev,/dev/shm,/tmp"], "echo", "ran")
      #expect(readOnly.output == "ran\n" && readOnly.error == "", "\(readOnly)")
    }
  }

  /// Trees are compared: what came along below a place is a part of it, and what another line has put there isn't.
  @Test("expect accepts the mounts that come along with a bind", arguments: Identity.all)
  func whatComesAlongIsExpectedToo(_ identity: Identity) throws {
    try Sandbox.with(identity, "bind from=work to=/tmp") { sandbox in
      let script = """
        mkdir -p work/below other && mount -t tmpfs none work/below && mkdir work/below/deep && \
        mount -t tmpfs none work/below/deep && exec "$@"
        """
      let outer = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]
      func run(_ options: [String], _ expect: String) throws -> Outcome {
        let words = [sandbox.littlectr, "run"] + options + ["--with", "expect \(expect)", "echo", "ran"]
        return try sandbox.execute(outer + words)
      }
      let seen = try run([], "writable=/,/tmp suid=none dev=none")
      #expect(seen.output == "ran\n" && seen.error == "", "\(seen)")
      try run([], "writable=/").expectRefusal(
        "EPROTO", why: "(/tmp is attached by stages.conf:6: have it read-only there", fix: "what 'expect' asks for")
      try run(["-v", "other:/tmp/below"], "writable=/,/tmp").expectRefusal(
        "EPROTO", why: "(/tmp/below is attached by -v other:/tmp/below: have it read-only", fix: "'expect'")
      let readOnly = try run(["-v", "other:/tmp/below:ro"], "writable=/,/tmp")
      #expect(readOnly.output == "ran\n", "\(readOnly)")
      try run(["--with", "bind from=other to=/tmp nosuid=no"], "writable=/,/tmp suid=none").expectRefusal(
        "EPROTO", why: "suid: expected none, found /tmp (/tmp is attached by --with", fix: "'expect'")
    }
  }

  /// A ruleset of Landlock's of an outer sandbox, which no file tells of.
  @Test("expect finds an outer sandbox's Landlock ruleset", arguments: Identity.all)
  func landlockIsFound(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let program = """
        #include <linux/landlock.h>
        #include <sys/prctl.h>
        #include <sys/syscall.h>
        #include <unistd.h>
        int main(int count, char **words) {
          struct landlock_ruleset_attr rules = {.handled_access_fs = LANDLOCK_ACCESS_FS_MAKE_FIFO};
          long ruleset = syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
          prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
          if (syscall(SYS_landlock_restrict_self, ruleset, 0)) return 9;
          return execvp(words[1], words + 1);
        }
        """
      try sandbox.write(program, to: "rule.c")
      try sandbox.prepare("gcc -o rule rule.c")
      try sandbox.write("userns map=root\npid\nexpect landlock=yes\n", to: "yes.conf")
      try sandbox.write("userns map=root\npid\nexpect landlock=no\n", to: "no.conf")
      func run(_ prefix: [String], _ file: String) throws -> Outcome {
        try sandbox.execute(prefix + [sandbox.littlectr, "run", "--conf", "./" + file, "echo", "ran"])
      }
      #expect(try run([], "no.conf").output == "ran\n" && run(["./rule"], "yes.conf").output == "ran\n")
      try run([], "yes.conf").expectRefusal("EPROTO", why: "landlock: expected yes, found no")
      try run(["./rule"], "no.conf").expectRefusal("EPROTO", why: "landlock: expected no, found yes")
    }
  }

  @Test("--attest writes what the container is like to a file", arguments: Identity.all, ways)
  func theFactsAreWritten(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.run(["--with", "fds", "--attest", "facts.json"] + options, "sh", "-c", "ls /proc/self/fd")
      // `ls` holds the directory itself.
      try #require(seen.ending == .exited(0) && seen.output == "0\n1\n2\n3\n", "\(seen)")
      let bytes = Data(try FileTree.read(sandbox.directory + "/facts.json"))
      let facts = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
      #expect(facts["descriptors"] as? [Int] == [0, 1, 2] && facts["network"] as? String == "host")
      #expect(facts["nonewprivs"] as? Bool == false && facts["landlock"] as? Int == 0)
      #expect((facts["capabilities"] as? [String: [String]])?["ambient"] == [])
      let mounts = try #require(facts["mounts"] as? [[String: Any]])
      // What covers the rest is below /proc, and read-only.
      #expect(mounts.prefix(2).map { $0["path"] as? String } == ["/", "/proc"], "\(mounts)")
      #expect(mounts.dropFirst(2).allSatisfy { $0["readonly"] as? Bool == true }, "\(mounts)")
      var status = stat()
      #expect(stat(sandbox.directory + "/facts.json", &status) == 0)
      #expect(try status.st_mode & 0o7777 == 0o600 && status.st_uid == identity.existing().user)
      let again = try sandbox.run(["--attest", "facts.json"], "true")
      again.expectRefusal("O_EXCL", why: "./facts.json is there already", fix: "remove it")
      #expect(Data(try FileTree.read(sandbox.directory + "/facts.json")) == bytes, "it is kept")
    }
  }

  @Test("--attest writes to a descriptor", arguments: Identity.all)
  func aDescriptorTakesThemToo(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let outer = "exec \"$@\" 5>facts.json"
      let words = [sandbox.littlectr, "run", "--attest", "5", "sh", "-c", "echo >&5"]
      let seen = try sandbox.execute(["sh", "-c", outer, "sh"] + words)
      #expect(seen.status != 0 && seen.error.contains("5"), "the command doesn't get it: \(seen)")
      let text = try FileTree.text(sandbox.directory + "/facts.json")
      #expect(text.hasPrefix("{\n  \"namespaces\": [\n") && text.hasSuffix("}\n"))
      try sandbox.run(["--attest", "9"], "true").expectRefusal(
        "expect (--attest=9): attest=9", why: "without a descriptor 9", fix: "9>facts.json")
    }
  }

  @Test("the command isn't run if the facts of --attest can't be written", arguments: Identity.all, ways.dropLast())
  func whereNobodyReadsThemNothingRuns(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      var ends: [Int32] = [0, 0]
      try #require(pipe(&ends) == 0)
      close(ends[0])
      defer { close(ends[1]) }
      let words = [sandbox.littlectr, "run", "--attest", "\(ends[1])"] + options + ["echo", "ran"]
      let seen = try sandbox.start(words, inherits: [ends[1]]).wait()
      seen.expectRefusal(
        "expect (--attest=\(ends[1])): write(\(ends[1]), …): EPIPE", why: "nobody reads", fix: "write to a file")
    }
  }

  /// As another user, and once nobody may look into it, the process can still tell about itself.
  @Test("expect and --attest work for a command that isn't root inside", arguments: Identity.all, ways.dropLast())
  func itIsToldOfAnotherUserToo(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let line = """
        expect user=7 group=8 groups=29 capabilities=none bounding=default nonewprivs=yes landlock=no descriptors=0-2 \
        writable=/
        """
      let user = ["user uid=7 gid=8 groups=29", "fds", "keyring", "capabilities", "dumpable", "nonewprivs"]
      let with = (user + [line]).flatMap { ["--with", $0] }
      let seen = try sandbox.run(with + options, "echo", "ran")
      #expect(seen.output == "ran\n" && seen.error == "", "\(seen)")
    }
  }

  /// A filter that refuses what reading back takes is refused before anything is done, and named with the call.
  @Test(arguments: Identity.all) func aFilterThatIsInTheWayIsRefused(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let source = try Repository.text("Sources/Pipeline/Filter/NeededCalls.swift")
      let usual = source.components(separatedBy: "public static let ")[1]
      let names = usual.matches(of: /\("(\w+)", \[/).map { "\"\($0.1)\"" }.joined(separator: ",")
      let profile = """
        {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": [\(names)], "action": "SCMP_ACT_ALLOW"}]}
        """
      try sandbox.write(profile, to: "profile.json")
      func run(_ seccomp: String, _ expect: String, _ command: String = "run") throws -> Outcome {
        let with = ["--with", "nonewprivs", "--with", "seccomp \(seccomp)", "--with", "expect \(expect)"]
        return try sandbox.execute([sandbox.littlectr, command] + with + ["true"])
      }
      for command in ["run", "explain"] {
        try run("profile=profile.json", "nonewprivs=yes", command).expectRefusal(
          "littlectr: expect (--with 'expect nonewprivs=yes'): nothing can be read back", why: "the call fcntl",
          fix: "write allow=fcntl on the line of seccomp")
        try run("deny=landlock_restrict_self", "landlock=no", command).expectRefusal(
          "littlectr: expect (--with 'expect landlock=no'): whether Landlock rules",
          why: "the call landlock_restrict_self, which seccomp's filter refuses, since landlock= asks",
          fix: "or leave landlock= out")
      }
      try run("deny=landlock_create_ruleset", "attest=facts.json").expectRefusal(
        "whether Landlock rules", why: "since attest= asks", fix: "or leave attest= out")
      #expect(access(sandbox.directory + "/facts.json", F_OK) != 0)
      // It is no lack of the host's.
      let file = Sandbox.configuration + "nonewprivs\nseccomp deny=fcntl\ntry expect nonewprivs=yes\n"
      try sandbox.write(file, to: "tried.conf")
      try sandbox.run(["--conf", "./tried.conf"], "true").expectRefusal("nothing can be read back")
      // What the messages say is enough; and with attest= a filter may hide Landlock as an older kernel does.
      let busybox = "allow=fcntl allow=arch_prctl allow=set_tid_address allow=prlimit64 allow=getuid allow=setuid"
      for (seccomp, expect) in [
        ("profile=profile.json \(busybox)", "nonewprivs=yes seccomp=filter"), ("", "landlock=no"),
        ("deny=landlock_restrict_self errno=ENOSYS", "attest=facts.json"),
      ] {
        let seen = try run(seccomp, expect)
        #expect(seen.ending == .exited(0) && seen.error == "", "\(seccomp): \(seen)")
      }
      #expect(try FileTree.text(sandbox.directory + "/facts.json").contains("\"landlock\": null"))
    }
  }

  @Test("a run that fails leaves no file of --attest", arguments: Identity.all)
  func nothingIsLeftOfWhatFails(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let wrong = try sandbox.run(["--attest", "facts.json", "--set", "expect.user=5"], "true")
      #expect(wrong.ending == .exited(125), "\(wrong)")
      let faulty = try sandbox.run(["--attest", "facts.json", "--fault", "write=EIO"], "true")
      #expect(faulty.ending == .exited(125), "\(faulty)")
      #expect(access(sandbox.directory + "/facts.json", F_OK) != 0)
      let nowhere = try sandbox.run(["--attest", "gone/facts.json"], "true")
      nowhere.expectRefusal("gone/facts.json", why: "isn't there", fix: "make it, or name a file in another one")
      for (errno, why) in [("EACCES", "you may not make files"), ("EROFS", "can only be read")] {
        let refused = try sandbox.run(["--attest", "facts.json", "--fault", "openat=\(errno)"], "true")
        refused.expectRefusal(errno, why: why, fix: "name a file in")
      }
    }
  }
}
