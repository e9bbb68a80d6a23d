import Glibc
import Testing

/// What of /proc and /sys is hidden, and what can only be read.
@Suite struct MaskedPathsTests {
  /// What the host has of it.
  private func host(_ paths: [String]) -> [String] { paths.filter { access($0, F_OK) == 0 } }

  @Test(arguments: Identity.all) func whatTellsOfTheMachineIsHidden(_ identity: Identity) throws {
    try Sandbox.with(identity, "sys") { sandbox in
      let files = host(
        [
          "interrupts", "keys", "kcore", "timer_list", "latency_stats", "kpagecount", "kpageflags", "kpagecgroup",
          "slabinfo", "vmallocinfo", "pagetypeinfo",
        ].map { "/proc/" + $0 })
      let directories = host(["/proc/acpi", "/proc/asound", "/proc/scsi", "/sys/firmware", "/sys/dev/block"])
      #expect(files.count > 1 && !directories.isEmpty)
      for file in files {
        // Of root's own an ordinary user's container has no cover, and no need for one.
        let seen = try sandbox.sh("cat \(file) | wc -c; echo x >\(file) || echo kept; chmod 644 \(file) || echo kept")
        #expect(seen.lines == ["0", "kept", "kept"], "\(file): \(seen)")
      }
      for directory in directories {
        let seen = try sandbox.sh("ls -A \(directory); mkdir \(directory)/new || echo kept")
        #expect(seen.lines == ["kept"] && seen.error.contains("Read-only"), "\(directory): \(seen)")
      }
    }
  }

  @Test(arguments: Identity.all) func whatChangesTheKernelCanOnlyBeRead(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let words =
        ["/proc/sys/kernel/core_pattern", "/proc/sys/vm/drop_caches", "/proc/sysrq-trigger", "/proc/mtrr"]
        + ["cpu", "io", "memory"].map { "/proc/pressure/" + $0 }
      for file in host(words) {
        let seen = try sandbox.sh("echo h 2>/dev/null >>\(file) || echo kept")
        #expect(seen.lines == ["kept"], "\(file): \(seen)")
      }
      // This limit is the user namespace's own, and could be written without the line.
      let write = "echo 77 >/proc/sys/user/max_uts_namespaces && cat /proc/sys/user/max_uts_namespaces"
      let kept = try sandbox.sh(write)
      #expect(kept.status != 0 && kept.error.contains("Read-only file system"), "\(kept)")
      #expect(try sandbox.sh("cat /proc/sys/kernel/hostname").output == "littlectr\n")
      let changed = try sandbox.sh(write, "--set", "proc.readonly=none")
      #expect(changed.output == "77\n", "\(changed)")
    }
  }

  @Test("mask= and readonly= with paths replace the usual ones", arguments: Identity.all)
  func pathsAreCoveredInsteadOfTheUsual(_ identity: Identity) throws {
    try Sandbox.with(identity, "sys mask=/sys/class/net") { sandbox in
      try sandbox.write(
        try FileTree.text(sandbox.directory + "/stages.conf").replacing(
          "proc\n", with: "proc mask=/proc/cpuinfo mask=/proc/sys/net readonly=none\n"), to: "stages.conf")
      let seen = try sandbox.sh(
        "cat /proc/cpuinfo | wc -c; ls -A /proc/sys/net /sys/class/net; grep -c ' /proc/' /proc/mounts; "
          + "ls /sys/firmware | wc -l")
      let inFirmware = FileTree.entries("/sys/firmware").count
      #expect(seen.lines == ["0", "/proc/sys/net:", "", "/sys/class/net:", "2", "\(inFirmware)"], "\(seen)")
    }
  }

  /// A path that isn't there, or that leads elsewhere, is never taken for hidden.
  @Test(arguments: [
    ("mask=/proc/self/environ", "is a link, or lies below one"), ("readonly=/proc/self/root/etc", "lies below one"),
    ("mask=/proc/mounts", "is a link"), ("readonly=/proc/gone", "has no /proc/gone"),
    ("mask=/proc/1/task/1/gone", "has no"),
  ])
  func aPathThatLeadsElsewhereIsRefused(_ word: String, _ why: String) throws {
    try Sandbox.with(.unprivileged) { sandbox in
      let conf = try FileTree.text(sandbox.directory + "/stages.conf")
      try sandbox.write(conf.replacing("proc\n", with: "proc \(word)\n"), to: "stages.conf")
      let key = String(word.prefix { $0 != "=" })
      try sandbox.run([], "true").expectRefusal("littlectr: proc (stages.conf:6): ", why: why, fix: key + "=")
    }
  }

  /// What the image has at /proc leads nobody astray: nothing is looked up through it.
  @Test("masks are mounted over the container's /proc, never made in the image", arguments: Identity.all)
  func coversLieInTheMountAndNotInTheImage(_ identity: Identity) throws {
    try Sandbox.with(identity, "overlay") { sandbox in
      try sandbox.prepare("mkdir root/proc/acpi root/victim; ln -s /victim root/proc/sys; echo x >root/proc/keys")
      let seen = try sandbox.sh("cat /proc/keys | wc -c; ls -A /victim; grep -c ' /proc/' /proc/mounts")
      #expect(seen.lines.first == "0" && seen.lines.count == 2, "\(seen)")
      #expect(try FileTree.text(sandbox.root + "/proc/keys") == "x\n")
    }
  }

  /// The one that reads back has the last word.
  @Test func whatTheKernelDoesNotShowStopsTheContainer() throws {
    try Sandbox.with(.unprivileged) { sandbox in
      let seen = try sandbox.run(["--fault", "fstatfs=ECANCELED"], "true")
      seen.expectRefusal(
        "littlectr: proc (stages.conf:6): fstatfs(", why: "it was asked for, but the kernel shows /proc/sys without",
        fix: "readonly=none")
    }
  }
}
