import Testing

@testable import Command
@testable import Pipeline
@testable import Stages

/// What a user is told when a step of a stage fails, on machines that exist only in the test.
struct StageDiagnosisTests {
  private func plan(_ text: String, _ machine: FakeHost) throws -> Plan {
    let host = machine.host
    let file = ConfigurationFile(name: "stages.conf", bytes: Array(text.utf8))
    let configuration = try Configuration(file, catalog: StageCatalog(builtin), host: host)
    return try Plan(configuration.entries, CommandOptions().container([Array("sh".utf8)], configuration, host))
  }

  /// The text for the first step that begins so.
  private func told(_ text: String, _ machine: FakeHost, _ beginning: String, _ errno: Errno, detail: [UInt8] = [])
    throws
    -> String
  {
    let plan = try plan(text, machine)
    let index = try #require(plan.items.firstIndex { $0.step.text.hasPrefix(beginning) })
    return Runner(plan).explain(Runner.StepFailure(step: index, errno: errno, detail: detail)).text
  }

  private let classic = "userns\nuts\npid\nmount\nchroot\nproc"
  private func machine(_ name: String = "user") throws -> FakeHost { try #require(FakeHost.named(name)) }

  @Test func whatCoversProcIsNamed() throws {
    var machine = try machine()
    machine.files["/proc/self/mountinfo"] = """
      22 1 8:1 / / rw - ext4 /dev/sda1 rw
      23 22 0:21 / /proc rw - proc proc rw
      24 23 0:30 / /proc/sys/fs/binfmt_misc rw - binfmt_misc none rw
      25 23 0:31 / /proc/acpi ro - tmpfs tmpfs ro
      """
    #expect(
      try told(classic, machine, "fsmount", .notPermitted) == """
        littlectr: proc (stages.conf:6): fsmount(<context>, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID|MOUNT_ATTR_NODEV|MOUNT_ATTR_NOEXEC) = <proc>: EPERM
          why  /proc/acpi is mounted over a part of your /proc, so the kernel refuses a new one
          fix  docker run --security-opt systempaths=unconfined …, or write: off proc
        """)
    machine.files["/proc/self/mountinfo"] = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\nnonsense\n"
    #expect(try !told(classic, machine, "fsmount", .notPermitted).contains("mounted over"), "nothing covers it")
  }

  @Test(arguments: [
    (
      Errno.noSuchFileOrDirectory, "the image has no directory /proc, and what is in an image is never changed",
      "switch overlay on, or make one: mkdir -p ./images/default/proc"
    ),
    (
      .notDirectory, "the image's /proc isn't a directory, or something on the way to it isn't",
      "name the path of a directory; or have the image bring an empty directory there"
    ),
    (
      .tooManySymbolicLinkLevels,
      "the image's /proc is a symbolic link, or lies below one, which could lead the mount astray",
      "replace ./images/default/proc by an empty directory"
    ),
  ])
  func whatTheImagesProcIsIsTold(errno: Errno, why: String, fix: String) throws {
    let text = try told(classic, try machine(), "openat2(<root>, \"proc\"", errno)
    #expect(text.hasSuffix("\(errno.name)\n  why  \(why)\n  fix  \(fix)"))
  }

