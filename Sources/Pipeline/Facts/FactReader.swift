internal import Kernel
internal import Synchronization
internal import SystemPackage

/// Who reads back from the kernel what a process has become. It opens what it needs while the host's /proc is still there,
/// and before anything keeps it from opening files.
public final class FactReader: Sendable {
  static let files = ["status", "uid_map", "gid_map", "net/dev"]
  let opened = FactReader.files.map { Handle($0) }
  let namespaces = Handle("ns")
  let descriptors = Handle("fd")
  let mounts = Handle("mountinfo")
  /// The namespaces of littlectr itself, in the order of `Namespaces.kinds`.
  private let outer = Mutex<[[UInt8]]>([])
  private let found = Mutex<Facts>(Facts())

  /// Whether to find out if Landlock rules the process, which needs a child.
  public enum Asking: Sendable {
    /// No.
    case no
    /// If there is a way.
    case wanted
    /// Yes: without a way the step fails.
    case needed
  }

  /// A reader that has read nothing yet.
  public init() {}

  /// Remembers in which namespaces littlectr is: namespaces(7).
  public var rememberNamespaces: Step {
    Step(
      Namespaces.kinds.map { "readlinkat(AT_FDCWD, \"/proc/self/ns/\($0.name)\", <text>, 4096)" }
        .joined(separator: "\n")
    ) { () throws(Errno) in
      var names: [[UInt8]] = []
      for kind in Namespaces.kinds {
        names.append(try Syscall.readLink(FilePath("/proc/self/ns/" + kind.name)))
      }
      let all = names
      self.outer.withLock { $0 = all }
    }.headline("readlinkat(AT_FDCWD, \"/proc/self/ns/…\", …)")
  }

  /// Opens what is read later: proc(5).
  public var open: [Step] {
    zip(Self.files, opened).map { Self.open("/proc/self/" + $0, [], "", into: $1) } + [
      Self.open("/proc/self/ns", [.path, .directory], "|O_PATH|O_DIRECTORY", into: namespaces),
      Self.open("/proc/self/fd", .directory, "|O_DIRECTORY", into: descriptors),
    ]
  }

  private static func open(_ path: String, _ flags: OpenFlags, _ words: String, into handle: Handle) -> Step {
    Step("openat(AT_FDCWD, \"\(path)\", O_RDONLY|O_CLOEXEC\(words)) = \(handle)") { () throws(Errno) in
      handle.fill(try Syscall.open(FilePath(path), flags))
    }.advice(.noSuchFileOrDirectory) { evidence in
      evidence.host.status(of: "/proc/self") == nil ? PlatformAdvice.noProc : nil
    }
  }

  /// Opens the table of mounts: proc(5). mountinfo lists only mounts below the opener's root, so the process enters the
  /// container's root for this one open: chroot(2).
  public func openMounts(seenFrom root: Handle?) -> Step {
    let mounts = mounts
    guard let root else { return Self.open("/proc/self/mountinfo", [], "", into: mounts) }
    return Step(
      """
      openat(AT_FDCWD, "/", O_RDONLY|O_CLOEXEC|O_PATH|O_DIRECTORY) = <host-root>
      openat(AT_FDCWD, "/proc/self", O_RDONLY|O_CLOEXEC|O_PATH|O_DIRECTORY) = <self>
      fchdir(\(root))
      chroot(".")
      openat(<self>, "mountinfo", O_RDONLY|O_CLOEXEC) = \(mounts)
      fchdir(<host-root>)
      chroot(".")
      close(<self>)
      close(<host-root>)
      """
    ) { () throws(Errno) in
      let host = try Syscall.open("/", [.path, .directory])
      defer { try? Syscall.close(host) }
      let own = try Syscall.open("/proc/self", [.path, .directory])
      defer { try? Syscall.close(own) }
      try Syscall.changeDirectory(root.descriptor)
      try Syscall.chroot(".")
      mounts.fill(try Syscall.open("mountinfo", .read, from: own))
      try Syscall.changeDirectory(host)
      try Syscall.chroot(".")
    }.headline("openat(<self>, \"mountinfo\", O_RDONLY|O_CLOEXEC)")
      .remark("the mounts as they are seen from the container's root")
  }

