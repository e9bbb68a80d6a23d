internal import Kernel
internal import SystemPackage

extension Step {
  /// Gives what is held to a user; its group stays: fchown(2).
  public static func setOwner(_ user: UInt32, of file: Handle) -> Step {
    Step("fchown(\(file), \(user), -1)") { () throws(Errno) in try Syscall.setOwner(user, of: file.descriptor) }
  }

  /// Gives a pipe that is open to a user; who had it keeps it by its group: fchmod(2), fchown(2).
  public static func givePipe(_ number: Int32, to user: UInt32) -> Step {
    Step("fchmod(\(number), 0660)\nfchown(\(number), \(user), -1)") { () throws(Errno) in
      try Syscall.setMode(0o660, of: FileDescriptor(rawValue: number))
      try Syscall.setOwner(user, of: FileDescriptor(rawValue: number))
    }.headline("fchown(\(number), \(user), -1)")
  }

  /// Sets the real, effective and saved group id, and reads them back: setresgid(2), getresgid(2).
  public static func setGroupID(_ id: UInt32) -> Step {
    Step("setresgid(\(id), \(id), \(id))\ngetresgid([\(id)], [\(id)], [\(id)])") { () throws(Errno) in
      try Syscall.setGroupID(id)
      if try Syscall.groupIDs() != [id, id, id] { throw .notPermitted }
    }.headline("setresgid(\(id), \(id), \(id))")
  }

  /// Sets the real, effective and saved user id, and reads them back: setresuid(2), getresuid(2). Unless it is 0, all
  /// capabilities are gone with it, or with `keepCapabilities` used no longer.
  public static func setUserID(_ id: UInt32) -> Step {
    Step("setresuid(\(id), \(id), \(id))\ngetresuid([\(id)], [\(id)], [\(id)])") { () throws(Errno) in
      try Syscall.setUserID(id)
      if try Syscall.userIDs() != [id, id, id] { throw .notPermitted }
    }.headline("setresuid(\(id), \(id), \(id))")
  }

  /// Has this process end when littlectr does, which the kernel forgets when ids change: prctl(2), PR_SET_PDEATHSIG.
  public static func dieWithLittlectr(_ container: Container) -> Step {
    let childEnd = container.childEnd
    return Step(
      """
      prctl(PR_SET_PDEATHSIG, SIGKILL)
      recvfrom(\(childEnd), <nothing>, 1, MSG_PEEK|MSG_DONTWAIT, NULL, NULL)
      """
    ) { () throws(Errno) in
      try Syscall.dieWithParent()
      // It may have died while the signal was off.
      if !Syscall.isOpen(childEnd.descriptor) { Syscall.exit(125) }
    }.remark("the kernel has forgotten it with the change of ids; and be sure that littlectr still lives")
  }
}
