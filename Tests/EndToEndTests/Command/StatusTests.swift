import Glibc
import Testing

/// The exit status: the command's own, or why there is none.
@Suite struct StatusTests {
  static let reapers = [[], ["--set", "pid.init=no"], ["--without", "pid"]]

  @Test(arguments: Identity.all, reapers)
  func theCommandsStatusComesThrough(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      for status: Int32 in [0, 1, 2, 42, 124, 125, 126, 127, 128, 129, 137, 254, 255] {
        let seen = try sandbox.run(options, "sh", "-c", "exit \(status)")
        #expect(seen.ending == .exited(status) && seen.error == "", "\(seen)")
      }
    }
  }

  @Test(
    "a command that a signal kills gives 128 and the signal's number", arguments: Identity.all,
    [[], ["--without", "pid"]])
  func aSignalIsToldAs128AndItsNumber(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      for signal in [SIGTERM, SIGKILL, SIGSEGV, SIGINT, SIGHUP, SIGABRT, SIGPIPE, SIGUSR1] {
        let seen = try sandbox.run(options, "sh", "-c", "kill -\(signal) $$; sleep 60")
        #expect(seen.ending == .exited(128 + signal) && seen.error == "", "\(seen)")
      }
    }
  }

  @Test(arguments: Identity.all) func processOneItselfCanBeKilledFromOutside(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let words = [sandbox.littlectr, "run", "--set", "pid.init=no"]
      let process = try sandbox.start(words + ["sh", "-c", "echo up; sleep 60"])
      try process.waitForOutput("up")
      try eventually("a child of \(process.id)") {
        guard let child = ProcessTable.children(of: process.id).first else { return false }
        return kill(child, SIGKILL) == 0
      }
      let seen = try process.wait()
      #expect(seen.ending == .exited(137), "\(seen)")
    }
  }

  @Test("a missing command gives the status 127", arguments: Identity.all)
  func whatIsMissingIs127(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.run([], "nowhere")
      #expect(seen.ending == .exited(127), "\(seen)")
      #expect(seen.error.hasPrefix("littlectr: execve(\"nowhere\", [\"nowhere\"], …): ENOENT\n"), "\(seen)")
    }
  }

  @Test("a command that can't be executed gives the status 126", arguments: Identity.all)
  func whatCantBeExecutedIs126(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.run([], "/etc/passwd")
      #expect(seen.ending == .exited(126), "\(seen)")
      #expect(seen.error.contains(": EACCES\n"), "\(seen)")
    }
  }

  @Test("a container that can't be set up gives the status 125", arguments: Identity.all)
  func whatCantBeSetUpIs125(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.run(["--root", "/nowhere"], "true")
      #expect(seen.ending == .exited(125), "\(seen)")
    }
  }
}
