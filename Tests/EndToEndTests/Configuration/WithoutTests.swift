import Glibc
import Testing

/// What is seen when an isolation is taken away.
@Suite struct WithoutTests {
  private static let hostname: String = {
    (try? FileTree.text("/proc/sys/kernel/hostname"))?.split(separator: "\n").first.map(String.init) ?? ""
  }()

  @Test(arguments: Identity.all) func withoutUTSTheHostsNameIsSeen(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let with = try sandbox.run(["--hostname", "box"], "hostname")
      #expect(with.output == "box\n", "\(with)")
      let without = try sandbox.run(["--without", "uts"], "hostname")
      #expect(without.output == Self.hostname + "\n", "\(without)")
    }
  }

  @Test(arguments: Identity.all) func aNewNameDoesntReachTheHost(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.sh("hostname changed && hostname")
      #expect(seen.output == "changed\n", "\(seen)")
      #expect(try FileTree.text("/proc/sys/kernel/hostname") == Self.hostname + "\n")
    }
  }

  @Test(arguments: Identity.all) func withoutPIDTheHostsProcessesAreSeen(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.sh("echo $$; ls -d /proc/\(getpid())", "--without", "pid")
      #expect(seen.status == 0 && seen.lines.last == "/proc/\(getpid())", "\(seen)")
      #expect((Int(seen.lines.first ?? "") ?? 0) > 9, "\(seen)")
      let with = try sandbox.sh("ls -d /proc/\(getpid())")
      #expect(with.status == 1, "\(with)")
    }
  }

  @Test(arguments: Identity.all) func withoutInitTheCommandIsProcessOne(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.sh("echo $$; tr '\\0' ' ' </proc/1/cmdline; exit 3", "--set", "pid.init=no")
      #expect(seen.lines.first == "1" && seen.output.contains("\nsh -c") && seen.status == 3, "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func withoutProcThereIsNone(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.sh("ls -A /proc; ps | wc -l", "--without", "proc")
      #expect(seen.output == "1\n", "ps prints its title and no process: \(seen)")
    }
  }

  @Test func withoutUserNamespaceOnlyRealRootMakesAContainer() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      let seen = try sandbox.run(["--without", "userns"], "true")
      #expect(seen.status == 125 && seen.output == "", "\(seen)")
      let call = "clone3({flags=CLONE_NEWNS|CLONE_NEWUTS|CLONE_NEWPID, exit_signal=SIGCHLD"
      #expect(seen.error.contains("littlectr: \(call)") && seen.error.contains("= <child>: EPERM\n"), "\(seen)")
      #expect(seen.error.contains("  why  without a user namespace only root may make the others\n"), "\(seen)")
      #expect(seen.error.contains("  fix  switch userns on, at the top of the file, or run as root\n"), "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func withoutUserNamespaceRootIsTheRootOutside(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let ask = "readlink /proc/self/ns/user"
      let script = "\(ask); \"$0\" run --without userns \(ask); \"$0\" run \(ask)"
      let seen = try sandbox.execute(sandbox.asRoot + ["sh", "-c", script, sandbox.littlectr])
      try #require(seen.status == 0 && seen.lines.count == 3, "\(seen)")
      #expect(seen.lines[0] == seen.lines[1] && seen.lines[0] != seen.lines[2], "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func withoutMountOnlyChrootIsLeft(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let proc = try sandbox.run(["--without", "mount"], "true")
      let told = "littlectr: proc (stages.conf:6): needs 'mount' above it, as do 'chroot'\n"
      #expect(proc.status == 125 && proc.error.hasPrefix(told), "\(proc)")
      #expect(proc.error.contains("leave out all of them: --without mount,proc,chroot; or keep 'mount'"), "\(proc)")
      let pivot = try sandbox.run(["--without", "mount", "--without", "proc"], "true")
      #expect(pivot.status == 125 && pivot.error.hasPrefix("littlectr: chroot (stages.conf:5): "), "\(pivot)")
      #expect(pivot.error.contains("method=pivot needs a table of mounts that isn't your machine's"), "\(pivot)")
      let options = ["--without", "mount", "--without", "proc", "--set", "chroot.method=chroot"]
      let seen = try sandbox.run(options, "cat", "/etc/small-root")
      #expect(seen.status == 0 && seen.output == "the small root\n", "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func withoutChrootTheHostsFilesAreSeen(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.sh("pwd; ls; echo here > new", "--without", "chroot")
      #expect(seen.lines.first == sandbox.directory && seen.lines.contains("stages.conf"), "\(seen)")
      #expect(try FileTree.text(sandbox.directory + "/new") == "here\n")
      var status = stat()
      #expect(stat(sandbox.directory + "/new", &status) == 0 && status.st_uid == identity.ids?.user)
    }
  }
}
