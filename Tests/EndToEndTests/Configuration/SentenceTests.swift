import Glibc
import Testing

/// Each "Without it" of the shipped stages.conf, tried: with the line and without it, the container tells different things.
@Suite struct SentenceTests {
  /// What is run with the line and without it, and what each prints.
  struct Experiment: CustomTestStringConvertible, Sendable {
    let stage: String
    /// Options with which the line is in use, and those with which it isn't.
    let with: [String]
    let without: [String]
    let script: String
    let seen: (with: String, without: String)
    var testDescription: String { stage }

    /// A line that is in use.
    static func on(
      _ stage: String, _ script: String, _ with: String, _ without: String, beside: [String] = [],
      alsoOff: [String] = []
    ) -> Experiment {
      let off = ([stage] + alsoOff).flatMap { ["--without", $0] }
      return Experiment(
        stage: stage, with: beside, without: beside + off, script: script, seen: (with, without))
    }

    /// A line that is off.
    static func off(
      _ stage: String, _ options: [String], _ script: String, _ with: String, _ without: String,
      beside: [String] = []
    ) -> Experiment {
      Experiment(
        stage: stage, with: beside + options, without: beside, script: script, seen: (with, without))
    }
  }

  private static func namespace(_ kind: String) -> String {
    let own = (try? FileTree.linkTarget("/proc/self/ns/\(kind)")) ?? ""
    return "test $(readlink /proc/self/ns/\(kind)) = '\(own)' && echo shared || echo own"
  }

  private static let hostname = (try? FileTree.text("/proc/sys/kernel/hostname"))?.split(separator: "\n").first ?? ""
  private static let late: Int = {
    let text = (try? FileTree.text("/proc/uptime")) ?? ""
    return (Int(text.prefix { $0 != "." }) ?? 0) + 400_000
  }()
  private static let isThere = "&& echo there || echo missing"
  private static let bound = ["--with", "bind from=bound to=/work nosuid=no", "--without", "seccomp"]

  /// What runs it has a umask of 077, descriptor 7 open, a soft limit of 512 descriptors, and all of core dumps that it may.
  static let experiments: [Experiment] = [
    .on("uts", "hostname", "littlectr\n", "\(hostname)\n"),
    .on("pid", "test -e /proc/\(getpid()) \(isThere)", "missing", "there"),
    .on("ipc", namespace("ipc"), "own", "shared"), .on("cgroupns", namespace("cgroup"), "own", "shared"),
    .off("net", ["--with", "net"], namespace("net"), "own", "shared"),
    .off(
      "time", ["--with", "time"], "test $(cut -d. -f1 /proc/uptime) -gt \(late) && echo later || echo same",
      "later", "same"),
    .on("mount", "echo in", "in\n", "needs 'mount' above it"),
    .on("chroot", "test -e /usr/bin/env \(isThere)", "missing", "there", alsoOff: ["overlay"]),
    .off("hostroot", ["--root", "host"], "test -d /usr/bin \(isThere)", "there", "missing"),
    .on("proc", "test -e /proc/self \(isThere)", "there", "missing"),
    .on("sys", "test -e /sys/kernel \(isThere)", "there", "missing"),
    .on("dev", "test -c /dev/null \(isThere)", "there", "missing"),
    Experiment(
      stage: "terminal", with: ["--set", "terminal.pty=yes"], without: ["--without", "terminal"],
      script: "awk '{ print ($6 == 0) ? \"yours\" : \"own\" }' /proc/self/stat",
      seen: ("own", "yours")),
    .on("etc", "test -e /etc/hosts \(isThere)", "there", "missing"),
    .off("bind", ["--with", "bind from=bound to=/work"], "test -e /work/who \(isThere)", "there", "missing"),
    .off("tmpfs", ["--with", "tmpfs to=/tmp size=64M"], "grep -c ' /tmp tmpfs' /proc/mounts", "1\n", "0\n"),
    .off("file", ["--with", "file to=/etc/motd text=\"Welcome.\\n\""], "cat /etc/motd", "Welcome.", "No such file"),
    .off("umask", ["--with", "umask"], "umask", "0022\n", "0077\n"),
    .off("rlimit", ["--with", "rlimit"], "ulimit -n", "1024\n", "512\n"),
    .off("scheduling", ["--with", "scheduling"], "awk '{ print $19 }' /proc/self/stat", "10\n", "0\n"),
    .off(
      "hook", ["--with", "hook phase=child-waits run=ls args=-l args=/proc/self/ns"], "echo in", "mnt:[", "in\n"),
    .off("user", ["--with", "user name=other"], "id -u", "1\n", "0\n"),
    .off("workdir", ["--with", "workdir path=/etc"], "pwd", "/etc\n", "/\n"),
    .on("env", "env", "EXTRA=1", "PATH=", beside: []),
    .on("fds", "test -e /proc/self/fd/7 \(isThere)", "missing", "there"),
    .on(
      "capabilities", "mount -t tmpfs none /tmp 2>/dev/null \(isThere)", "missing", "there",
      beside: ["--without", "seccomp"]),
    .on("dumpable", "grep -c '^Max core file size  *0 ' /proc/self/limits", "1\n", "0\n"),
    .on("nonewprivs", "su other -c /work/who", "1\n", "0\n", beside: bound),
    .off("landlock", ["--with", "landlock execute=/bin"], "echo x >/root/x \(isThere)", "missing", "there"),
    .on("seccomp", "unshare -U true 2>/dev/null \(isThere)", "missing", "there"),
    .off(
      "expect", ["--with", "expect"], "echo in", "expected yes, found no", "in\n",
      beside: ["--without", "seccomp", "--without", "nonewprivs"]),
  ]

