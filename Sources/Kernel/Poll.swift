internal import CKernel
internal import Glibc
public import SystemPackage

/// Files that are waited for together: poll(2).
public struct PollSet: Sendable {
  private var files: [ck_poll] = []

  /// No file.
  public init() {}

  /// Takes all files out.
  public mutating func removeAll() { files.removeAll(keepingCapacity: true) }

  /// Waits for a file too, until it can be read, written, or has hung up.
  public mutating func add(_ file: FileDescriptor, reading: Bool = false, writing: Bool = false) {
    let events = (reading ? POLLIN : 0) | (writing ? POLLOUT : 0)
    files.append(ck_poll(descriptor: file.rawValue, events: Int16(events), found: 0))
  }

  /// Waits until one of the files is ready, or for that many milliseconds; false when the time has passed.
  public mutating func wait(milliseconds: Int32? = nil) throws(Errno) -> Bool {
    var result = 0
    repeat {
      result = unsafe files.withUnsafeMutableBufferPointer {
        unsafe ck_poll($0.baseAddress, UInt($0.count), milliseconds ?? -1)
      }
    } while result == -Int(EINTR)
    return try answer(result) > 0
  }

  /// Whether something was found for a file: a call to read or write it won't wait.
  public func isReady(_ file: FileDescriptor) -> Bool {
    files.contains { $0.descriptor == file.rawValue && $0.found != 0 }
  }
}

/// Bytes that were read and aren't written yet.
public struct PendingBytes: Sendable {
  private var bytes: [UInt8] = []
  private var written = 0

  /// No bytes.
  public init() {}

  /// Whether nothing waits to be written.
  public var isEmpty: Bool { written == bytes.count }
  /// How many wait.
  public var count: Int { bytes.count - written }
  /// The byte that was put in last.
  public var last: UInt8? { bytes.last }
  /// Those that wait.
  public var waiting: ArraySlice<UInt8> { bytes[written...] }

  /// Puts bytes in behind those that wait.
  public mutating func put(_ more: some Collection<UInt8>) {
    if isEmpty || written > bytes.count / 2 { compact() }
    bytes += more
  }

  /// Discards the bytes that wait.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    written = 0
  }

  private mutating func compact() {
    bytes.removeSubrange(..<written)
    written = 0
  }

  /// Writes what a file takes, once: write(2).
  public mutating func write(to file: FileDescriptor, limit: Int = .max) throws(Errno) {
    let (start, count) = (written, min(bytes.count - written, limit))
    written += try answer(
      unsafe bytes.withUnsafeBytes { bytes in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count)])
        return unsafe ck_write(file.rawValue, rest.baseAddress, UInt(rest.count))
      })
  }
}

extension Syscall {
  /// Reads what a file has, once: read(2). Empty at the file's end.
  public static func readOnce(_ file: FileDescriptor, limit: Int) throws(Errno) -> [UInt8] {
    var result = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      result = unsafe ck_read(file.rawValue, buffer.baseAddress, UInt(limit))
      count = max(result, 0)
    }
    try answer(result)
    return bytes
  }
}
