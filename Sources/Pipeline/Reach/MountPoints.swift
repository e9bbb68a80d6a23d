/// The places of a table of mounts: proc_pid_mountinfo(5).
struct MountPoints {
  /// The places of the mounts that can be written.
  private let places: [ArraySlice<UInt8>]

  init(_ table: [UInt8]) {
    places = table.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 6)
      let isReadOnly = fields.count < 7 || fields[5].split(separator: UInt8(ascii: ",")).contains(Array("ro".utf8)[...])
      return isReadOnly ? nil : fields[4]
    }
  }

  /// The names that lead from a directory to each mount below it that can be written.
  func writable(below names: [[UInt8]]) -> [[[UInt8]]] {
    let start = names.reduce(into: [UInt8]()) { $0 += [UInt8(ascii: "/")] + Self.escaped($1) } + [UInt8(ascii: "/")]
    return places.filter { $0.count > start.count && $0.starts(with: start) }.map { place in
      place.dropFirst(start.count).split(separator: UInt8(ascii: "/")).map { Self.unescaped($0) }
    }
  }

  /// A name with blanks and the like in octal, as the table has them.
  private static func escaped(_ name: [UInt8]) -> [UInt8] {
    name.flatMap { byte -> [UInt8] in
      switch byte {
      case UInt8(ascii: " "): Array("\\040".utf8)
      case UInt8(ascii: "\t"): Array("\\011".utf8)
      case UInt8(ascii: "\n"): Array("\\012".utf8)
      case UInt8(ascii: "\\"): Array("\\134".utf8)
      default: [byte]
      }
    }
  }

  private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var (bytes, rest) = ([UInt8](), text)
    while let byte = rest.first {
      let digits = rest.dropFirst().prefix(3)
      if byte == UInt8(ascii: "\\"), digits.count == 3, digits.allSatisfy({ (0x30...0x37).contains($0) }) {
        bytes.append(digits.reduce(0) { $0 &<< 3 | $1 & 7 })
        rest = rest.dropFirst(4)
      } else {
        bytes.append(byte)
        rest = rest.dropFirst()
      }
    }
    return bytes
  }
}
