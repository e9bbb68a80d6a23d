internal import CKernel
internal import Glibc
public import SystemPackage

/// The two ends of a connection on which whole messages travel: socketpair(2), AF_UNIX and SOCK_SEQPACKET.
public struct SocketPair: Sendable {
  /// The parent's end.
  public let parent: FileDescriptor
  /// The child's end.
  public let child: FileDescriptor

  /// Makes a pair, close-on-exec.
  public init() throws(Errno) {
    var ends: [CInt] = [0, 0]
    try answer(unsafe ends.withUnsafeMutableBufferPointer { unsafe ck_socketpair($0.baseAddress) })
    // Where nothing has been filled in, an outer filter has answered for the kernel.
    if ends[0] == ends[1] { throw .protocolError }
    (parent, child) = (try descriptor(Int(ends[0])), try descriptor(Int(ends[1])))
  }
}

extension Syscall {
  /// Sends one message: send(2).
  public static func send(_ message: [UInt8], to socket: FileDescriptor) throws(Errno) {
    try answer(unsafe message.withUnsafeBytes { unsafe ck_send(socket.rawValue, $0.baseAddress, UInt($0.count), 0) })
  }

  /// As above, but throws `.resourceTemporarilyUnavailable` when there is no room, instead of waiting for it.
  public static func sendNow(_ message: [UInt8], to socket: FileDescriptor) throws(Errno) {
    let flags = CInt(MSG_DONTWAIT)
    try answer(
      unsafe message.withUnsafeBytes { unsafe ck_send(socket.rawValue, $0.baseAddress, UInt($0.count), flags) })
  }

  /// Receives one message; empty when the other end has closed: recv(2).
  public static func receive(from socket: FileDescriptor, limit: Int) throws(Errno) -> [UInt8] {
    try receive(socket, limit: limit, flags: 0)
  }

  /// As above, but throws `.resourceTemporarilyUnavailable` when there is no message, instead of waiting for one.
  public static func receiveNow(from socket: FileDescriptor, limit: Int) throws(Errno) -> [UInt8] {
    try receive(socket, limit: limit, flags: CInt(MSG_DONTWAIT))
  }

  /// Tells whether the other end is still open, without taking a message: recv(2) with MSG_PEEK and MSG_DONTWAIT.
  public static func isOpen(_ socket: FileDescriptor) -> Bool {
    var byte: UInt8 = 0
    let flags = CInt(MSG_DONTWAIT | MSG_PEEK)
    return unsafe ck_receive(socket.rawValue, &byte, 1, flags) != 0
  }

  /// Sends one message with two descriptors, which the other end gets copies of: unix(7), SCM_RIGHTS.
  public static func send(_ message: [UInt8], with files: (FileDescriptor, FileDescriptor), to socket: FileDescriptor)
    throws(Errno)
  {
    let numbers = [files.0.rawValue, files.1.rawValue]
    try answer(
      unsafe message.withUnsafeBytes { message in
        unsafe numbers.withUnsafeBufferPointer {
          unsafe ck_send_descriptors(socket.rawValue, message.baseAddress, UInt(message.count), $0.baseAddress)
        }
      })
  }

  /// Receives one message and the two descriptors that it may bring, close-on-exec.
  ///
  /// - Throws: `.resourceTemporarilyUnavailable` when there is none and it isn't to wait.
  public static func receiveWithFiles(from socket: FileDescriptor, limit: Int, waiting: Bool) throws(Errno)
    -> (message: [UInt8], files: (FileDescriptor, FileDescriptor)?)
  {
    var (result, numbers) = (0, [CInt](repeating: -1, count: 2))
    let flags = waiting ? 0 : CInt(MSG_DONTWAIT)
    let message = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      repeat {
        result = unsafe numbers.withUnsafeMutableBufferPointer {
          unsafe ck_receive_descriptors(socket.rawValue, buffer.baseAddress, UInt(buffer.count), flags, $0.baseAddress)
        }
      } while result == -Int(EINTR)
      count = max(result, 0)
    }
    try answer(result)
    guard numbers[0] >= 0 else { return (message, nil) }
    return (message, (try descriptor(Int(numbers[0])), try descriptor(Int(numbers[1]))))
  }

  private static func receive(_ socket: FileDescriptor, limit: Int, flags: CInt) throws(Errno) -> [UInt8] {
    var result = 0
    let message = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      repeat {
        result = unsafe ck_receive(socket.rawValue, buffer.baseAddress, UInt(buffer.count), flags)
      } while result == -Int(EINTR)
      count = max(result, 0)
    }
    try answer(result)
    return message
  }
}
