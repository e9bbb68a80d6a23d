internal import CKernel
internal import Glibc
public import SystemPackage

extension Syscall {
  /// Switches a network device of the caller's network namespace on: netdevice(7), SIOCSIFFLAGS with IFF_UP.
  public static func switchOn(device: String) throws(Errno) {
    let socket = try descriptor(ck_socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0))
    defer { try? close(socket) }
    try answer(unsafe ck_switch_on(socket.rawValue, device))
  }
}
