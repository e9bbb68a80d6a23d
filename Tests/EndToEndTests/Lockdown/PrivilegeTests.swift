import Glibc
import Testing

/// Keyrings, new privileges, core dumps, nested user namespaces.
@Suite struct PrivilegeTests {
  private static let ways = [[], ["--set", "pid.init=no"], ["--without", "pid"], ["--set", "userns.map=root"]]

  @Test("nonewprivs: no program gains privileges", arguments: Identity.all, ways)
  func newPrivilegesCanNotBeHad(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let ask = ["grep", "NoNewPrivs", "/proc/self/status"]
      let with = try sandbox.execute([sandbox.littlectr, "run", "--with", "nonewprivs"] + options + ask)
      #expect(with.output == "NoNewPrivs:\t1\n", "\(with)")
      let without = try sandbox.execute([sandbox.littlectr, "run"] + options + ask)
      #expect(without.output == "NoNewPrivs:\t0\n", "\(without)")
    }
  }

  @Test("nonewprivs: set-user-ID bits have no effect", arguments: Identity.all)
  func setUserIDBitsDoNothing(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write(
        "int geteuid(void); int printf(const char *, ...); int main(void) { printf(\"%d\\n\", geteuid()); }",
        to: "who.c")
      try sandbox.prepare("gcc -static -o root/bin/who who.c && chmod 755 root/bin/who")
      // Inside, where it is root who sets it.
      let script = "cp /bin/who /tmp/who && chmod 4755 /tmp/who && su other -c /tmp/who"
      // Where no mount says so already.
      try sandbox.prepare("mkdir -m 777 bound")
      let bind = ["--with", "bind from=bound to=/tmp nosuid=no"]
      let without = try sandbox.run(bind, "sh", "-c", script)
      let with = try sandbox.run(bind + ["--with", "nonewprivs"], "sh", "-c", script)
      #expect([without.output, with.output] == ["0\n", "1\n"], "\(without) \(with)")
    }
  }

  @Test(arguments: Identity.all, [[], ["--set", "pid.init=no"]])
  func aCrashLeavesNoCoreDump(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      func limits(_ line: String) throws -> [String] {
        let caller = ["prlimit", "--core=4096:8192", "--", sandbox.littlectr, "run"]
        let seen = try sandbox.execute(
          caller + (line.isEmpty ? [] : ["--with", line]) + options + ["cat", "/proc/self/limits"])
        let found = seen.lines.first { $0.hasPrefix("Max core file size") } ?? "\(seen)"
        return found.split(separator: " ").dropFirst(4).prefix(2).map(String.init)
      }
      #expect(try limits("") == ["4096", "8192"], "the caller's")
      #expect(try limits("dumpable") == ["0", "0"])
      #expect(try limits("dumpable core=1K:2K") == ["1024", "2048"])
      try sandbox.execute([
        "prlimit", "--core=0:4096", "--", sandbox.littlectr, "run", "--with", "dumpable core=1M", "true",
      ])
      .expectRefusal("RLIMIT_CORE", why: "your hard limit for core is 4096", fix: "write core=4096")
      try sandbox.run(["--with", "rlimit core=1K", "--with", "dumpable"], "true").expectRefusal(
        "dumpable (--with 'dumpable'): core=0", why: "rlimit limits core dumps as well",
        fix: "leave core= out at rlimit")
    }
  }

  @Test(arguments: Identity.all, ["prctl(PR_SET_DUMPABLE", "prctl(PR_GET_DUMPABLE", "prctl(PR_SET_NO_NEW", "keyctl("])
  func whatTheKernelRefusesStopsEverything(_ identity: Identity, _ call: String) throws {
    try Sandbox.with(identity) { sandbox in
      let options = ["--with", "keyring", "--with", "dumpable", "--with", "nonewprivs"]
      let steps = try Explanation(sandbox, options, ["true"]).steps
      let step = try #require(steps.first { $0.calls[0].hasPrefix(call) })
      let seen = try sandbox.run(options + ["--fault", "\(step.number)=EPROTO"], "echo", "ran")
      seen.expectRefusal(": EPROTO", why: "doesn't report what has just been applied")
    }
  }

  @Test(
    "userns nested=no: no user namespace can be made inside", arguments: Identity.all,
    [["unshare", "-U", "true"], ["unshare", "-r", "id", "-u"]])
  func noUserNamespaceCanBeMadeInside(_ identity: Identity, _ command: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let run = [sandbox.littlectr, "run", "--with", "capabilities"]
      let allowed = try sandbox.execute(run + ["--set", "userns.nested=yes"] + command)
      #expect(allowed.ending == .exited(0), "\(allowed)")
      for options in [[], ["-u", "7"], ["--set", "pid.init=no"]] {
        let refused = try sandbox.execute(run + ["--set", "userns.nested=no"] + options + command)
        #expect(refused.ending == .exited(1) && refused.error.contains("No space left on device"), "\(refused)")
      }
      // Outside nothing has changed.
      #expect(try sandbox.execute(["unshare", "-U", "true"]).ending == .exited(0))
    }
  }

  @Test("userns nested=no: clone3 makes no user namespace either", arguments: Identity.all)
  func clone3MakesNoneEither(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let program = """
        #include <linux/sched.h>
        #include <sys/syscall.h>
        #include <stdio.h>
        #include <unistd.h>
        int main(void) {
          struct clone_args a = {.flags = 0x10000000, .exit_signal = 17};
          long child = syscall(SYS_clone3, &a, sizeof a);
          if (child == 0) _exit(0);
          perror("clone3");
          return child < 0;
        }
        """
      try sandbox.write(program, to: "nest.c")
      try sandbox.prepare("gcc -static -o root/bin/nest nest.c && chmod 755 root/bin/nest")
      #expect(try sandbox.run([], "nest").ending == .exited(0))
      let refused = try sandbox.run(["--with", "capabilities", "--set", "userns.nested=no"], "nest")
      #expect(refused.ending == .exited(1) && refused.error == "clone3: No space left on device\n", "\(refused)")
    }
  }

  @Test("userns nested=no: root inside can't allow user namespaces again", arguments: Identity.all)
  func rootInsideCanNotAllowThemAgain(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let script = "echo 10 >/proc/sys/user/max_user_namespaces; unshare -U echo made"
      // That /proc/sys is read-only is another line's doing, and no hindrance to who may mount.
      let options = ["--set", "userns.nested=no", "--set", "proc.readonly=none"]
      let with = try sandbox.run(options + ["--with", "capabilities"], "sh", "-c", script)
      #expect(with.output == "" && with.error.hasPrefix("sh: can't create"), "\(with)")
      let without = try sandbox.run(options, "sh", "-c", script)
      #expect(without.output == "made\n", "\(without)")
      #expect(
        without.error
          == "littlectr: warning: userns nested=no: root inside can allow them again, unless 'capabilities' takes sys_resource from it\n",
        "\(without)")
    }
  }

  @Test("userns nested=no: a read-only /proc/sys is refused with the remedy", arguments: Identity.all)
  func whereProcSysCanOnlyBeReadItSaysWhatToDo(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let script =
        "mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys && exec \"$0\" run --with capabilities --set userns.nested=no true"
      let outer = ["unshare", "--mount"] + (identity.isRoot ? [] : ["--map-root-user"])
      let seen = try sandbox.execute(outer + ["sh", "-c", script, sandbox.littlectr])
      seen.expectRefusal(
        "userns (stages.conf:1): write(\"/proc/sys/user/max_user_namespaces\", \"0\", 1): EROFS",
        why: "can only be read",
        fix: "write nested=yes")
    }
  }
}
