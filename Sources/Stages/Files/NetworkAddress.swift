internal import Pipeline

/// The addresses of name servers, as resolv.conf(5) takes them.
enum NetworkAddress {
  /// Whether a text is an IPv4 address, or an IPv6 address with or without a zone, and nothing else.
  static func isAddress(_ text: String) -> Bool {
    let parts = text.fields("%", most: 2)
    if parts.count == 1 { return isVersion4(parts[0]) || isVersion6(parts[0]) }
    return isVersion6(parts[0]) && isZone(parts[1])
  }

  /// Four decimal numbers. Some readers take one with a leading zero for octal.
  private static func isVersion4(_ text: String) -> Bool {
    let numbers = text.fields(".")
    return numbers.count == 4
      && numbers.allSatisfy { number in
        number.utf8.allSatisfy { (0x30...0x39).contains($0) } && UInt8(number) != nil
          && (number == "0" || number.utf8.first != 0x30)
      }
  }

  /// Eight groups of hexadecimal digits, or fewer with one gap; the last two may be written as an IPv4 address.
  private static func isVersion6(_ text: String) -> Bool {
    var groups = text.fields(":")[...]
    guard groups.count > 2 else { return false }
    // A gap at an end has two empty groups, one in the middle has one.
    if groups[0].isEmpty {
      guard groups[1].isEmpty else { return false }
      groups = groups.dropFirst()
    }
    if groups[groups.endIndex - 1].isEmpty {
      guard groups.count > 1, groups[groups.endIndex - 2].isEmpty else { return false }
      groups = groups.dropLast()
    }
    let isMixed = groups.last.map(isVersion4) ?? false
    let gaps = groups.filter(\.isEmpty).count
    let count = groups.count - gaps + (isMixed ? 1 : 0)
    guard gaps == 0 && count == 8 || gaps == 1 && count < 8 else { return false }
    return (isMixed ? groups.dropLast() : groups).allSatisfy { group in
      group.utf8.count <= 4 && group.utf8.allSatisfy(isHexadecimal)
    }
  }

  /// The name of a network device, or its number.
  private static func isZone(_ text: String) -> Bool {
    (1...15).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        isHexadecimal(byte) || (0x61...0x7a).contains(byte | 0x20) || [0x2d, 0x2e, 0x5f].contains(byte)
      }
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
  }
}
