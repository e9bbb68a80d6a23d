extension Facts {
  /// Takes what /proc/PID/status tells: proc_pid_status(5).
  mutating func take(status: [UInt8]) {
    for line in Self.lines(status) {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let fields = line[line.index(after: colon)...].split { $0 == "\t" || $0 == " " }.map { String($0) }
      let first = fields.first ?? ""
      switch line[..<colon] {
      case "Uid": add("user", fields)
      case "Gid": add("group", fields)
      case "Groups": add("groups", fields)
      case "CapEff": add("effective", Self.capabilities(first))
      case "CapPrm": add("permitted", Self.capabilities(first))
      case "CapInh": add("inheritable", Self.capabilities(first))
      case "CapAmb": add("ambient", Self.capabilities(first))
      case "CapBnd": add("bounding", Self.capabilities(first))
      case "NoNewPrivs": add("nonewprivs", [first == "1" ? "yes" : "no"])
      case "Seccomp": add("seccomp", [first == "2" ? "filter" : first == "1" ? "strict" : "none"])
      default: break
      }
    }
  }

  /// Takes what /proc/PID/uid_map and gid_map tell: user_namespaces(7).
  mutating func take(map: [UInt8], as name: String) {
    add(name, Self.lines(map).map { $0.split(separator: " ").joined(separator: ":") })
  }

  /// Takes what /proc/PID/net/dev tells: proc_pid_net(5).
  mutating func take(devices: [UInt8]) {
    add(
      "interfaces",
      Self.lines(devices).dropFirst(2).compactMap { line in
        line.firstIndex(of: ":").map { String(line[..<$0].drop { $0 == " " }) }
      })
  }

  /// Takes what /proc/PID/mountinfo tells: proc_pid_mountinfo(5).
  ///
  /// - Parameter devices: paths of devices, which are no places to write to.
  mutating func take(mounts: [UInt8], devices: [String]) {
    self.mounts = Self.lines(mounts).compactMap { Self.mount($0) }
    func places(_ isOne: (MountFact) -> Bool) -> [String] {
      self.mounts.filter { !$0.isKernels && !devices.contains($0.path) && isOne($0) }.map(\.path)
    }
    add("writable", places { !$0.isReadOnly })
    add("suid", places { !$0.flags.contains("nosuid") })
    add("dev", places { !$0.flags.contains("nodev") })
  }

  /// Reads a line: `36 35 98:0 / /mnt rw,nosuid master:1 - ext4 /dev/sda1 rw`.
  static func mount(_ line: Substring) -> MountFact? {
    let fields = line.split(separator: " ")
    guard fields.count > 6, let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 1 else {
      return nil
    }
    let flags = fields[5].split(separator: ",").map { String($0) }
    let options = fields.last?.split(separator: ",") ?? []
    return MountFact(
      path: unescaped(fields[4]), type: String(fields[dash + 1]), flags: flags,
      isReadOnly: flags.contains("ro") || options.first == "ro")
  }

  /// A path in which blanks and the like are written in octal: `\040`.
  private static func unescaped(_ text: Substring) -> String {
    var (bytes, rest) = ([UInt8](), Array(text.utf8)[...])
    while let byte = rest.first {
      let digits = rest.dropFirst().prefix(3)
      if byte == UInt8(ascii: "\\"), let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8),
        digits.count == 3
      {
        bytes.append(code)
        rest = rest.dropFirst(4)
      } else {
        bytes.append(byte)
        rest = rest.dropFirst()
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func lines(_ bytes: [UInt8]) -> [Substring] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }

  private static func capabilities(_ digits: String) -> [String] {
    UInt64(digits, radix: 16).map { CapabilitySet(rawValue: $0).names } ?? ["unknown"]
  }
}
