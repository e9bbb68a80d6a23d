import Glibc
import Testing

/// The kernel's keys.
@Suite struct KeyringTests {
  private static let ways = [[], ["--set", "pid.init=no"], ["--without", "pid"], ["-u", "7:8"]]

  /// A program that prints the number of its session keyring, and looks for a key in it.
  private func fill(_ sandbox: Sandbox) throws {
    let program = """
      #include <stdio.h>
      #include <sys/syscall.h>
      #include <unistd.h>
      int main(int count, char **words) {
        if (count > 1) {
          syscall(SYS_keyctl, 1, 0);
          if (syscall(SYS_add_key, "user", "secret", "s", 1, -3) < 0) return 9;
          execvp(words[1], words + 1);
        }
        printf("%ld ", syscall(SYS_keyctl, 0, -3, 1));
        puts(syscall(SYS_request_key, "user", "secret", 0, 0) < 0 ? "nothing" : "the secret");
      }
      """
    try sandbox.write(program, to: "keys.c")
    try sandbox.prepare("gcc -static -o root/bin/keys keys.c && chmod 755 root/bin/keys")
  }

  @Test(arguments: Identity.all, ways) func theSessionsKeysStayOutside(_ identity: Identity, _ options: [String]) throws
  {
    try Sandbox.with(identity) { sandbox in
      try fill(sandbox)
      func ask(_ line: [String]) throws -> [String] {
        let words = ["root/bin/keys", "sh", "-c", "root/bin/keys; \"$@\"", "sh", sandbox.littlectr, "run"]
        let seen = try sandbox.execute(words + line + options + ["keys"])
        try #require(seen.ending == .exited(0) && seen.lines.count == 2, "\(seen)")
        return seen.lines
      }
      let without = try ask([])
      #expect(without[0] == without[1] && without[0].hasSuffix(" the secret"), "\(without)")
      let with = try ask(["--with", "keyring"])
      #expect(with[0].hasSuffix(" the secret") && with[1].hasSuffix(" nothing"), "\(with)")
      #expect(with[0].prefix { $0 != " " } != with[1].prefix { $0 != " " }, "\(with)")
    }
  }

  /// How many keys a user has.
  private func count(_ user: uid_t) throws -> Int {
    let line = try FileTree.text("/proc/key-users").split(separator: "\n").first { line in
      line.drop { $0 == " " }.hasPrefix("\(user):")
    }
    return line.flatMap { Int($0.split(separator: " ")[3].prefix { $0.isNumber }) } ?? 0
  }

  @Test(arguments: Identity.all) func threeHundredRunsLeaveNoKeys(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try fill(sandbox)
      let user = try identity.existing().user
      let script = "for i in $(seq 300); do \"$0\" run --with keyring true || exit; done"
      // From a session that has a keyring, so that the new ones count.
      let seen = try sandbox.execute(["root/bin/keys", "sh", "-c", script, sandbox.littlectr])
      #expect(seen.ending == .exited(0) && seen.error == "", "\(seen)")
      // The kernel counts keys of processes that have just ended for a moment longer; other tests have some too.
      try eventually("fewer than 100 keys") { try count(user) < 100 }
    }
  }

  @Test("an exhausted quota of keys is reported with the remedy")
  func whereTheQuotaIsUsedUpItSaysWhatToDo() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      let seen = try sandbox.run(["--with", "keyring", "--fault", "keyctl=EDQUOT"], "true")
      seen.expectRefusal(
        "keyring (--with 'keyring'): keyctl(", why: "sysctl kernel.keys.max", fix: "sysctl -w kernel.keys.max")
      let filtered = try sandbox.run(["--with", "keyring", "--fault", "keyctl=EPERM"], "true")
      filtered.expectRefusal(": EPERM", why: "filter refuses keyctl", fix: "write 'off' before keyring")
    }
  }

  @Test("try excuses a kernel without keyrings", arguments: Identity.all)
  func aKernelWithoutKeysIsExcusedByTry(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write(Sandbox.configuration + "try keyring\n", to: "stages.conf")
      let seen = try sandbox.run(["--fault", "keyctl=ENOSYS"], "echo", "ran")
      #expect(seen.output == "ran\n" && seen.error.hasPrefix("littlectr: went on without keyring"), "\(seen)")
    }
  }
}
