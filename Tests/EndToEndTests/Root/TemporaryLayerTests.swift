import Glibc
import Testing

/// Where memory can't keep a layer's marks, as before Linux 6.6, the layer lies in a directory that goes with the
/// container.
@Suite struct TemporaryLayerTests {
  /// A place below the sandbox for what root keeps in /var/lib, which other littlectrs on the machine use, too.
  private func prefix(_ sandbox: Sandbox) -> [String] {
    let script = "mkdir -p state /var/lib/littlectr && mount --bind state /var/lib/littlectr && exec \"$@\""
    return (sandbox.identity.isRoot ? ["unshare", "--mount", "sh", "-c", script, "sh"] : [])
      // The kernel's version is 2.6 to those that ask.
      + ["setarch", "--uname-2.6", "--", sandbox.littlectr]
  }

  private func place(_ sandbox: Sandbox) -> String {
    sandbox.directory + (sandbox.identity.isRoot ? "/state/run" : "/.local/share/littlectr/run")
  }

  private func run(_ sandbox: Sandbox, _ script: String, _ options: [String] = []) throws -> Outcome {
    try sandbox.execute(prefix(sandbox) + ["run"] + options + ["sh", "-c", script, sandbox.token])
  }

  /// Directories that are deep, closed, named badly, many, and others'; links out.
  private static let hostileTree = """
    test -e /etc/small-root || exit 99
    for number in 1 2 3; do
      mkdir -p $(head -c 1800 /bin/busybox | tr -c x x | sed 's/x/x\\//g' | sed "s/^x/$number/")
    done
    deep=$(head -c 1799 /bin/busybox | tr -c x x | sed 's/x/\\/x/g')
    mv /2 /1$deep && mv /3 /1/x && mkdir /many && cd /many && seq 5000 | while read name; do : >$name; done
    mkdir -p "/new
    line/in" "/-rf" /closed/in /others && : >/closed/in/file && chmod 0 /closed/in && chmod 0 /closed
    chown 7:7 /others && : >"/others/\\"'*" && chmod 0 /others
    ln -s "$1" /out && ln -s / /root/out
    mkdir /littlectr-1 /littlectr-2 && : >/littlectr-1/file && : >/littlectr-3
    """

