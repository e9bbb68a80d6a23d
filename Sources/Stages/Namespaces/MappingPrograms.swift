internal import Pipeline

/// newuidmap(1) and newgidmap(1), which alone may map subordinate ids for an ordinary user, and what they insist on.
enum MappingPrograms {
  static let noProgram = Advice(
    why: "{program} isn't in PATH; only it may map subordinate ids for you",
    fix: "apt install uidmap; or write map=root")
  static let noNewPrivileges = Advice(
    why: "{program} can't become root, since littlectr was started with no_new_privs",
    fix: """
      start it without that: setpriv --no-new-privs, systemd's NoNewPrivileges=, Docker's no-new-privileges set it; or \
      write map=root
      """)
  static let noSetUserID = Advice(
    why: "{program} can't become root, since it lies on a mount with nosuid",
    fix: "as root: mount -o remount,suid … that mount; or write map=root")
  static let noBit = Advice(
    why: "{program} has neither root's set-user-ID bit nor a file capability, without which it may map nothing",
    fix: "as root: chown root {program} && chmod u+s {program}; or write map=root")
  static let notRoots = Advice(
    why: "{program} doesn't belong to root, or to nobody of the user namespace that littlectr was started in",
    fix:
      "start it outside of other containers, or as root: chown root {program} && chmod u+s {program}; or write map=root"
  )
  static let noAccount = Advice(
    why: "user {user} has no line in /etc/passwd, and newuidmap maps ids only for a user with a name",
    fix: "run littlectr as a user that has one; or write map=root")
  static let otherGroup = Advice(
    why: "your group is {group}, not {primary} as /etc/passwd has it, and newuidmap maps nothing then",
    fix: "leave newgrp or sg, or run: newgrp {primary}; or write map=root")

  /// The refusals, for the manual.
  static let diagnostics = [noProgram, noNewPrivileges, noSetUserID, noBit, notRoots, noAccount, otherGroup]

  /// The paths of both.
  static func find(_ host: Host) throws(Failure) -> (users: FilePath, groups: FilePath) {
    func find(_ name: String) throws(Failure) -> FilePath {
      guard let path = host.find(program: name, where: { isSystems($0, host) }) else {
        throw SubordinateIDs.lacking(noProgram, ["program": name])
      }
      return path
    }
    return (try find("newuidmap"), try find("newgidmap"))
  }

  /// Whether a program is root's, or of an id that the user namespace around littlectr has no name for. What ran in a
  /// container of the caller's could have put others there, as the caller or with one of its subordinate ids.
  private static func isSystems(_ path: FilePath, _ host: Host) -> Bool {
    [(try? host.here(path))?.found, host.status(of: path), host.status(of: path.parent)].allSatisfy {
      $0.map { $0.userID == 0 || $0.userID == 65534 } ?? true
    }
  }

  /// The caller's line of /etc/passwd; nil if another source of names may have one.
  static func account(_ host: Host) throws(Failure) -> Accounts.Entry? {
    let accounts = Accounts(users: (try? host.contents(of: "/etc/passwd")) ?? [], groups: [])
    if let account = accounts.user(.number(host.userID)) { return account }
    if mayBeElsewhere(host) { return nil }
    throw SubordinateIDs.lacking(noAccount, ["user": String(host.userID)])
  }

  /// Looks for all that would have them refuse.
  static func check(_ account: Accounts.Entry?, _ host: Host) throws(Failure) {
    let programs = try find(host)
    for program in [programs.users, programs.groups] {
      let advice: Advice? =
        switch host.obstacle(program) {
        case .caller: noNewPrivileges
        case .mount: noSetUserID
        case .file: noBit
        case .owner: notRoots
        case nil: nil
        }
      if let advice { throw SubordinateIDs.lacking(advice, ["program": program.text]) }
    }
    if let account, account.group != host.groupID {
      throw SubordinateIDs.lacking(
        otherGroup, ["group": String(host.groupID), "primary": String(account.group)])
    }
  }

  /// Whether users are looked up in more than /etc/passwd: nsswitch.conf(5).
  private static func mayBeElsewhere(_ host: Host) -> Bool {
    for line in (host.text(of: "/etc/nsswitch.conf") ?? "").lines {
      let words = line.words().flatMap { $0.words("\t") }.flatMap { $0.words(":") }
      if words.first == "passwd" {
        return words.dropFirst().contains { !["files", "compat", "systemd"].contains($0) && !$0.begins(with: "[") }
          || words.contains("systemd") && host.status(of: "/run/systemd/userdb/io.systemd.Home") != nil
      }
    }
    return false
  }
}
