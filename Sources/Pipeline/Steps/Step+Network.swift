internal import Kernel
internal import SystemPackage

extension Step {
  /// Switches a network device on, in whose namespace the process is: netdevice(7), SIOCSIFFLAGS with IFF_UP.
  public static func switchOn(device: String) -> Step {
    Step(
      """
      socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_IP) = <socket>
      ioctl(<socket>, SIOCSIFFLAGS, {ifr_name=\(quoted(device)), ifr_flags=IFF_UP})
      close(<socket>)
      """
    ) { () throws(Errno) in try Syscall.switchOn(device: device) }
    .headline("ioctl(<socket>, SIOCSIFFLAGS, {ifr_name=\(quoted(device)), ifr_flags=IFF_UP})")
  }
}