  @Test(
    "a layer in a temporary directory works and is removed at the end", arguments: Identity.all,
    [[], ["--set", "userns.map=root"]])
  func itWorksAndIsGone(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity, "overlay") { sandbox in
      let before = try FileTree.fingerprint(sandbox.root)
      let script =
        "test -e /etc/small-root || exit 99; mv /etc /moved; rm /moved/passwd; ls /moved; grep -c ' / overlay rw,nosuid,nodev' /proc/mounts; exit 3"
      let seen = try run(sandbox, script, options)
      #expect(seen.output == "small-root\n1\n" && seen.ending == .exited(3) && seen.error == "", "\(seen)")
      #expect(FileTree.entries(place(sandbox)) == [])
      #expect(try FileTree.fingerprint(sandbox.root) == before)
    }
  }

  @Test("a temporary layer is removed whatever the command has made in it", arguments: Identity.all, [false, true])
  func aHostileTreeIsRemoved(_ identity: Identity, _ isKilled: Bool) throws {
    try Sandbox.with(identity, "overlay") { sandbox in
      try sandbox.prepare("mkdir victim && echo precious >victim/file")
      let victim = try FileTree.fingerprint(sandbox.directory + "/victim")
      let script = Self.hostileTree + "\necho made" + (isKilled ? "; exec sleep 1000" : "")
      let command = ["sh", "-c", script, sandbox.token, sandbox.directory + "/victim"]
      let process = try sandbox.start(prefix(sandbox) + ["run"] + command)
      try process.waitForOutput("made")
      if isKilled {
        process.signal(SIGKILL)
        #expect(try process.wait().ending == .killed(SIGKILL))
        #expect(FileTree.entries(place(sandbox)).count == 1)
        try eventually("no process is left") { Leftovers.processes(of: sandbox).isEmpty }
        // One that lacks the ids can't remove it, and works all the same.
        let poor = try run(sandbox, "echo works", ["--set", "userns.map=root"])
        #expect(poor.output == "works\n" && poor.status == 0, "\(poor)")
        let next = try run(sandbox, "echo works")
        #expect(next.output == "works\n" && next.error == "", "\(next)")
      } else {
        let seen = try process.wait()
        #expect(seen.ending == .exited(0) && seen.error == "", "\(seen)")
      }
      #expect(FileTree.entries(place(sandbox)) == [])
      #expect(try FileTree.fingerprint(sandbox.directory + "/victim") == victim)
    }
  }

  @Test("a temporary layer is removed whichever step fails", arguments: Identity.all)
  func itIsGoneWhicheverStepFails(_ identity: Identity) throws {
    try Sandbox.with(identity, "overlay") { sandbox in
      try sandbox.prepare("mkdir -p .local/share/littlectr/run state/run")
      let words = prefix(sandbox) + ["explain", "--", "true"]
      let plan = try sandbox.execute(words).output
      let count = try #require(plan.split(separator: "\n").compactMap { Int($0.prefix(6).filter(\.isNumber)) }.max())
      #expect(count > 40, "\(plan)")
      for number in 1...count {
        let seen = try run(sandbox, "true", ["--fault", "\(number)=EIO"])
        #expect(seen.status >= 125 && seen.error.contains(": EIO\n"), "\(number): \(seen)")
        #expect(FileTree.entries(place(sandbox)) == [], "\(number): \(seen)")
      }
      for number in stride(from: 1, through: count, by: 3) {
        let seen = try run(sandbox, "sleep 1000", ["--fault", "\(number)=KILL"])
        #expect(seen.ending == .killed(SIGKILL), "\(number): \(seen)")
      }
      try eventually("no process is left") { Leftovers.processes(of: sandbox).isEmpty }
      #expect(try run(sandbox, "true").ending == .exited(0))
      #expect(FileTree.entries(place(sandbox)) == [])
    }
  }

  @Test("a temporary layer is removed after a signal", arguments: Identity.all, [SIGTERM, SIGINT, SIGHUP])
  func itIsGoneAfterASignal(_ identity: Identity, _ signal: Int32) throws {
    try Sandbox.with(identity, "overlay") { sandbox in
      let words = prefix(sandbox) + ["run", "sh", "-c", "echo x >/file; echo up; exec sleep 1000", sandbox.token]
      let process = try sandbox.start(words)
      try process.waitForOutput("up")
      #expect(FileTree.entries(place(sandbox)).count == 1)
      process.signal(signal)
      #expect(try process.wait().ending == .exited(128 + signal))
      #expect(FileTree.entries(place(sandbox)) == [])
    }
  }

  @Test("another run's temporary layer, and what else lies beside it, is left alone", arguments: Identity.all)
  func whatOthersUseIsLeftAlone(_ identity: Identity) throws {
    try Sandbox.with(identity, "overlay", "bind from=shared to=/shared") { sandbox in
      try sandbox.prepare("mkdir shared; mkfifo shared/pipe; mkdir victim; touch victim/file")
      let script = "echo precious >/file; echo up; read line </shared/pipe; cat /file"
      let process = try sandbox.start(prefix(sandbox) + ["run", "sh", "-c", script, sandbox.token])
      try process.waitForOutput("up")
      let place = place(sandbox)
      // Neither another's layer, nor what has another name, nor what a link leads to.
      try sandbox.prepare(
        "mkdir \(place)/net-1; ln -s ../../../../victim \(place)/overlay-link; : >\(place)/overlay-file")
      let there = FileTree.entries(place)
      #expect(there.count == 4, "\(there)")
      for _ in 0..<3 { #expect(try run(sandbox, "true").ending == .exited(0)) }
      #expect(FileTree.entries(place) == there)
      #expect(FileTree.entries(sandbox.directory + "/victim") == ["file"])
      try FileTree.write(Array("go\n".utf8), to: sandbox.directory + "/shared/pipe")
      let seen = try process.wait()
      #expect(seen.output == "up\nprecious\n", "\(seen)")
      #expect(
        FileTree.entries(place)
          == there.filter { !$0.hasPrefix("overlay-") || ["overlay-file", "overlay-link"].contains($0) })
    }
  }

  @Test(arguments: Identity.all) func twentyAtATimeDontDisturbEachOther(_ identity: Identity) throws {
    try Sandbox.with(identity, "overlay") { sandbox in
      let words = prefix(sandbox) + ["run", "sh", "-c", "echo $1 >/file; sleep 0.01; cat /file", sandbox.token]
      let processes = try (0..<20).map { try sandbox.start(words + ["\($0)"]) }
      for (number, process) in processes.enumerated() {
        let seen = try process.wait()
        #expect(seen.ending == .exited(0) && seen.output == "\(number)\n" && seen.error == "", "\(seen)")
      }
      #expect(FileTree.entries(place(sandbox)) == [])
    }
  }

  @Test("without userns the layer lies in memory")
  func withoutUserNamespaceMemoryWillDo() throws {
    try Sandbox.with(.caller, "overlay") { sandbox in
      // Attached, as kernels before 6.15 want it.
      let words = sandbox.asRoot + ["setarch", "--uname-2.6", "--", sandbox.littlectr, "run", "--without", "userns"]
      let seen = try sandbox.execute(
        words + [
          "sh", "-c",
          "test -e /etc/small-root || exit 99; mv /etc /moved; rm /moved/passwd; ls /moved; cat /proc/mounts",
        ])
      // Some of /proc is covered.
      let lines = seen.lines.filter { !$0.contains(" /proc/") }
      #expect(lines.count == 3 && lines[0] == "small-root" && seen.status == 0, "\(seen)")
    }
  }
}
