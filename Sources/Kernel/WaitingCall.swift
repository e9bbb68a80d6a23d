internal import CKernel
public import SystemPackage

/// A call in which a process waits, for a descriptor among others: proc_pid_syscall(5).
public struct WaitingCall: Sendable {
  /// What the call waits by.
  public enum Kind: Sendable {
    /// One file: read(2).
    case read
    /// An array of struct pollfd: poll(2).
    case poll
    /// A set of bits: select(2).
    case select
    /// A file that stands for others: epoll_wait(2).
    case epoll
  }
  /// What it waits by.
  public let kind: Kind
  /// Its first two arguments.
  public let arguments: (UInt64, UInt64)

  /// From the text of /proc/PID/syscall; nil for a call that waits for no file, or for none at all.
  public init?(_ text: String) {
    let words = text.split(separator: " ")
    guard words.count > 2, let number = Int(words[0]) else { return nil }
    let numbers = words[1...2].compactMap { UInt64($0.dropFirst(2), radix: 16) }
    guard numbers.count == 2 else { return nil }
    switch Int(ck_waiting_kind(number)) {
    case Int(CK_READS): kind = .read
    case Int(CK_POLLS): kind = .poll
    case Int(CK_SELECTS): kind = .select
    case Int(CK_EPOLLS): kind = .epoll
    default: return nil
    }
    arguments = (numbers[0], numbers[1])
  }
}

extension Syscall {
  /// Reads at a place of a file, once: pread(2).
  public static func read(_ file: FileDescriptor, at place: UInt64, limit: Int) throws(Errno) -> [UInt8] {
    var result = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      result = unsafe ck_pread(file.rawValue, buffer.baseAddress, UInt(limit), place)
      count = max(result, 0)
    }
    try answer(result)
    return bytes
  }

  /// Tells what a path leads to, as far as it is known without asking who serves the file system: stat(2) with AT_STATX_DONT_SYNC.
  public static func knownStatus(of path: FilePath) throws(Errno) -> FileStatus {
    var status = ck_status()
    try unsafe answer(for: path) { unsafe ck_stat(FileDescriptor.currentDirectory.rawValue, $0, 0x4000, &status) }
    return FileStatus(status)
  }
}
