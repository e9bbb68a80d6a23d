extension Facts {
  /// Takes what /proc/PID/status tells: proc_pid_status(5).
  ///
  /// - Parameter isOwnFilter: whether a filter that is there is the container's, and not an outer one.
  mutating func take(status: [UInt8], isOwnFilter: Bool = true) {
    for line in Self.lines(status) {
      let sides = line.fields(":", most: 2)
      guard sides.count == 2 else { continue }
      let fields = sides[1].words("\t").flatMap { $0.words() }
      let first = fields.first ?? ""
      switch sides[0] {
      case "Uid": add("user", fields)
      case "Gid": add("group", fields)
      case "Groups": add("groups", fields)
      case "CapEff": add("effective", Self.capabilities(first))
      case "CapPrm": add("permitted", Self.capabilities(first))
      case "CapInh": add("inheritable", Self.capabilities(first))
      case "CapAmb": add("ambient", Self.capabilities(first))
      case "CapBnd": add("bounding", Self.capabilities(first))
      case "NoNewPrivs": add("nonewprivs", [first == "1" ? "yes" : "no"])
      case "Seccomp":
        add("seccomp", [first == "2" ? isOwnFilter ? "filter" : "outer" : first == "1" ? "strict" : "none"])
      default: break
      }
    }
  }

  /// Takes what /proc/PID/uid_map and gid_map tell: user_namespaces(7).
  mutating func take(map: [UInt8], as name: String) {
    add(name, Self.lines(map).map { $0.words().joined(separator: ":") })
  }

  /// Takes what /proc/PID/net/dev tells: proc_pid_net(5).
  mutating func take(devices: [UInt8]) {
    add(
      "interfaces",
      Self.lines(devices).dropFirst(2).compactMap { line in
        // The numbers behind the last ':' have none.
        line.utf8.lastIndex(of: UInt8(ascii: ":")).map { String(Substring(line.utf8[..<$0].drop { $0 == 0x20 })) }
      })
  }

  /// Takes what /proc/PID/mountinfo tells: proc_pid_mountinfo(5).
  ///
  /// - Parameters:
  ///   - devices: paths of devices, which are no places to write to.
  ///   - notes: which lines have attached which mounts.
  mutating func take(mounts: [UInt8], devices: [String], notes: [MountNote] = []) {
    self.mounts = Self.lines(mounts).compactMap { text in
      guard var mount = Self.mount(text) else { return nil }
      let path = mount.path
      mount.isDevice = devices.contains { $0.isSame(as: path) }
      for note in notes where note.number == mount.number { mount.line = note.line }
      return mount
    }
    for name in Self.ofTrees { add(name, self.mounts.filter { $0.has(name) }.map(\.path)) }
  }

  /// Reads a line: `36 35 98:0 / /mnt rw,nosuid master:1 - ext4 /dev/sda1 rw`.
  static func mount(_ line: String) -> MountFact? {
    let fields = line.words()
    guard fields.count > 6, let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 1 else {
      return nil
    }
    let flags = fields[5].words(",")
    let options = fields.last?.words(",") ?? []
    return MountFact(
      number: UInt64(fields[0]) ?? 0, path: unescaped(fields[4]), type: fields[dash + 1], flags: flags,
      isReadOnly: flags.contains("ro") || options.first == "ro")
  }

  /// A path in which blanks and the like are written in octal: `\040`.
  ///
  /// What isn't UTF-8 stays as it is written in octal, and so no other path is taken for it.
  private static func unescaped(_ text: String) -> String {
    var (bytes, rest) = ([UInt8](), Array(text.utf8)[...])
    while let byte = rest.first {
      let digits = rest.dropFirst().prefix(3)
      if byte == UInt8(ascii: "\\"),
        let code = String(validating: digits, as: UTF8.self).flatMap({ UInt8($0, radix: 8) }),
        digits.count == 3
      {
        bytes.append(code)
        rest = rest.dropFirst(4)
      } else {
        bytes.append(byte)
        rest = rest.dropFirst()
      }
    }
    return String(validating: bytes, as: UTF8.self) ?? shown(bytes)
  }

  /// The lines, each as text; of one that isn't UTF-8 the bytes beyond ASCII are written in octal, as the kernel does it with
  /// blanks.
  private static func lines(_ bytes: [UInt8]) -> [String] {
    bytes.split(separator: 0x0a).map { line in
      String(validating: line, as: UTF8.self)
        ?? line.reduce(into: "") { $0 += $1 < 0x80 ? String(UnicodeScalar($1)) : "\\" + String($1, radix: 8) }
    }
  }

  private static func capabilities(_ digits: String) -> [String] {
    UInt64(digits, radix: 16).map { CapabilitySet(rawValue: $0).names } ?? ["unknown"]
  }
}
