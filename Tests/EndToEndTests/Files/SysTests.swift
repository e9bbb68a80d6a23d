import Glibc
import Testing

/// A /sys that can only be read.
@Suite struct SysTests {
  @Test("/sys can be read and not written", arguments: Identity.all, [[], ["overlay"]])
  func itTellsButCantBeWritten(_ identity: Identity, _ lines: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.configure(lines + ["sys"])
      let script = """
        ls /sys | grep -c -e '^kernel$' -e '^class$'
        grep ' /sys' /proc/mounts | cut -d ' ' -f 4 | grep -v '^ro,nosuid,nodev,noexec'
        echo 0 >/sys/kernel/mm/ksm/run || echo refused; mkdir /sys/fs/cgroup/new || echo refused
        """
      let seen = try sandbox.sh(script)
      #expect(seen.lines == ["2", "refused", "refused"] && seen.status == 0, "\(seen)")
      #expect(seen.error.contains("Read-only file system"), "\(seen)")
      #expect(FileTree.entries(sandbox.root + "/sys") == [])
    }
  }

  /// Runs a script in a container, on a machine whose /sys has been changed, in a table of mounts of its own.
  private func run(_ sandbox: Sandbox, changing change: String, _ options: [String], _ script: String) throws -> Outcome
  {
    let own = ["unshare", "--mount"] + (geteuid() == 0 ? [] : ["--map-root-user"])
    let words = own + ["sh", "-e", "-c", change + "\nexec \"$@\"", "sh"] + sandbox.identity.prefix
    return try sandbox.startAsCaller(words + [sandbox.littlectr, "run"] + options + ["sh", "-c", script]).wait()
  }

  /// The machine's cgroups, of version 2 alone, whichever it has.
  private static let unified = """
    if ! [ -e /sys/fs/cgroup/cgroup.controllers ]; then
      if [ -e /sys/fs/cgroup/unified ]; then mount --bind /sys/fs/cgroup/unified /sys/fs/cgroup
      else mount -t cgroup2 none /sys/fs/cgroup; fi
    fi
    """
  private static let versionOne = "mount -t tmpfs none /sys/fs/cgroup; mkdir /sys/fs/cgroup/cpu"

  @Test("/sys/fs/cgroup hides the machine's cgroups", arguments: Identity.all)
  func theMachinesCgroupsAreHidden(_ identity: Identity) throws {
    try Sandbox.with(identity, "sys") { sandbox in
      let ask = "ls -A /sys/fs/cgroup | grep -c . ; mkdir /sys/fs/cgroup/new 2>/dev/null || echo refused"
      let with = try run(sandbox, changing: Self.versionOne, ["--with", "cgroupns"], ask)
      #expect(with.lines == ["0", "refused"], "\(with)")
      let without = try run(sandbox, changing: Self.versionOne, [], ask)
      #expect(without.lines == ["1", "refused"], "\(without)")
    }
  }

  /// As the namespace has it: what lies beside the container's own cgroup isn't there, whatever the machine shows.
  @Test("/sys/fs/cgroup shows the container's own cgroup", arguments: Identity.all)
  func theContainersOwnCgroupIsThere(_ identity: Identity) throws {
    try Sandbox.with(identity, "sys") { sandbox in
      let ask = """
        grep ' /sys/fs/cgroup ' /proc/self/mountinfo | tail -n 1 | awk '{ print $4, $6, $8 }'
        test -e /sys/fs/cgroup/cgroup.procs && echo there
        echo 0 2>/dev/null >/sys/fs/cgroup/cgroup.procs || echo refused
        for file in /sys/fs/cgroup/*.pressure; do echo x 2>/dev/null >$file && echo written; done
        """
      for options in [["--with", "cgroupns"], ["--with", "cgroupns", "--with", "net"]] {
        let seen = try run(sandbox, changing: Self.unified, options, ask)
        #expect(seen.lines == ["/ ro,nosuid,nodev,noexec,relatime cgroup2", "there", "refused"], "\(seen)")
      }
    }
  }

  /// What others may enter of what the host has mounted below /sys isn't there.
  @Test("mounts of the host's below /sys are hidden", arguments: Identity.all)
  func whatIsMountedBelowIsHidden(_ identity: Identity) throws {
    let places = ["debug", "tracing", "security", "config"].map { "/sys/kernel/" + $0 }
      .filter { access($0, F_OK) == 0 }
    try #require(!places.isEmpty)
    try Sandbox.with(identity, "sys") { sandbox in
      let change = places.map { "mount -t tmpfs -o mode=755 none \($0); touch \($0)/marker" }.joined(separator: "\n")
      let ask = "ls -A " + places.joined(separator: " ")
      let seen = try run(sandbox, changing: change, [], ask)
      #expect(!seen.output.contains("marker") && seen.ending == .exited(0), "\(seen)")
      let shown = try run(sandbox, changing: change, ["--set", "sys.mask=none"], ask)
      #expect(shown.output.contains("marker"), "\(shown)")
    }
  }

  @Test(
    "an image without a directory /sys is refused",
    arguments: ["rm -r root/sys", "rm -r root/sys; ln -s etc root/sys", "rm -r root/sys; touch root/sys"])
  func anImageWithoutOneIsRefused(_ preparation: String) throws {
    try Sandbox.with(.unprivileged, "sys") { sandbox in
      try sandbox.prepare(preparation)
      try sandbox.run([], "true").expectRefusal(
        "littlectr: sys (stages.conf:6): openat2(", why: "/sys",
        fix: preparation.hasSuffix("touch root/sys") ? "an empty directory there" : "root/sys")
    }
  }
}