  /// What can't be seen from inside alone: each has a test of its own below, or elsewhere.
  static let others: [String: String] = [
    "userns": "SentenceTests.withoutUserns", "overlay": "SentenceTests.withoutOverlay",
    "diewith": "SentenceTests.withoutDiewith", "keyring": "KeyringTests.theSessionsKeysStayOutside",
  ]

  /// Has a test use the shipped file, over the small root.
  private func with(_ identity: Identity, _ body: (Sandbox, (_ words: [String]) throws -> Outcome) throws -> Void)
    throws
  {
    try Sandbox.with(identity) { sandbox in
      try sandbox.writeShipped(root: "root", to: "shipped.conf")
      try sandbox.write(
        "#include <stdio.h>\n#include <unistd.h>\nint main(void) { printf(\"%d\\n\", geteuid()); }\n", to: "who.c")
      try sandbox.prepare("mkdir bound root/work root/usr; gcc -static -o bound/who who.c; chmod 4755 bound/who")
      let outer = "umask 077; exec 7</; ulimit -S -n 512; ulimit -S -c $(ulimit -H -c); exec \"$@\""
      try body(sandbox) { words in
        try sandbox.execute(
          ["sh", "-c", outer, "sh", sandbox.littlectr, "run", "--conf", "./shipped.conf"] + words)
      }
    }
  }

  @Test("each stage of stages.conf has an experiment that tells it from none")
  func eachStageOfTheShippedFileHasOne() throws {
    let lines = try Repository.text("stages.conf").split(separator: "\n")
    let stages = lines.filter { !$0.hasPrefix("#") && !$0.hasPrefix(" ") }
      .map { String($0.split(separator: " ").first { $0 != "off" && $0 != "try" } ?? "") }
    #expect(stages.sorted() == (Self.experiments.map(\.stage) + Self.others.keys).sorted())
    for (_, test) in Self.others { #expect(try Repository.hasTest(test), "\(test)") }
  }

  @Test(
    "what stands after \"Without it\" in stages.conf is seen without the line, and not with it",
    arguments: Identity.all, experiments)
  func theSentenceIsTrue(_ identity: Identity, _ it: Experiment) throws {
    try with(identity) { sandbox, run in
      func told(_ options: [String]) throws -> String {
        let seen = try run(options + ["--", "sh", "-c", it.script])
        return (seen.output + seen.error).replacing("\r\n", with: "\n")
      }
      let beside = it.stage == "env" ? ["-e", "EXTRA=1"] : []
      let with = try told(it.with + beside)
      #expect(with.contains(it.seen.with), "with: \(with)")
      let without = try told(it.without)
      #expect(without.contains(it.seen.without) && !without.contains(it.seen.with), "without: \(without)")
    }
  }

  @Test(arguments: Identity.all) func withoutUserns(_ identity: Identity) throws {
    try with(identity) { sandbox, run in
      let with = try run(["sh", "-c", Self.namespace("user")])
      #expect(with.output == "own\n", "\(with)")
      let without = try run(["--without", "userns", "sh", "-c", Self.namespace("user")])
      if identity.isRoot {
        #expect(without.output == "shared\n", "root in it is the machine's: \(without)")
      } else {
        #expect(without.ending == .exited(125), "\(without)")
        #expect(without.error.contains("lets only root make the others"), "\(without)")
      }
    }
  }

  @Test(arguments: Identity.all) func withoutOverlay(_ identity: Identity) throws {
    try with(identity) { sandbox, run in
      for (options, entries) in [([], []), (["--without", "overlay"], ["written"])] as [([String], [String])] {
        let seen = try run(options + ["sh", "-c", "echo x >/root/written; cat /root/written"])
        #expect(seen.output == "x\n", "\(seen)")
        #expect(FileTree.entries(sandbox.root + "/root") == entries)
      }
    }
  }

  @Test(arguments: Identity.all) func withoutDiewith(_ identity: Identity) throws {
    try with(identity) { sandbox, _ in
      for (options, stays) in [("--without diewith", true), ("", false)] {
        let run = "\(sandbox.littlectr) run --conf ./shipped.conf \(options) --with 'bind from=bound to=/work'"
        let script = """
          \(run) sh -c 'echo up >/work/up; exec sleep 1000' \(sandbox.token) >/dev/null 2>&1 </dev/null &
          while ! test -e bound/up; do sleep 0.02; done; rm -f bound/up
          """
        let seen = try sandbox.execute(["sh", "-c", script])
        #expect(seen.ending == .exited(0), "\(seen)")
        if stays {
          let left = Leftovers.processes(of: sandbox).keys
          #expect(!left.isEmpty)
          for process in left { kill(process, SIGKILL) }
        }
        try eventually("it has ended") { Leftovers.processes(of: sandbox).isEmpty }
      }
    }
  }
}
