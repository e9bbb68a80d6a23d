import Testing

/// Other ways to what a later run reads or executes.
@Suite struct ReachVariantTests {
  /// Tries to change what a later run takes, by its path inside; what became of it that shouldn't have.
  private func changes(
    _ clone: Clone, _ options: [String], _ inside: String, below bound: String, file: String = "stages.conf"
  ) throws -> [String] {
    // The first makes what isn't there.
    let words = [clone.path + "/littlectr", "run", "--conf", "\(clone.path)/\(file)"] + options
    let first = try clone.sandbox.execute(
      words + ["--", "true"], environment: ["HOME": clone.home], in: clone.path + "/Sources")
    #expect(first.ending == .exited(0), "\(first)")
    let all = clone.targets.filter { $0.hasPrefix(bound + "/") }
    let before = all.map { "\($0): \(Clone.state($0))" }
    try clone.sandbox.write(all.map { String($0.dropFirst(bound.count + 1)) + "\n" }.joined(), to: "list")
    let script = "cd '\(inside)' || exit 9\n" + Clone.changing
    let seen = try clone.sandbox.execute(
      ["sh", "-c", "exec \"$@\" <'\(clone.sandbox.directory)/list'", "sh"] + words + ["--", "sh", "-c", script],
      environment: ["HOME": clone.home], in: clone.path + "/Sources")
    #expect(seen.ending == .exited(0), "\(seen)")
    let after = all.map { "\($0): \(Clone.state($0))" }
    return zip(before, after).filter { $0 != $1 }.map { "\($0) became \($1)" }
  }

