import Glibc
import Testing

/// Ways to what a later run reads or executes that a hostile reader has found open.
@Suite struct ReachDoorTests {
  /// Runs a command in a sandbox's home directory.
  private func run(_ sandbox: Sandbox, _ options: [String], _ command: String) throws -> Outcome {
    try sandbox.execute(
      [sandbox.littlectr, "run"] + options + ["--", "sh", "-c", command],
      environment: ["HOME": sandbox.directory + "/home"])
  }

  /// A line above another hides nothing of what that one binds over it.
  @Test("a bind above another is no way around a cover", arguments: Identity.all)
  func aBindAboveHidesNothing(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let clone = try Clone(sandbox)
      try sandbox.prepare("mkdir -p home/.config home/empty")
      let volumes = ["-v", "\(clone.home)/empty:/h/.config", "-v", "\(clone.home):/h"]
      let words = [clone.path + "/littlectr", "run", "--conf", clone.path + "/stages.conf"] + volumes
      let script = "mkdir /h/.config/littlectr; echo uts >/h/.config/littlectr/my.conf; mv /h/.config /h/c; ls -d /h/c"
      let seen = try sandbox.execute(words + ["sh", "-c", script], environment: ["HOME": clone.home])
      #expect(seen.output == "" && seen.status != 0, "\(seen)")
      #expect(!FileTree.entries(clone.home + "/.config/littlectr").contains("my.conf"))
    }
  }

  /// A directory that is exchanged after it was compared with what a later run takes; here a hook does it.
  @Test("a bound directory that is exchanged after planning is refused", arguments: Identity.all)
  func whatIsExchangedMeanwhileIsRefused(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.prepare("mkdir -p home one; ln -s one data")
      try sandbox.write("#!/bin/sh\nln -sfn home data\n", to: "exchange", mode: 0o755)
      try sandbox.write(
        Sandbox.configuration(["overlay", "bind from=data to=/data", "hook phase=child-waits run=./exchange"]),
        to: "exchanged.conf")
      try sandbox.littlectr("run", "--conf", "./exchanged.conf", "true").expectRefusal(
        "ECANCELED", why: "data isn't what it was when the container was planned", fix: "try again")
      try sandbox.prepare("ln -sfn one data")
      try sandbox.write("#!/bin/sh\n:\n", to: "exchange", mode: 0o755)
      let seen = try sandbox.littlectr("run", "--conf", "./exchanged.conf", "true")
      #expect(seen.ending == .exited(0), "\(seen)")
    }
  }

  /// A link in a directory of settings whose target could be made from inside.
  @Test(arguments: Identity.all) func whatADanglingLinkLeadsToIsntMade(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let clone = try Clone(sandbox)
      try sandbox.prepare(
        "mkdir -p home/.config/littlectr home/dotfiles; ln -s ../../dotfiles/my.conf home/.config/littlectr/my.conf")
      for file in Clone.files {
        let seen = try clone.run(file, in: clone.home + "/dotfiles", [], ["sh", "-c", "echo uts >my.conf"])
        #expect(seen.status == 125 && seen.error.contains("could be made from inside"), "\(file): \(seen)")
      }
      #expect(FileTree.entries(clone.home + "/dotfiles") == [])
    }
  }

  /// Images are looked for beside a conf that is given by its path.
  @Test(arguments: Identity.all) func imagesBesideAConfAreNotMade(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let clone = try Clone(sandbox)
      try sandbox.prepare("mkdir -p home/project/ci; cp home/src/clone/agent.conf home/project/ci/")
      let seen = try sandbox.execute(
        [
          clone.path + "/littlectr", "run", "--conf", "ci/agent.conf", "sh", "-c",
          "mkdir -p ci/images/default && echo made",
        ],
        environment: ["HOME": clone.home], in: clone.home + "/project")
      #expect(seen.output == "", "\(seen)")
      #expect(!FileTree.entries(clone.home + "/project/ci/images").contains("default"))
    }
  }

  /// By a directory's descriptor all that lies in and above it is in reach.
  @Test(arguments: Identity.all, ["<.", "3>&- </", "<. 2>/dev/null"])
  func aDirectoryAsStandardInputIsRefused(_ identity: Identity, _ redirection: String) throws {
    try Sandbox.with(identity) { sandbox in
      let script = "\"$0\" run --with fds ls /proc/self/fd/0/ \(redirection)"
      let seen = try sandbox.execute(["sh", "-c", script, sandbox.littlectr])
      #expect(seen.output == "" && seen.status == 125, "\(seen)")
    }
  }
}