  /// The first directory on the way whose owner or group isn't mapped is named, as links inside the root lead to it.
  @Test func aDirectoryOfAnotherIsNamed() throws {
    var machine = try machine("user with ranges")
    let text = "userns\nmount\nchroot\noverlay\nfile to=/a/b/motd text=x"
    let call = "openat(<directory>, \"motd\""
    machine.found["./images/default/a"] = Host.Found(mode: 0o040755, userID: 1000, groupID: 100_001)
    machine.found["./images/default/a/b"] = Host.Found(mode: 0o040755, userID: 33, groupID: 1000)
    machine.found["./images/default/c"] = Host.Found(mode: 0o040755, userID: 1000, groupID: 27)
    #expect(
      try told(text, machine, call, .permissionDenied).hasSuffix(
        """
        EACCES
          why  ./images/default/a/b belongs to user 33 and group 1000, and userns doesn't map that user: so nothing can be \
        made or replaced in it
          fix  take an image of your own, as ./setup makes one, or write as root: chown 1000:1000 ./images/default/a/b
        """))
    machine.links["./images/default/a/b"] = "../../x/../c"
    machine.add(directories: "./images/default/x")
    machine.found["./images/default/x"] = Host.Found(mode: 0o040755, userID: 1000, groupID: 1000)
    #expect(
      try told(text, machine, call, .overflow).contains(
        """
        EOVERFLOW
          why  the layer can't take a copy of ./images/default/c: it belongs to user 1000 and group 27, and userns doesn't \
        map that group
        """))
    machine.links["./images/default/a/b"] = "b"
    #expect(try !told(text, machine, call, .overflow).contains("can't take a copy"), "a circle")
    machine.links["./images/default/a/b"] = "/x"
    #expect(try !told(text, machine, call, .permissionDenied).contains("belongs to user"), "all of it is the user's")
    #expect(try !told(text, machine, call, .readOnlyFileSystem).contains("belongs to user"))
  }

  @Test func theDirectoryThatCanNotBeEnteredIsNamed() throws {
    var machine = try machine()
    machine.found["/srv/a"] = Host.Found(mode: 0o040700, userID: 33)
    machine.closed = ["/srv/a"]
    let text = try told("userns map=root\nmount\nchroot root=/srv/a/b/c", machine, "open_tree", .permissionDenied)
    #expect(text.contains("\n  why  /srv/a belongs to user 33 and has mode 700: you, as user 1000, can't enter it\n"))
    #expect(text.contains("setfacl -m u:1000:x /srv/a"))
  }

  struct Blocked: Sendable {
    let mode: UInt32
    let owner: UInt32
    let group: UInt32
    /// The caller's supplementary groups; empty for a caller who can't enter it either.
    let groups: String
    let why: String
    let fix: String
  }

  /// A directory is opened to nobody else, whatever keeps one out of it.
  @Test(
    arguments: [
      Blocked(
        mode: 0o040750, owner: 33, group: 27, groups: "27",
        why: "you enter /srv/a only as a member of group 27, and", fix: "groups=keep"),
      Blocked(
        mode: 0o040750, owner: 33, group: 27, groups: "50",
        why: "you enter /srv/a only as a member of a group that its access list names", fix: "groups=keep"),
      Blocked(
        mode: 0o040600, owner: 1000, group: 1000, groups: "", why: "/srv/a is yours, but has mode 600",
        fix: "chmod u+x /srv/a"),
      Blocked(
        mode: 0o040700, owner: 33, group: 33, groups: "", why: "/srv/a belongs to user 33 and has mode 700",
        fix: "setfacl -m u:1000:x /srv/a"),
    ])
  func whyADirectoryCanNotBeEnteredIsLookedFor(_ it: Blocked) throws {
    var machine = try machine("user with ranges")
    machine.found["/srv/a"] = Host.Found(mode: it.mode, userID: it.owner, groupID: it.group)
    machine.files["/srv/a/b"] = ""
    machine.links["/srv/link"] = "a"
    machine.files["/proc/self/status"] = "Name:\tx\nGroups:\t\(it.groups) \n"
    if it.groups.isEmpty { machine.closed = ["/srv/a"] }
    for from in ["/srv/a/b", "/srv/link/b"] {
      let lines = "userns\nmount\nchroot\nbind from=\(from) to=/mnt"
      let text = try told(lines, machine, "open_tree(AT_FDCWD, \"\(from)\"", .permissionDenied)
      #expect(text.contains("\n  why  \(it.why)"), "\(text)")
      #expect(text.contains("\n  fix  ") && text.contains(it.fix) && !text.contains("o+x"), "\(text)")
    }
    // A layer isn't kept where somebody else could put another one.
    guard it.owner == machine.userID else { return }
    let upper = try told(
      "userns\nmount\nchroot\noverlay upper=/srv/a/upper", machine, "mkdirat(AT_FDCWD, \"/srv/a/upper",
      .permissionDenied)
    #expect(it.groups.isEmpty == upper.contains(it.why), "\(upper)")
  }

  /// Root outside may enter all; root of a user namespace only what belongs to ids that it maps.
  @Test func whatIsNotMappedIsTold() throws {
    var machine = try machine("root")
    machine.found["/srv/a"] = Host.Found(mode: 0o040700, userID: 33, groupID: 33)
    let lines = "userns map=root\nmount\nchroot\nbind from=/srv/a/b to=/mnt"
    let text = try told(lines, machine, "open_tree(AT_FDCWD, \"/srv/a/b\"", .permissionDenied)
    #expect(text.contains("why  /srv/a belongs to user 33 and group 33 and has mode 700, and userns doesn't map both"))
    #expect(text.contains("fix  write map=full at userns"))
  }

  @Test func whoMayNotBeginInADirectoryIsTold() throws {
    var machine = try machine("user with ranges")
    machine.add(directories: "./images/default/srv")
    machine.found["./images/default/srv/a"] = Host.Found(mode: 0o040700, userID: 100_004, groupID: 100_004)
    let lines = "userns\nmount\nchroot\nuser name=7:7\nworkdir path=/srv/a/b"
    let text = try told(lines, machine, "openat2(AT_FDCWD, \"/srv/a/b\"", .permissionDenied)
    #expect(
      text.contains("why  user 7 of the container may not enter /srv/a, which belongs to user 5 there and has mode 700")
    )
    #expect(!text.contains("chmod"))
  }

  @Test func aRootThatIsNoneIsTold() throws {
    let text = "userns map=root\nmount\nchroot root=/srv/gone"
    let gone = try told(text, try machine(), "open_tree", .noSuchFileOrDirectory)
    #expect(gone.hasSuffix("ENOENT\n  why  there is no /srv/gone\n  fix  write root= with a directory"))
    let file = try told(text, try machine(), "open_tree", .notDirectory)
    #expect(file.hasSuffix("ENOTDIR\n  why  /srv/gone isn't a directory\n  fix  write root= with a directory"))
  }

  @Test func theProgramThatRefusesIdsIsNamed() throws {
    let text = try told(classic, try machine("user with ranges"), "/usr/bin/newuidmap", .notPermitted, detail: [1])
    #expect(text.contains("; /usr/bin/newgidmap <child> 0 1000 1 1 100000 65536: EPERM\n"))
    #expect(text.contains("why  /usr/bin/newgidmap refused; what it says stands above"))
    #expect(text.contains("the ids yours in /etc/subgid\n"))
    #expect(text.contains("ls -l /usr/bin/newgidmap"))
  }

  @Test func withoutUserNamespaceOnlyRootMay() throws {
    let text = try told("uts", try machine(), "clone3", .notPermitted)
    #expect(text.contains("why  without a user namespace only root may make the others\n"))
    #expect(text.contains("fix  switch userns on, at the top of the file, or run as root"))
  }

  /// AppArmor lets the namespace be made, and refuses what is done with it.
  @Test(arguments: ["sethostname", "mount(NULL", "open_tree", "move_mount", "pivot_root", "fsmount", "setgroups"])
  func appArmorIsNamedForWhateverItRefuses(call: String) throws {
    var machine = try machine("user with ranges")
    machine.set(sysctl: "kernel.apparmor_restrict_unprivileged_userns", 1)
    let text = try told(classic, machine, call, .notPermitted)
    #expect(text.contains("kernel.apparmor_restrict_unprivileged_userns is 1\n"), "\(text)")
    machine.files["/proc/self/attr/current"] = "unconfined\n"
    #expect(try told(classic, machine, call, .notPermitted).contains("AppArmor"))
    machine.files["/proc/self/attr/current"] = "littlectr (unconfined)\n"
    #expect(try !told(classic, machine, call, .notPermitted).contains("AppArmor"), "it has the profile")
    machine.files["/proc/self/attr/current"] = nil
    machine.set(sysctl: "kernel.apparmor_restrict_unprivileged_userns", 0)
    #expect(try !told(classic, machine, call, .notPermitted).contains("AppArmor"))
  }

  /// Whatever fails with whatever, nothing is left to fill in.
  @Test(arguments: [
    "root", "root in a user namespace", "user", "user with ranges", "user whose images can't be entered",
  ])
  func everyNameIsFilled(host: String) throws {
    var machine = try machine(host)
    machine.set(sysctl: "kernel.apparmor_restrict_unprivileged_userns", 1)
    machine.set(sysctl: "user.max_user_namespaces", 0)
    machine.closed.insert("/srv")
    machine.files["/proc/self/mountinfo"] = "25 23 0:31 / /proc/acpi ro - tmpfs tmpfs ro\n"
    for text in [classic, "userns\nmount\nchroot root=/srv/x\nproc", "mount\nchroot method=chroot", "uts\nmount"] {
      let plan = try plan(text, machine)
      for index in plan.items.indices {
        for errno in (1..<134).map({ Errno(rawValue: $0) }) {
          let failure = Runner(plan).explain(Runner.StepFailure(step: index, errno: errno))
          for part in [failure.why, failure.fix].compactMap(\.self) where part.contains(/\{\w+\}/) || part.isEmpty {
            Issue.record("\(failure.text)")
          }
        }
      }
    }
  }
}
