internal import Kernel
internal import SystemPackage

extension Step {
  /// Makes the child, in all namespaces at once but for that of the clocks, which must be set before a process is in it.
  /// It returns in both: `child` is 0 in the child itself.
  ///
  /// - Parameter isChecked: whether it is looked at whether the child is another process. Fails with `.protocolError` if it isn't:
  ///   a filter may answer for the kernel, and 0 means to be the child.
  static func clone(_ all: Namespaces, _ child: ChildID, isChecked: Bool = false) -> Step {
    let namespaces = all.subtracting(.time)
    let call = "clone3({flags=\(namespaces.flags), exit_signal=SIGCHLD, stack=NULL, stack_size=0}, 88) = \(child)"
    let making = Step(isChecked ? "getpid()\n\(call)\ngetpid()" : call) { () throws(Errno) in
      let own = isChecked ? Syscall.processID : 0
      let number = try Syscall.clone(namespaces.rawValue)
      // Process 1 of another container may have a child that is process 1.
      if isChecked, number == 0, own != 1, Syscall.processID == own { throw .protocolError }
      child.fill(number)
    }
    let step = isChecked ? making.headline(call) : making
    // Where a filter says of every call that it has made a child, none is made to try.
    return step.explained(namespaces).inspect { errno in
      errno == .protocolError ? [] : CloneAdvice.detail(lacking(of: namespaces))
    }
  }

  /// Tries one kind of namespace after another, in a child that ends at once, to know which can't be had.
  private static func lacking(of all: Namespaces) -> Namespaces {
    func canBeHad(_ namespaces: Namespaces) -> Bool {
      guard let child = try? Syscall.clone(namespaces.rawValue) else { return false }
      if child == 0 { Syscall.exit(0) }
      _ = try? Syscall.wait(for: child, waiting: true)
      return true
    }
    let user = all.intersection(.user)
    // Without a user namespace of its own, a child couldn't try the others.
    if !user.isEmpty, !canBeHad(user) { return user }
    return Namespaces.kinds.reduce(into: []) { lacking, kind in
      if all.subtracting(user).contains(kind.namespace), !canBeHad(kind.namespace.union(user)) {
        lacking.formUnion(kind.namespace)
      }
    }
  }

  /// Leaves namespaces for new ones: unshare(2).
  public static func unshare(_ namespaces: Namespaces) -> Step {
    Step("unshare(\(namespaces.flags))") { () throws(Errno) in try Syscall.unshare(namespaces.rawValue) }
      .explained(namespaces)
  }

  /// Joins the time namespace that the process has made for its children: setns(2).
  public static var joinChildrensTime: Step {
    Step(
      """
      openat(AT_FDCWD, "/proc/self/ns/time_for_children", O_RDONLY|O_CLOEXEC) = <time>
      setns(<time>, \(Namespaces.time.flags))
      close(<time>)
      """
    ) { () throws(Errno) in
      let time = try Syscall.open("/proc/self/ns/time_for_children", .read)
      defer { try? Syscall.close(time) }
      try Syscall.join(time, Namespaces.time.rawValue)
    }.headline("setns(<time>, \(Namespaces.time.flags))")
  }

  private func explained(_ namespaces: Namespaces) -> Step {
    var step = self
    for errno in [Errno.notPermitted, .noSpace, .tooManyUsers, .invalidArgument] {
      step = step.advice(errno) { CloneAdvice.cause(of: errno, namespaces, $0) }
    }
    return step
  }
}
