import Testing

/// What the rules for files allow and refuse.
@Suite struct LandlockTests {
  private static let rules = with("execute=/bin read=/etc write=/tmp")

  private static func with(_ keys: String) -> [String] { ["--with", "nonewprivs", "--with", "landlock " + keys] }

  @Test(
    "landlock: access without a rule fails", arguments: Identity.all,
    [[], ["--set", "pid.init=no"], ["--with", "overlay"]])
  func whatNoRuleAllowsIsRefused(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let script = """
        cat /etc/small-root
        for refused in 'cat /proc/self/status' 'ls /' 'ls /root' 'touch /etc/new' 'rm /etc/passwd' 'mkdir /root/new' \
          'mv /etc/passwd /tmp/passwd' 'ln /etc/passwd /tmp/linked' 'ln -s a /etc/link' 'mknod /etc/fifo p'; do
          $refused >/tmp/output 2>&1 && echo "done: $refused"; grep -q -e denied -e Read-only -e cross-device -e Cross /tmp/output || echo "$refused"
        done
        (: >>/etc/passwd) 2>/dev/null || echo kept
        """
      let seen = try sandbox.run(Self.rules + options, "sh", "-c", script)
      #expect(seen.lines == ["the small root", "kept"] && seen.ending == .exited(0), "\(seen)")
    }
  }

  @Test("landlock: access with a rule works", arguments: Identity.all)
  func whatARuleAllowsIsDone(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let script = """
        cd /tmp && mkdir a b && echo x >a/file && cat a/file && mv a/file b && ln b/file b/second && ln -s b link
        mknod fifo p && : >b/file && rm -r a b link fifo && ls /etc | grep -c small-root
        """
      let seen = try sandbox.run(Self.rules, "sh", "-e", "-c", script)
      #expect(seen.lines == ["x", "1"] && seen.ending == .exited(0), "\(seen)")
    }
  }

  /// Else an image that lacks a path would take all rules off.
  @Test("landlock: try excuses no path that the image lacks", arguments: Identity.all)
  func tryExcusesNothingOfTheImages(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let rules = ["--with", "nonewprivs", "--with", "try landlock execute=/nope"]
      let refused = try sandbox.run(rules, "true")
      refused.expectRefusal("landlock", why: "the container has no /nope", fix: "leave execute=/nope out")
    }
    try Sandbox.with(identity, "try dev") { sandbox in
      try sandbox.prepare("rm -rf root/dev; ln -s tmp root/dev")
      try sandbox.run([], "true").expectRefusal("dev", why: "is a symbolic link", fix: "replace")
    }
  }

  @Test(arguments: Identity.all) func onlyWhatExecuteListsIsExecuted(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.run(Self.rules, "sh", "-c", "cp /bin/busybox /tmp/echo && /tmp/echo ran; echo $?")
      #expect(seen.lines == ["126"] && seen.error.contains("Permission denied"), "\(seen)")
      let rules = Self.with("execute=/etc")
      for options in [[], ["--set", "pid.init=no"]] {
        let refused = try sandbox.run(rules + options, "/bin/true")
        #expect(refused.ending == .exited(126), "\(refused)")
        #expect(refused.error.contains("why  /bin/true is there, but it, or the loader"), "\(refused)")
        #expect(refused.error.contains("fix  add execute= with its directory"), "\(refused)")
      }
      // A mode that lets nobody execute it isn't the rules' doing.
      try sandbox.prepare("touch root/bin/plain")
      let plain = try sandbox.run(Self.rules, "/bin/plain")
      #expect(plain.ending == .exited(126) && plain.error.contains("has mode 644"), "\(plain)")
    }
  }

  @Test("landlock: a rule for a file doesn't open its directory", arguments: Identity.all)
  func aFileIsAllowedWithoutItsDirectory(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let rules = Self.with("execute=/bin/busybox read=/etc/passwd write=/etc/small-root")
      let script = "cat /etc/passwd | wc -l; echo x >/etc/small-root; cat /etc/small-root; ls /etc; cat /bin/sh | wc -l"
      let seen = try sandbox.run(rules, "/bin/sh", "-c", script)
      #expect(seen.lines.prefix(2) == ["2", "x"] && seen.lines.count == 3, "\(seen)")
      #expect(seen.error.contains("denied"), "\(seen)")
    }
  }

  @Test("landlock: paths are looked up in the container's root, and no link leads out", arguments: Identity.all)
  func pathsAreTheContainersAndNoLinkLeadsOut(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.prepare("mkdir root/data; echo x >root/data/file; ln -s /data root/link; ln -s ../../../etc root/up")
      let read = try sandbox.run(
        Self.with("execute=/bin read=/link read=/up"), "sh", "-c", "cat /data/file /etc/small-root")
      #expect(read.lines == ["x", "the small root"], "\(read)")
      let refused = try sandbox.run(Self.with("execute=/bin write=/link"), "true")
      refused.expectRefusal(
        "littlectr: landlock (--with 'landlock", why: "/link is a symbolic link", fix: "write write= with the path")
      for path in ["/gone", "/data/gone", "/data/file/below"] {
        let gone = try sandbox.run(Self.with("execute=/bin read=\(path)"), "true")
        #expect(gone.ending == .exited(125) && gone.error.contains(path), "\(gone)")
      }
      let jump = try sandbox.run(Self.with("execute=/bin read=/proc/self/root"), "true")
      #expect(jump.ending == .exited(125) && jump.error.contains("leads through a link that jumps"), "\(jump)")
    }
  }

  /// The rules hold for ever: root inside can't mount over them, and a second set only takes away.
  @Test("landlock: rules can't be taken off from inside", arguments: Identity.all)
  func nobodyTakesThemOff(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let script = "mount -t tmpfs none /tmp || echo kept; umount /proc || echo kept; chroot /etc true || echo kept"
      let seen = try sandbox.run(Self.rules, "sh", "-c", script)
      #expect(seen.lines.filter { $0 == "kept" }.count == 3, "\(seen)")
    }
  }

  /// Where the kernel says that it has restricted the process, and hasn't, nothing is started.
  @Test("landlock: rules that don't hold stop the container", arguments: Identity.all)
  func whatIsNotRefusedStopsTheContainer(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let strace = ["strace", "-f", "-o", "/dev/null", "-e", "inject=landlock_restrict_self:retval=0"]
      let map = ["--set", "userns.map=root"]
      for rules in [Self.rules, Self.with("tcp-bind=none"), Self.with("tcp-connect=none")] {
        let seen = try sandbox.execute(strace + [sandbox.littlectr, "run"] + map + rules + ["echo", "started"])
        #expect(seen.ending == .exited(125) && seen.output == "", "\(seen)")
        #expect(seen.error.contains("but what none of them allows isn't refused"), "\(seen)")
      }
    }
  }
}
