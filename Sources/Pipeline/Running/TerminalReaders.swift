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

  init?(_ terminal: FileDescriptor, _ child: Int32) {
    guard let status = try? Syscall.status(of: terminal) else { return nil }
    (self.terminal, self.child) = (status, child)
  }

  /// Whether there is one. Where that can't be told, there might be.
  ///
  /// A throw-away child looks, which ends after a second: who is looked at can make every look at its memory wait.
  func areThere() -> Bool {
    do throws(Errno) {
      try Syscall.inChild { () throws(Errno) in
        try Syscall.setBlocked(SignalSet())
        Syscall.endSoon()
        if !find() { throw .noSuchProcess }
      }
      return true
    } catch { return error != .noSuchProcess }
  }

  private func find() -> Bool {
    var processes = [child]
    var seen = 0
    while let process = processes.popLast() {
      seen += 1
      guard seen < 4096, let children = children(of: process) else { return true }
      processes += children
      if process != child, waits(process) { return true }
    }
    return false
  }

  private func children(of process: Int32) -> [Int32]? {
    guard let text = text("/proc/\(process)/task/\(process)/children") else {
      // It may have ended meanwhile.
      return (try? Syscall.status(of: FilePath("/proc/\(process)"))) == nil ? [] : nil
    }
    return text.words().compactMap { Int32($0) }
  }

  private func waits(_ process: Int32) -> Bool {
    guard let text = text("/proc/\(process)/syscall") else {
      return isTerminal(0, of: process)
    }
    guard let call = WaitingCall(text) else { return false }
    switch call.kind {
    case .read: return isTerminal(call.arguments.0, of: process)
    case .poll:
      // Of each entry the descriptor comes first, then what is waited for.
      let entries = memory(of: process, at: call.arguments.0, count: Int(min(call.arguments.1, 512)) * 8)
      return stride(from: 0, to: entries.count - 7, by: 8).contains { index in
        entries[index + 4] & 1 != 0 && entries[index + 1...index + 3].allSatisfy { $0 == 0 }
          && isTerminal(UInt64(entries[index]), of: process)
      }
    case .select:
      let bits = memory(of: process, at: call.arguments.1, count: Int(min(call.arguments.0, 256) + 7) / 8)
      return (0..<min(call.arguments.0, UInt64(bits.count * 8))).contains {
        bits[Int($0 / 8)] & 1 << UInt8($0 % 8) != 0 && isTerminal($0, of: process)
      }
    case .epoll:
      let lines = self.text("/proc/\(process)/fdinfo/\(call.arguments.0)")?.lines ?? []
      return lines.contains { line in
        let words = line.words()
        return words.count > 3 && line.begins(with: "tfd:") && (Int(words[3], radix: 16) ?? 0) & 1 != 0
          && UInt64(words[1]).map { isTerminal($0, of: process) } == true
      }
    }
  }

  private func isTerminal(_ number: UInt64, of process: Int32) -> Bool {
    guard let found = try? Syscall.knownStatus(of: FilePath("/proc/\(process)/fd/\(number)")) else { return false }
    // /dev/tty stands for the controlling terminal.
    return found.device == terminal.device && found.inode == terminal.inode || found.special == 5 << 8
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
