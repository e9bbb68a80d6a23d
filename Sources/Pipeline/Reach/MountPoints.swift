/// The places of a table of mounts: proc_pid_mountinfo(5).
struct MountPoints {
  private let points: [(place: ArraySlice<UInt8>, isReadOnly: Bool)]

  init(_ table: [UInt8]) {
    points = table.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let fields = line.split(separator: UInt8(ascii: " "))
      guard fields.count > 6, let system = fields.last else { return nil }
      // The mount's own options, and those of the file system.
      let isReadOnly = [fields[5], system].contains { options in
        options.split(separator: UInt8(ascii: ",")).contains(Array("ro".utf8)[...])
      }
      return (fields[4], isReadOnly)
    }
  }

  /// The names that lead from a directory to each mount below it that can be written.
  func writable(below names: [[UInt8]]) -> [[[UInt8]]] {
    let start = Self.path(names) + [UInt8(ascii: "/")]
    return points.filter { !$0.isReadOnly && $0.place.count > start.count && $0.place.starts(with: start) }.map {
      $0.place.dropFirst(start.count).split(separator: UInt8(ascii: "/")).map { Self.unescaped($0) }
    }
  }

  /// Whether nothing can be made in a directory, by whomever, since its mount or file system is read-only.
  func isReadOnly(at names: [[UInt8]]) -> Bool {
    let path = Self.path(names) + [UInt8(ascii: "/")]
    var (longest, isReadOnly) = (0, false)
    for point in points where point.place.count >= longest {
      let place = point.place.count == 1 ? point.place : point.place + [UInt8(ascii: "/")]
      if path.starts(with: place) { (longest, isReadOnly) = (point.place.count, point.isReadOnly) }
    }
    return isReadOnly
  }

  /// The path of names as the table has it; empty for "/".
  private static func path(_ names: [[UInt8]]) -> [UInt8] {
    names.reduce(into: []) { $0 += [UInt8(ascii: "/")] + escaped($1) }
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
