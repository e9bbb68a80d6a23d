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
    (parent, child) = (try descriptor(Int(ends[0])), try descriptor(Int(ends[1])))
  }
}

extension Syscall {
  /// Sends one message: send(2).
  public static func send(_ message: [UInt8], to socket: FileDescriptor) throws(Errno) {
    try answer(unsafe message.withUnsafeBytes { unsafe ck_send(socket.rawValue, $0.baseAddress, UInt($0.count)) })
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
