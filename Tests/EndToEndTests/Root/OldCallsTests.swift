import Testing

/// Without openat2, which an old filter refuses, the image's paths are walked, and lead nobody astray either.
@Suite struct OldCallsTests {
  @Test(arguments: Identity.all, ["ENOSYS", "EPERM"])
  func withoutOpenat2TheContainerIsTheSame(_ identity: Identity, _ answer: String) throws {
    try Sandbox.with(identity, "overlay", "dev", "bind from=root/etc to=/link/below", "file to=/new/file text=x") {
      sandbox in
      try sandbox.prepare("mkdir root/data; ln -s ../../../../../data root/link")
      let strace = ["strace", "-f", "-o", "/dev/null", "-e", "inject=openat2:error=\(answer)"]
      let words = [sandbox.littlectr, "run", "--set", "userns.map=root", "-w", "/link"]
      let script = "pwd -P; cat /data/below/small-root /new/file; echo; ls /proc/self/ns | grep -c uts; : >/dev/null"
      let seen = try sandbox.execute(strace + words + ["sh", "-c", script])
      #expect(seen.lines == ["/data", "the small root", "x", "1"] && seen.ending == .exited(0), "\(seen)")
    }
  }

  /// What would be refused is refused in the same words.
  @Test(arguments: [
    "rm -r root/proc; ln -s /tmp root/proc", "rm -r root/proc; ln -s proc root/proc",
    "rm -r root/proc; touch root/proc",
  ])
  func withoutOpenat2AHostileImageIsRefused(_ preparation: String) throws {
    try Sandbox.with(.unprivileged) { sandbox in
      try sandbox.prepare(preparation)
      let strace = ["strace", "-f", "-o", "/dev/null", "-e", "inject=openat2:error=ENOSYS"]
      let words = [sandbox.littlectr, "run", "--set", "userns.map=root", "true"]
      let (with, without) = (try sandbox.execute(words), try sandbox.execute(strace + words))
      #expect(with.ending == .exited(125) && without.ending == .exited(125))
      #expect(with.error == without.error && without.error.contains("/proc"), "\(without)")
    }
  }
}
