internal import Kernel
internal import Synchronization
public import SystemPackage

/// A name that nobody has yet, chosen when the plan is run.
public final class UniqueName: Sendable, CustomStringConvertible {
  private let prefix: String
  private let number = Atomic<UInt64>(0)

  /// A name that begins with a word.
  public init(_ prefix: String) { self.prefix = prefix }

  fileprivate func choose() -> FilePath {
    number.store(.random(in: 1 ... .max), ordering: .relaxed)
    return name
  }

  /// Whether it could be one of these, chosen by whichever littlectr.
  fileprivate func resembles(_ other: FilePath) -> Bool { other.bytes.starts(with: (prefix + "-").utf8) }

  fileprivate var name: FilePath { FilePath("\(prefix)-\(String(number.load(ordering: .relaxed), radix: 36))") }

  /// `prefix-<unique>`.
  public var description: String { "\(prefix)-<unique>" }
}

extension Step {
  /// Opens a directory for reading, so that it can be locked: open(2).
  ///
  /// - Parameter followsLink: whether the last name may be a symbolic link; otherwise O_NOFOLLOW.
  public static func openForReading(_ path: FilePath, into directory: Handle, followsLink: Bool = true) -> Step {
    let flag = followsLink ? "" : "|O_NOFOLLOW"
    return Step("openat(AT_FDCWD, \(quoted(path)), O_RDONLY\(flag)|O_CLOEXEC|O_DIRECTORY) = \(directory)") {
      () throws(Errno) in
      directory.fill(try Syscall.open(path, followsLink ? [.read, .directory] : [.read, .directory, .noFollow]))
    }
  }

  /// Checks who can write a directory that is held: fstat(2). Fails with `.protocolError` when that isn't right.
  public static func check(_ directory: Handle, _ isRight: @escaping @Sendable (Host.Found) -> Bool) -> Step {
    Step("newfstatat(\(directory), \"\", <status>, AT_EMPTY_PATH)") { () throws(Errno) in
      guard isRight(Host.Found(try Syscall.status(of: directory.descriptor))) else { throw .protocolError }
    }
  }

  /// Locks an open directory until all that hold it have closed it: flock(2).
  public static func lock(_ directory: Handle) -> Step {
    Step("flock(\(directory), LOCK_EX|LOCK_NB)") { () throws(Errno) in try Syscall.lock(directory.descriptor) }
  }

  /// Says that an open directory is in use, until all that hold it have closed it: flock(2).
  public static func share(_ directory: Handle) -> Step {
    Step("flock(\(directory), LOCK_SH|LOCK_NB)") { () throws(Errno) in
      try Syscall.lock(directory.descriptor, shared: true)
    }
  }

  /// Checks that files in a directory can have attributes that users set: xattr(7).
  public static func checkUserAttributes(of directory: Handle) -> Step {
    Step(
      """
      fsetxattr(\(directory), "user.littlectr", "", 0, 0)
      fremovexattr(\(directory), "user.littlectr")
      """
    ) { () throws(Errno) in try Syscall.tryUserAttribute(of: directory.descriptor) }
    .headline("fsetxattr(\(directory), \"user.littlectr\", \"\", 0, 0)")
  }

  /// Makes a directory with a name that nobody has yet, opens and locks it: mkdir(2), open(2), flock(2). It is removed at the
  /// end if it is empty.
  public static func makeUniqueDirectory(_ name: UniqueName, below parent: Handle, into directory: Handle) -> Step {
    Step(
      """
      mkdirat(\(parent), "\(name)", 0700)
      openat(\(parent), "\(name)", O_RDONLY|O_CLOEXEC|O_DIRECTORY) = \(directory)
      flock(\(directory), LOCK_EX|LOCK_NB)
      """
    ) { () throws(Errno) in
      while true {
        let path = name.choose()
        try Syscall.makeDirectory(path, mode: 0o700, from: parent.descriptor)
        // Until it is locked, another littlectr may take it for one that was left, and remove it.
        do throws(Errno) {
          directory.fill(try Syscall.open(path, [.read, .directory], from: parent.descriptor))
          try Syscall.lock(directory.descriptor)
          _ = try Syscall.status(of: path, from: parent.descriptor)
          return
        } catch {
          try? Syscall.close(directory.descriptor)
          directory.empty()
          guard error == .noSuchFileOrDirectory || error == .resourceTemporarilyUnavailable else { throw error }
        }
      }
    }.headline("mkdirat(\(parent), \"\(name)\", 0700)").undo(
      Step("unlinkat(\(parent), \"\(name)\", AT_REMOVEDIR)") { () throws(Errno) in
        do throws(Errno) { try Syscall.removeDirectory(name.name, from: parent.descriptor) } catch {
          if error != .noSuchFileOrDirectory { throw error }
        }
      })
  }

  /// Opens a directory with a name that an earlier step has chosen: open(2).
  public static func openUnique(_ name: UniqueName, in parent: FilePath, into directory: Handle) -> Step {
    Step("openat(AT_FDCWD, \"\(parent)/\(name)\", O_RDONLY|O_NOFOLLOW|O_CLOEXEC|O_DIRECTORY) = \(directory)") {
      () throws(Errno) in
      directory.fill(try Syscall.open(FilePath("\(parent)/\(name.name)"), [.read, .directory, .noFollow]))
    }
  }

  /// Opens the child's user namespace, in which what the container has made is removed at the end, since only there its ids are
  /// known: user_namespaces(7).
  public static func removeAtEnd(
    _ name: UniqueName, below parent: Handle, asSeenBy child: ChildID, into namespace: Handle
  ) -> Step {
    Step("openat(AT_FDCWD, \"/proc/\(child)/ns/user\", O_RDONLY|O_CLOEXEC) = \(namespace)") { () throws(Errno) in
      namespace.fill(try Syscall.open(FilePath("/proc/\(child.processID)/ns/user"), .read))
    }.undo(.close(namespace)).undo(
      Step("setns(\(namespace), 0); rm -r <\(name)>") { () throws(Errno) in
        try Syscall.inThrowawayChild { () throws(Errno) in
          try Syscall.join(namespace.descriptor)
          try Syscall.removeTree(name.name, from: parent.descriptor)
        }
      })
  }

  /// Removes the directories of that prefix that nobody has locked any more, since a littlectr was killed before it could:
  /// flock(2), unlinkat(2). What belongs to ids that the caller doesn't have stays for a caller who has them.
  public static func removeAbandoned(_ name: UniqueName, below parent: Handle) -> Step {
    Step("getdents64(\(parent), <entries>, 32768); rm -r <those that nobody has locked>") { () throws(Errno) in
      for entry in try Syscall.entries(of: parent.descriptor) where name.resembles(entry) {
        guard let directory = try? Syscall.open(entry, [.read, .directory, .noFollow], from: parent.descriptor) else {
          continue
        }
        defer { try? Syscall.close(directory) }
        if (try? Syscall.lock(directory)) != nil { try? Syscall.removeTree(entry, from: parent.descriptor) }
      }
    }
  }
}