  /// Reads everything, and compares it with what is expected: proc(5).
  ///
  /// Fails with `.protocolError` when something differs: the evidence's detail says what, in words.
  ///
  /// - Parameters:
  ///   - expected: what must be so.
  ///   - landlock: whether Landlock is asked about.
  public func read(expecting expected: [Facts.Fact], of container: Container, landlock: Asking) -> Step {
    let (devices, notes, mark) = (container.devices, container.ledger.all, container.filter?.mark)
    return Step(self.calls(landlock, mark)) { () throws(Errno) in
      let facts = try self.gather(devices, notes, landlock, mark)
      self.found.withLock { $0 = facts }
      if !facts.differences(from: expected).isEmpty { throw .protocolError }
    }.headline("read(\(self.opened[0]), …)").inspect { _ in
      Array(self.found.withLock { $0 }.differences(from: expected).utf8)
    }
  }

  /// Writes what was read as JSON: write(2). Where nobody reads it any more that fails, instead of ending the process.
  ///
  /// - Parameter isWhole: whether the file is emptied where not all of it can be written.
  public func write(to file: String, isWhole: Bool = false, _ descriptor: @escaping @Sendable () -> Int32) -> Step {
    Step("rt_sigprocmask(SIG_BLOCK, <mask>, <mask>, 8)\nwrite(\(file), <text>, <count>)") { () throws(Errno) in
      _ = try Syscall.block(SignalSet(bits: 1 << UInt64(Signal.brokenPipe.number - 1)))
      let text = self.found.withLock { $0 }.json.text() + "\n"
      let opened = FileDescriptor(rawValue: descriptor())
      do throws(Errno) { try Syscall.write(Array(text.utf8), to: opened) } catch {
        if isWhole { try? Syscall.truncate(opened) }
        throw error
      }
    }.headline("write(\(file), …)")
  }

  private func calls(_ landlock: Asking, _ mark: FilterMark?) -> String {
    var calls = (opened + [mounts]).map { "read(\($0), <text>, 4096)" }
    if let mark { calls.insert(mark.text, at: 1) }
    calls += Namespaces.kinds.map { "readlinkat(\(namespaces), \"\($0.name)\", <text>, 4096)" }
    calls += ["getdents64(\(descriptors), <entries>, 32768)", "fcntl(<each>, F_GETFD)"]
    if landlock != .no {
      calls += ["clone(child_stack=NULL, flags=SIGCHLD) = <probe>", "wait4(<probe>, <ended>, 0, NULL) = <probe>"]
    }
    return calls.joined(separator: "\n")
  }

  private func gather(
    _ devices: [String], _ notes: [MountNote], _ landlock: Asking, _ mark: FilterMark?
  ) throws(Errno) -> Facts {
    var facts = Facts()
    facts.take(status: try contents(opened[0]), isOwnFilter: mark?.isAnswered ?? false)
    facts.take(map: try contents(opened[1]), as: "uids")
    facts.take(map: try contents(opened[2]), as: "gids")
    facts.take(devices: try contents(opened[3]))
    facts.take(mounts: try contents(mounts), devices: devices, notes: notes)
    let outer = self.outer.withLock { $0 }
    var own: [String] = []
    for (index, kind) in Namespaces.kinds.enumerated() {
      let name = try Syscall.readLink(FilePath(kind.name), from: namespaces.descriptor)
      if !outer.indices.contains(index) || outer[index] != name { own.append(kind.word) }
    }
    facts.add("namespaces", own)
    facts.add("network", [own.contains("net") ? "own" : "host"])
    var inherited: [String] = []
    for name in try Syscall.names(in: descriptors.descriptor) {
      guard let name = String(validating: name, as: UTF8.self), let number = Int32(name) else { continue }
      if try Syscall.descriptorFlags(FileDescriptor(rawValue: number)) & 1 == 0 { inherited.append(name) }
    }
    facts.add("descriptors", inherited)
    do throws(Errno) {
      if landlock == .no { return facts }
      let layers = try Syscall.landlockLayers()
      facts.add("layers", [String(layers)])
      facts.add("landlock", [layers > 0 ? "yes" : "no"])
    } catch {
      if landlock == .needed || error != .noFunction && error != .notSupported { throw error }
    }
    return facts
  }

  private func contents(_ handle: Handle) throws(Errno) -> [UInt8] {
    try Syscall.read(handle.descriptor, limit: Host.largestFile)
  }
}

extension Namespaces.Kind {
  /// The word for it in a configuration: its file's name, but for `mnt`, which is `mount`.
  public var word: String { name == "mnt" ? "mount" : name }
}
