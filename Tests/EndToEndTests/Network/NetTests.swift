import Glibc
import Testing

/// A network of the container's own.
@Suite struct NetTests {
  private static let everyWay = [
    [], ["--set", "pid.init=no"], ["--set", "userns.map=root"], ["--without", "chroot"],
  ]

  @Test("a network of its own has the interface lo alone", arguments: Identity.all, everyWay)
  func nothingIsInItButLo(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let ask = "readlink /proc/self/ns/net"
      let outside = try sandbox.execute(["sh", "-c", ask]).lines
      let script = "readlink /proc/self/ns/net; sed 1,2d /proc/self/net/dev | tr -d ' ' | cut -d: -f1"
      let seen = try sandbox.run(["--with", "net"] + options, "sh", "-c", script)
      #expect(seen.lines.contains("lo") && seen.lines.first != outside.first, "\(seen)")
      // Some kernels make devices of tunnels in each network, with names of their own.
      let others = FileTree.entries("/sys/class/net").filter { $0 != "lo" }
      #expect(!others.isEmpty && Set(seen.lines).isDisjoint(with: others), "\(seen)")
      #expect(try sandbox.run(options, "readlink", "/proc/self/ns/net").lines.first == outside.first)
    }
  }

  @Test("127.0.0.1 and ::1 of a network of its own answer", arguments: Identity.all, everyWay)
  func itsOwnAddressesAnswer(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let script = """
        for address in 127.0.0.1 ::1; do
          busybox ping -c 1 -W 10 $address | grep -c ' 0% packet loss'
          busybox nc -ll -p 8000 -e busybox echo heard &
          until busybox nc $address 8000 </dev/null 2>/dev/null; do :; done
          kill $!; wait
        done
        """
      let seen = try sandbox.run(["--with", "net"] + options, "sh", "-c", script)
      #expect(seen.lines == ["1", "heard", "1", "heard"], "\(seen)")
    }
  }

  @Test("a server on the host's loopback can't be reached from a network of its own", arguments: Identity.all)
  func whatListensOutsideIsOutOfReach(_ identity: Identity) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutableBytes(of: &address) { bytes in
      let pointer = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
      #expect(
        bind(listener, pointer, size) == 0 && listen(listener, 9) == 0 && getsockname(listener, pointer, &size) == 0)
    }
    let port = String(UInt16(bigEndian: address.sin_port))
    try Sandbox.with(identity) { sandbox in
      let ask = "busybox nc -w 1 127.0.0.1 \(port) -e true && echo reached"
      #expect(try sandbox.run([], "sh", "-c", ask).output == "reached\n")
      let seen = try sandbox.run(["--with", "net"], "sh", "-c", ask)
      #expect(seen.output == "" && seen.error.contains("Connection refused"), "\(seen)")
    }
  }
}
