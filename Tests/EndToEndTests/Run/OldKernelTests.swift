import Glibc
import Testing

/// Kernels and filters that lack a call.
@Suite struct OldKernelTests {
  /// Answers one system call, with ENOSYS or with success, and becomes the rest of the command line.
  private static let filter = """
    #define _GNU_SOURCE
    #include <errno.h>
    #include <linux/filter.h>
    #include <linux/seccomp.h>
    #include <stddef.h>
    #include <stdlib.h>
    #include <sys/prctl.h>
    #include <sys/syscall.h>
    #include <unistd.h>
    int main(int count, char **words) {
      struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CALL, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ANSWER),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
      struct sock_fprog program = {sizeof code / sizeof *code, code};
      if (count < 2 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return 99;
      if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) return 98;
      execv(words[1], words + 1);
      return 97;
    }

    """

  private func run(_ sandbox: Sandbox, without call: String, _ command: String...) throws -> Outcome {
    try run(sandbox, call, answering: "ENOSYS", command)
  }

  private func run(_ sandbox: Sandbox, _ call: String, answering answer: String, _ command: [String]) throws -> Outcome
  {
    try sandbox.write(Self.filter, to: "filter.c")
    let compiled = try sandbox.execute(
      ["gcc", "-DCALL=SYS_\(call)", "-DANSWER=\(answer)", "-o", "filter", "filter.c"])
    try #require(compiled.status == 0, "\(compiled)")
    let words = ["./filter", sandbox.littlectr, "run", "--set", "userns.map=root", "--with", "fds"]
    return try sandbox.execute(words + command)
  }

  /// A filter that says of a call that all went well, and has nothing done, neither opens the container nor makes it hang.
  @Test(
    "an outer filter that fakes success is noticed", arguments: Identity.all,
    ["close_range", "rt_sigprocmask", "sendto", "recvfrom", "rt_sigtimedwait", "wait4", "socketpair", "clone3"])
  func whatIsOnlySaidToBeDoneIsNoticed(_ identity: Identity, _ call: String) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = call == "wait4" ? [["--with", "dev", "--with", "terminal pty=yes"]] : []
      for options in [[], ["--set", "pid.init=no"]] + terminal {
        let seen = try run(sandbox, call, answering: "0", options + ["echo", "inside"])
        #expect(seen.status != 0 && seen.ending != .killed(SIGKILL), "\(seen)")
        #expect(!seen.error.isEmpty, "\(seen)")
        // What waits for the command's end has let it begin.
        let begins = ["rt_sigtimedwait", "wait4"].contains(call)
        #expect(seen.output.isEmpty || begins, "\(seen)")
        #expect(!seen.error.contains("EPROTO") || seen.error.contains("the kernel doesn't report"), "\(seen)")
      }
    }
  }

  @Test(arguments: Identity.all) func withoutClone3TheOlderCallIsUsed(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try run(sandbox, without: "clone3", "sh", "-c", "hostname; echo $$; exit 9")
      #expect(seen.ending == .exited(9) && seen.output == "littlectr\n2\n", "\(seen)")
    }
  }

  @Test(arguments: Identity.all, ["open_tree", "mount_setattr", "move_mount", "fsopen", "close_range"])
  func aCallThatIsLackingIsNamedWithTheKernel(_ identity: Identity, _ call: String) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try run(sandbox, without: call, "true")
      seen.expectRefusal("\(call)(", why: "doesn't have this call", fix: "littlectr needs Linux 5.15 or newer")
      #expect(seen.error.contains(": ENOSYS\n"), "\(seen)")
    }
  }
}