  @Test("what a later run reads is covered whichever directory is bound", arguments: Identity.all)
  func whateverIsBound(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let clone = try Clone(sandbox)
      let directory = sandbox.directory
      try sandbox.prepare("ln -s home/src link")
      for (options, inside, bound) in [
        // The directory above, a link to one, two of one tree, one in the other, one directory of the clone.
        (["-v", "\(directory):/h"], "/h", directory), (["-v", "\(directory)/link:/h"], "/h", "\(clone.home)/src"),
        (["-v", "\(clone.home):/r:ro", "-v", "\(clone.home):/h"], "/h", clone.home),
        (["-v", "\(clone.home):/h", "-v", "\(clone.path):/h/src"], "/h/src", clone.path),
        (["-v", "\(clone.path)/images:/h"], "/h", "\(clone.path)/images"),
        (["-v", "\(clone.path)/images/other:/h"], "/h", "\(clone.path)/images/other"),
      ] {
        let changed = try changes(clone, options, inside, below: bound)
        #expect(changed == [], "\(options)")
      }
      // A file that includes others, in a directory of its own.
      try sandbox.prepare(
        "mkdir home/src/clone/settings; echo 'include \"../stages.conf\"' >home/src/clone/settings/own.conf")
      let included = try changes(clone, ["-v", "\(clone.home):/h"], "/h", below: clone.home, file: "settings/own.conf")
      #expect(included == [])
    }
  }

  /// What a namespace below gives: all capabilities there, and a copy of the table of mounts.
  private static let uncover = #"""
    #define _GNU_SOURCE
    #include <fcntl.h>
    #include <linux/mount.h>
    #include <sched.h>
    #include <stdio.h>
    #include <string.h>
    #include <sys/mount.h>
    #include <sys/syscall.h>
    #include <unistd.h>
    static void spoil(int at, const char *name) {
      int file = openat(at, name, O_WRONLY | O_APPEND);
      if (file >= 0 && write(file, "x", 1) == 1) printf("wrote %s\n", name);
      if (!renameat(at, name, at, "gone")) printf("renamed %s\n", name);
    }
    int main(int count, char **words) {
      if (!strcmp(words[1], "below") && unshare(CLONE_NEWUSER | CLONE_NEWNS)) return printf("none below\n"), 0;
      for (int index = 2; index < count; index++) {
        char *slash = strrchr(words[index], '/');
        *slash = 0;
        const char *directory = words[index], *name = slash + 1;
        int held = open(directory, O_PATH | O_DIRECTORY);
        struct mount_attr writable = {.attr_clr = MOUNT_ATTR_RDONLY};
        syscall(SYS_mount_setattr, held, name, 0, &writable, sizeof writable);
        syscall(SYS_mount_setattr, held, "", AT_EMPTY_PATH | AT_RECURSIVE, &writable, sizeof writable);
        spoil(held, name);
        int bare = syscall(SYS_open_tree, held, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
        if (bare >= 0) spoil(bare, name);
        int all = syscall(SYS_open_tree, held, "", AT_EMPTY_PATH | AT_RECURSIVE | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
        syscall(SYS_mount_setattr, all, "", AT_EMPTY_PATH | AT_RECURSIVE, &writable, sizeof writable);
        if (all >= 0) spoil(all, name);
        *slash = '/';
        mount("none", words[index], 0, MS_REMOUNT | MS_BIND, 0);
        spoil(AT_FDCWD, words[index]);
        while (!umount2(words[index], MNT_DETACH)) printf("took off %s\n", words[index]);
        if (!mount("/proc/self/exe", words[index], 0, MS_BIND, 0)) umount2(words[index], MNT_DETACH);
        spoil(held, name);
        *slash = 0;
        umount2(directory, MNT_DETACH);
        spoil(held, name);
      }
      puts("tried");
      return 0;
    }
    """#

  /// Containers without some of what holds the covers, as far as they are allowed.
  private static let loose = [
    ("agent.conf", ["--without", "seccomp", "--without", "expect"]),
    ("agent.conf", ["--without", "landlock", "--without", "expect"]),
    ("agent.conf", ["--without", "capabilities", "--without", "expect"]),
    ("stages.conf", ["--without", "capabilities", "-v", ".:/work"]),
    ("stages.conf", ["--without", "seccomp", "--set", "userns.nested=no", "-v", ".:/work"]),
    ("stages.conf", ["--without", "userns", "-v", ".:/work"]),
  ]

  @Test("covers can't be unmounted from inside", arguments: Identity.all, loose)
  func noMountIsTakenOff(
    _ identity: Identity, _ it: (file: String, options: [String])
  ) throws {
    if it.options.contains("userns"), !identity.isRoot { return }
    try Sandbox.with(identity) { sandbox in
      let clone = try Clone(sandbox)
      try sandbox.write(Self.uncover, to: "uncover.c")
      try sandbox.prepare("gcc -static -o home/src/clone/Sources/uncover uncover.c")
      let inside = it.file == "agent.conf" ? clone.path : "/work"
      let targets = ["littlectr", it.file, "images/default"].map { "\(clone.path)/\($0)" }
      let before = targets.map(Clone.state)
      for how in ["here", "below"] {
        let command =
          ["\(inside)/Sources/uncover", how] + ["littlectr", it.file, "images/default"].map { "\(inside)/\($0)" }
        let words = [clone.path + "/littlectr", "run", "--conf", "\(clone.path)/\(it.file)"] + it.options + ["--"]
        let seen = try sandbox.execute(words + command, environment: ["HOME": clone.home], in: clone.path)
        #expect(seen.output == "tried\n" || seen.output == "none below\n", "\(seen)")
      }
      #expect(targets.map(Clone.state) == before)
    }
  }

  /// Landlock lets through what changes a mount, for one who has the capability.
  @Test("a run in which nothing but Landlock would keep a cover on is refused", arguments: Identity.all)
  func landlockAloneHoldsNoCover(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let clone = try Clone(sandbox)
      let options = ["--without", "seccomp", "--without", "capabilities", "--without", "expect"]
      let seen = try clone.run("agent.conf", in: clone.path, options, ["true"])
      seen.expectRefusal("bind (", why: "taking off what would cover", fix: "keep 'capabilities', 'seccomp'")
    }
  }

  /// A line that makes it read-only is told of where root inside could lift that.
  @Test(arguments: Identity.all) func whatRootCouldMakeWritableIsTold(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let clone = try Clone(sandbox)
      for (options, isTold) in [([], false), (["--without", "seccomp", "--without", "capabilities"], true)] {
        let words = [clone.path + "/littlectr", "run", "--conf", "\(clone.path)/stages.conf"]
        let seen = try sandbox.execute(
          words + options + ["-v", "\(clone.path):/h:ro", "--", "cat", "/h/images/other/file"],
          environment: ["HOME": clone.home], in: clone.home)
        #expect(seen.output == "theirs\n", "\(seen)")
        #expect(seen.error.contains("root inside could make /h writable, and change ") == isTold, "\(seen)")
      }
    }
  }

  @Test(arguments: Identity.all) func whatAHookRunsIsCoveredWithAllThatItNames(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let clone = try Clone(sandbox)
      let sources = clone.path + "/Sources"
      try sandbox.prepare(
        """
        cd '\(sources)'; ln -s "$(command -v sh)" interpreter; printf '#!\(sources)/interpreter\\n' >h; chmod 755 h; echo : >script
        """)
      let hooks = ["hook phase=after run=\(sources)/h", "hook phase=before-clone run=sh args=script"]
      let options = hooks.flatMap { ["--with", $0] }
      let tried = ["h", "interpreter", "script"]
      let before = tried.map { Clone.state("\(sources)/\($0)") }
      let script =
        "cd /work; for f in \(tried.joined(separator: " ")); do echo x >$f; rm -f $f; mv $f $f.gone; done; echo tried"
      let seen = try clone.run("stages.conf", in: sources, options, ["sh", "-c", script])
      #expect(seen.output == "tried\n", "\(seen)")
      #expect(tried.map { Clone.state("\(sources)/\($0)") } == before)
    }
  }

  /// A file of settings that another run would take by its name.
  @Test(arguments: Identity.all) func aFileBesideTheProgramWithTwoNamesIsRefused(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let clone = try Clone(sandbox)
      try sandbox.prepare("ln home/src/clone/hardened.conf home/src/clone/Sources/other")
      try clone.run("agent.conf", in: clone.path, [], ["true"]).expectRefusal(
        "bind (", why: "hardened.conf, which lies where a run looks, has 2 names", fix: "cp -p")
    }
  }

  /// Where it begins is covered too, and so is the link by which the program was started.
  @Test("what a later run reads can't be changed in the directory where the command begins", arguments: Identity.all)
  func nothingIsChangedFromWhereItBegins(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let clone = try Clone(sandbox)
      try sandbox.prepare("mkdir home/bin; ln -s ../src/clone/littlectr home/bin/littlectr")
      let link = clone.home + "/bin/littlectr"
      let tried = ["agent.conf", "hardened.conf", "images/other/file"].map { "\(clone.path)/\($0)" } + [link]
      let before = tried.map(Clone.state)
      for (place, script) in [
        (clone.path, "echo x >>agent.conf; echo x >new.conf; rm -f hardened.conf; echo x >images/other/file"),
        (clone.home, "rm -f bin/littlectr; ln -sfn /bin/true bin/littlectr; mv bin bin2; mv src src2"),
      ] {
        for file in ["agent", "hardened"] {
          let words = [link, "run", "--conf", file, "--", "sh", "-c", "exec 2>/dev/null; \(script); echo tried"]
          let seen = try sandbox.execute(words, environment: ["HOME": clone.home], in: place)
          #expect(seen.output == "tried\n", "\(seen)")
        }
      }
      #expect(tried.map(Clone.state) == before)
      #expect(Clone.state(clone.path + "/new.conf") == "nothing")
    }
  }

  /// In a root that is written to without a layer, too, where nobody inside can take a cover off.
  @Test(arguments: Identity.all) func whatLiesInTheRootIsCovered(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let clone = try Clone(sandbox)
      try sandbox.prepare("cp -a root/. home/")
      let options = ["--root", clone.home, "--without", "overlay", "--without", "dev", "--without", "etc"]
      let script =
        "exec 2>/dev/null; cd /src/clone; echo x >>stages.conf; rm -f stages.conf; mv /src /s; touch /made; echo tried"
      let before = Clone.state(clone.path + "/stages.conf")
      let words = [clone.path + "/littlectr", "run"] + options + ["--", "sh", "-c", script]
      let seen = try sandbox.execute(words, environment: ["HOME": clone.home], in: clone.home)
      #expect(seen.output == "tried\n", "\(seen)")
      #expect(Clone.state(clone.path + "/stages.conf") == before)
      #expect(Clone.state(clone.home + "/made") != "nothing")
    }
  }
}
