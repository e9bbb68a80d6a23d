internal import Kernel
internal import SystemPackage

/// Finds out whether somebody in the container waits for what is typed at its terminal, whom the kernel doesn't stop for
/// it: who asks by poll(2) first whether there is something, and who has left the terminal's session, as su -c does. It is
/// looked for only once something has been typed.
struct TerminalReaders {
  /// The container's terminal.
  let terminal: FileStatus
  /// The container's first process.
  let child: Int32
  /// How many threads are looked at before it is given up.
  private static let limit = 4096

  init?(_ terminal: FileDescriptor, _ child: Int32) {
    guard let status = try? Syscall.status(of: terminal) else { return nil }
    (self.terminal, self.child) = (status, child)
  }

  /// Whether there is one. Where that can't be told, there might be.
  ///
  /// A throw-away child looks, which ends after a second: who is looked at can make every look at its memory wait.
  ///
  /// - Parameter onlyTheirs: whether it is certain that somebody waits, and for nothing else.
  func areThere(onlyTheirs: Bool = false) -> Bool {
    do throws(Errno) {
      try Syscall.inThrowawayChild { () throws(Errno) in
        try Syscall.setBlocked(SignalSet())
        Syscall.endSoon()
        if !find(onlyTheirs) { throw .noSuchProcess }
      }
      return true
    } catch { return !onlyTheirs && error != .noSuchProcess }
  }

  private func find(_ onlyTheirs: Bool) -> Bool {
    var processes = [child]
    var seen = 0
    while let process = processes.popLast() {
      // Each thread may wait, and has the children that it has started.
      guard let threads = threads(of: process) else { return !onlyTheirs }
      for thread in threads {
        seen += 1
        guard seen < Self.limit, let children = children(of: thread) else { return !onlyTheirs }
        processes += children
        if process != child, waits(thread, onlyTheirs) { return true }
      }
    }
    return false
  }

  /// Its threads; none if it has ended meanwhile, nil if that can't be told.
  private func threads(of process: Int32) -> [Int32]? {
    guard let directory = try? Syscall.open(FilePath("/proc/\(process)/task"), [.read, .directory]) else {
      return hasEnded(process) ? [] : nil
    }
    defer { try? Syscall.close(directory) }
    guard let names = try? Syscall.names(in: directory) else { return hasEnded(process) ? [] : nil }
    return names.compactMap { String(validating: $0, as: UTF8.self).flatMap { Int32($0) } }
  }

  /// The children that a thread has started.
  private func children(of thread: Int32) -> [Int32]? {
    guard let text = text("/proc/\(thread)/task/\(thread)/children") else { return hasEnded(thread) ? [] : nil }
    return text.words().compactMap { Int32($0) }
  }

  private func hasEnded(_ process: Int32) -> Bool { (try? Syscall.status(of: FilePath("/proc/\(process)"))) == nil }

  /// Whether a thread waits; /proc/TID is there for each, though it isn't listed.
  private func waits(_ process: Int32, _ onlyTheirs: Bool) -> Bool {
    if !onlyTheirs, isPatient(process) { return true }
    guard let text = text("/proc/\(process)/syscall") else {
      return !onlyTheirs && isTerminal(0, of: process) ?? true
    }
    guard let call = WaitingCall(text) else { return false }
    switch call.kind {
    case .read: return isTerminal(call.arguments.0, of: process) == true
    case .poll:
      // Of each entry the descriptor comes first, then what is waited for.
      let entries = memory(of: process, at: call.arguments.0, count: Int(min(call.arguments.1, 512)) * 8)
      let files = stride(from: 0, to: entries.count - 7, by: 8).filter { entries[$0 + 4] & 1 != 0 }
      func isTheirs(_ index: Int) -> Bool {
        entries[index + 1...index + 3].allSatisfy { $0 == 0 } && isTerminal(UInt64(entries[index]), of: process) == true
      }
      return onlyTheirs ? !files.isEmpty && files.allSatisfy(isTheirs) : files.contains(where: isTheirs)
    case .select:
      let bits = memory(of: process, at: call.arguments.1, count: Int(min(call.arguments.0, 256) + 7) / 8)
      let files = (0..<min(call.arguments.0, UInt64(bits.count * 8))).filter {
        bits[Int($0 / 8)] & 1 << UInt8($0 % 8) != 0
      }
      func isTheirs(_ number: UInt64) -> Bool { isTerminal(number, of: process) == true }
      return onlyTheirs ? !files.isEmpty && files.allSatisfy(isTheirs) : files.contains(where: isTheirs)
    case .epoll where onlyTheirs: return false
    case .epoll:
      let lines = self.text("/proc/\(process)/fdinfo/\(call.arguments.0)")?.lines ?? []
      return lines.contains { line in
        let words = line.words()
        return words.count > 3 && line.begins(with: "tfd:") && (Int(words[3], radix: 16) ?? 0) & 1 != 0
          && UInt64(words[1]).map { isTerminal($0, of: process) } == true
      }
    }
  }

  /// Whether it has the terminal as standard input in such a way that its reads don't wait: it looks now and then.
  private func isPatient(_ process: Int32) -> Bool {
    guard let lines = text("/proc/\(process)/fdinfo/0")?.lines,
      let flags = lines.lazy.map({ $0.words() }).first(where: { $0.first == "flags:" })?.last
    else { return false }
    return (Int32(flags, radix: 8) ?? 0) & OpenFlags.nonBlocking.rawValue != 0 && isTerminal(0, of: process) == true
  }

  /// Whether a descriptor is the terminal; nil if that may not be known.
  private func isTerminal(_ number: UInt64, of process: Int32) -> Bool? {
    do throws(Errno) {
      let found = try Syscall.knownStatus(of: FilePath("/proc/\(process)/fd/\(number)"))
      // /dev/tty stands for the controlling terminal.
      return found.device == terminal.device && found.inode == terminal.inode || found.special == 5 << 8
    } catch { return error == .permissionDenied || error == .notPermitted ? nil : false }
  }

  private func memory(of process: Int32, at place: UInt64, count: Int) -> [UInt8] {
    guard count > 0, let file = try? Syscall.open(FilePath("/proc/\(process)/mem"), .read) else { return [] }
    defer { try? Syscall.close(file) }
    return (try? Syscall.read(file, at: place, limit: count)) ?? []
  }

  private func text(_ path: String) -> String? {
    guard let file = try? Syscall.open(FilePath(path), .read) else { return nil }
    defer { try? Syscall.close(file) }
    guard let bytes = try? Syscall.readOnce(file, limit: 16 << 10) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }
}
