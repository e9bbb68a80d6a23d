import Glibc
import Testing

/// hardened.conf, as it ships.
@Suite struct HardenedTests {
  private static let text = Result {
    try FileTree.text(#filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/hardened.conf")
  }

  /// Runs a command with it, in a directory `work` that holds a file, over the small root.
  private func run(_ sandbox: Sandbox, _ options: [String], _ command: [String]) throws -> Outcome {
    try sandbox.write(Self.text.get(), to: "hardened.conf")
    try sandbox.prepare("mkdir -p work && echo mine >work/file")
    let words =
      [sandbox.littlectr, "run", "--conf", "../hardened.conf", "--root", "../root"] + options + ["--"] + command
    return try sandbox.execute(words, in: sandbox.directory + "/work")
  }

  @Test(arguments: Identity.all) func theProgramHasNoPrivileges(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let ask = ["grep", "-E", "^(Cap...|NoNewPrivs|Seccomp|Groups):", "/proc/self/status"]
      let seen = try run(sandbox, [], ask)
      let none = ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"].map { "\($0):\t0000000000000000" }
      #expect(
        seen.lines.map { $0.filter { $0 != " " } } == ["Groups:\t"] + none + ["NoNewPrivs:\t1", "Seccomp:\t2"],
        "\(seen)")
      let outside = try run(
        sandbox, [], ["sh", "-c", "pwd; cat file; id -u; tail -n +3 /proc/net/dev; env; ls /proc/self/fd"])
      #expect(outside.lines.prefix(3) == ["/work", "mine", "0"], "\(outside)")
      #expect(
        outside.lines.filter { $0.contains(": ") }.map { $0.split(separator: ":")[0] }.allSatisfy { $0 == "    lo" })
    }
  }

  /// Whatever can be written stands in the file, and what stands there can be.
  @Test(arguments: Identity.all) func whatCanBeWrittenIsWhatTheFileSays(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try run(sandbox, [], ["sh", "-c", WritablePlaces.script()])
      let listed = try WritablePlaces.listed(in: Self.text.get())
      #expect(listed.contains("/work") && listed.contains("/tmp"))
      #expect(seen.ending == .exited(0) && seen.lines.sorted() == (listed + ["/work/file"]).sorted(), "\(seen)")
      #expect(try FileTree.text(sandbox.directory + "/work/file") == "mine\n")
    }
  }

  /// A program that makes each call that it was compiled with, without any argument, and prints those that the kernel has
  /// not refused.
  private static func program(_ names: [String]) -> String {
    let calls = names.map { "#ifdef SYS_\($0)\n  {\"\($0)\", SYS_\($0)},\n#endif\n" }.joined()
    return """
      #include <errno.h>
      #include <stdio.h>
      #include <sys/syscall.h>
      #include <unistd.h>
      static const struct { const char *name; long number; } calls[] = {
      \(calls)};
      int main(void) {
        int count = sizeof calls / sizeof *calls;
        for (int index = 0; index < count; index++) {
          if (syscall(calls[index].number, 0, 0, 0, 0, 0, 0) != -1 || (errno != EPERM && errno != ENOSYS))
            puts(calls[index].name);
        }
        printf("%d tried", count);
      }

      """
  }

  /// The names are those that the manual of the stage gives.
  @Test(arguments: Identity.all) func noCallThatTheDefaultProfileRefusesIsMade(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let manual = try sandbox.littlectr("stages", "seccomp").output
      let list = try #require(manual.firstRange(of: "It refuses:")).upperBound
      let end = manual[list...].firstRange(of: "\n\n")?.lowerBound ?? manual.endIndex
      let names = manual[list..<end].split { !$0.isLowercase && !$0.isNumber && $0 != "_" }.map(String.init)
      try #require(names.contains("unshare") && names.contains("keyctl"), "\(manual)")
      try sandbox.write(Self.program(Set(names + ["clone3"]).sorted()), to: "calls.c")
      let compiled = try sandbox.execute(["gcc", "-static", "-o", "root/bin/calls", "calls.c"])
      try #require(compiled.status == 0, "\(compiled)")
      let seen = try run(sandbox, [], ["calls"])
      let count = try #require(seen.output.split(separator: " ").first.flatMap { Int($0) }, "\(seen)")
      #expect(seen.ending == .exited(0) && count > 30, "\(seen)")
      // So that the test can fail: without the filter some are made.
      let without = try run(sandbox, ["--without", "seccomp"], ["calls"])
      #expect(without.lines.contains("unshare") && without.lines.contains("keyctl"), "\(without)")
    }
  }

  /// Whatever it writes, where it can: of what was there before, only the directory has changed.
  @Test(arguments: Identity.all) func onlyTheDirectoryIsYours(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let before = try FileTree.fingerprint(sandbox.root)
      let script = "find / -path /proc -prune -o -path /sys -prune -o -type d -exec touch {}/written \\; ; ls /etc"
      let seen = try run(sandbox, [], ["sh", "-c", script])
      #expect(seen.output.contains("small-root") && !seen.output.contains("written"), "\(seen)")
      #expect(try FileTree.fingerprint(sandbox.root) == before)
      #expect(FileTree.entries(sandbox.directory + "/work").sorted() == ["file", "written"])
    }
  }

  /// The limits end what goes too far; nothing of it is left.
  @Test(arguments: Identity.all) func whatItMakesEndsWithIt(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      // What is there after any run: the filter that is kept for the next.
      _ = try run(sandbox, [], ["touch", "/work/new"])
      let before = Leftovers(sandbox)
      let seen = try run(
        sandbox, [], ["sh", "-c", "sleep 1000 & setsid sleep 1000 & echo x >/tmp/x; echo y >/work/new"])
      #expect(seen.ending == .exited(0) && seen.error == "", "\(seen)")
      #expect(try FileTree.text(sandbox.directory + "/work/new") == "y\n")
      let left = try before.find().filter { !$0.contains("/work/new ") }
      #expect(left == [])
    }
  }

  /// A line that the host can't do stops the program, whichever it is.
  @Test(arguments: Identity.all) func aStepThatFailsStopsTheProgram(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      for call in ["sethostname", "capset", "prctl", "landlock_restrict_self", "seccomp", "prlimit64", "mount_setattr"]
      {
        let seen = try run(sandbox, ["--fault", "\(call)=EINVAL"], ["touch", "started"])
        #expect(seen.ending == .exited(125) && seen.error.contains(": EINVAL"), "\(call): \(seen)")
        #expect(!FileTree.entries(sandbox.directory + "/work").contains("started"))
      }
    }
  }
}
