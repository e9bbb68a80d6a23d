internal import Kernel
public import SystemPackage

extension Step {
  /// Opens a new pseudo-terminal, which doesn't become the caller's own: openat2(2) below a root, else open(2). Reading and
  /// writing it won't wait.
  public static func openTerminal(_ path: FilePath, below root: Handle?, into ptmx: Handle) -> Step {
    let flags: OpenFlags = [.readWrite, .notControlling, .nonBlocking]
    guard let root else {
      return Step("openat(AT_FDCWD, \(quoted(path)), O_RDWR|O_NOCTTY|O_NONBLOCK|O_CLOEXEC) = \(ptmx)") {
        () throws(Errno) in
        ptmx.fill(try Syscall.open(path, flags))
      }
    }
    return Step(
      """
      openat2(\(root), \(quoted(path)), {flags=O_RDWR|O_NOCTTY|O_NONBLOCK|O_CLOEXEC, \
      resolve=RESOLVE_NO_MAGICLINKS|RESOLVE_NO_SYMLINKS|RESOLVE_IN_ROOT}, 24) = \(ptmx)
      """
    ) { () throws(Errno) in
      ptmx.fill(try Syscall.open(path, flags, below: root.descriptor, [.inRoot, .noMagicLinks, .noSymlinks]))
    }.decided(by: .place)
  }

  /// Opens the command's side of a pseudo-terminal, without a path: ioctl_tty(2), TIOCSPTLCK and TIOCGPTPEER.
  ///
  /// - Parameter reading: whether it can be read too, and not only be printed to: who may do less than root doesn't get it
  ///   by its name either, fchmod(2).
  public static func openPeer(of ptmx: Handle, into terminal: Handle, reading: Bool = true) -> Step {
    Step(
      "ioctl(\(ptmx), TIOCSPTLCK, [0])\nioctl(\(ptmx), TIOCGPTPEER, \(reading ? "0x80102" : "0x80101")) = \(terminal)"
        + (reading ? "" : "\nfchmod(\(terminal), 0200)")
    ) {
      () throws(Errno) in
      try Syscall.unlockTerminal(ptmx.descriptor)
      terminal.fill(try Syscall.openPeer(ptmx.descriptor, reading: reading))
      if !reading { try Syscall.setMode(0o200, of: terminal.descriptor) }
    }.headline("ioctl(\(ptmx), TIOCGPTPEER, \(reading ? "O_RDWR" : "O_WRONLY")|O_NOCTTY|O_CLOEXEC)")
  }

  /// Makes a pseudo-terminal the controlling one of the caller's session, with the caller in its foreground:
  /// ioctl_tty(2), TIOCSCTTY.
  static func control(_ terminal: Handle) -> Step {
    Step("ioctl(\(terminal), TIOCSCTTY, 0)") { () throws(Errno) in try Syscall.control(terminal.descriptor) }
  }

  /// Sets a terminal's size, in characters: ioctl_tty(2), TIOCSWINSZ.
  public static func setSize(of ptmx: Handle, rows: UInt16, columns: UInt16) -> Step {
    Step("ioctl(\(ptmx), TIOCSWINSZ, {ws_row=\(rows), ws_col=\(columns), ws_xpixel=0, ws_ypixel=0})") {
      () throws(Errno) in
      try Syscall.setSize(TerminalSize(rows: rows, columns: columns), of: ptmx.descriptor)
    }
  }

  /// Looks at a terminal's modes and size, and whether they are its own: ioctl_tty(2), TCGETS, TIOCGWINSZ and TIOCGPGRP.
  public static func look(at outer: OuterTerminal) -> Step {
    let number = outer.descriptor
    return Step(
      """
      ioctl(\(number), TCGETS, <modes>)
      ioctl(\(number), TIOCGWINSZ, <size>)
      ioctl(\(number), TIOCGPGRP, <group>)
      getpgid(0)
      """
    ) { () throws(Errno) in
      try outer.look()
    }.headline("ioctl(\(number), TCGETS, <modes>)")
  }

  /// Gives a new terminal the modes and the size of the one that was looked at: ioctl_tty(2), TCSETS and TIOCSWINSZ.
  public static func copy(_ outer: OuterTerminal, to ptmx: Handle) -> Step {
    Step("ioctl(\(ptmx), TCSETS, <modes>)\nioctl(\(ptmx), TIOCSWINSZ, <size>)") { () throws(Errno) in
      try outer.copy(to: ptmx.descriptor)
    }.headline("ioctl(\(ptmx), TCSETS, <modes>)")
  }

  /// Gives the parent both sides of the container's terminal, for it to relay: unix(7), SCM_RIGHTS.
  public static func give(_ pty: PseudoTerminal, toParentOf container: Container) -> Step {
    let (socket, ptmx, terminal) = (container.childEnd, pty.ptmx, pty.terminal)
    return Step(
      """
      sendmsg(\(socket), {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="\\4", iov_len=1}], msg_iovlen=1, \
      msg_control=[{cmsg_len=24, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[\(ptmx), \(terminal)]}], \
      msg_controllen=24, msg_flags=0}, MSG_NOSIGNAL)
      """
    ) { () throws(Errno) in
      try Syscall.send(Report.terminal, with: (ptmx.descriptor, terminal.descriptor), to: socket.descriptor)
    }.headline("sendmsg(\(socket), …)")
  }
}
