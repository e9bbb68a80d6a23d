/// The places of a table of mounts: proc_pid_mountinfo(5).
struct MountPoints {
  /// Where each is, and what follows on its line: its own options, and those of the file system at the end.
  private let points: [(place: ArraySlice<UInt8>, options: ArraySlice<UInt8>)]

  // Speed: by hand, a tenth of what splitting the table into lines, fields and options takes.
  init(_ table: [UInt8]) {
    var points: [(place: ArraySlice<UInt8>, options: ArraySlice<UInt8>)] = []
    var (index, field, place, options) = (0, 0, 0, 0)
    while index <= table.count {
      let byte = index < table.count ? table[index] : UInt8(ascii: "\n")
      if byte == UInt8(ascii: " ") {
        field += 1
        if field == 4 { place = index + 1 } else if field == 5 { options = index + 1 }
      } else if byte == UInt8(ascii: "\n") {
        if field >= 6 { points.append((table[place..<(options - 1)], table[options..<index])) }
        field = 0
      }
      index += 1
    }
    self.points = points
  }

  /// Whether the mount, or its file system, is read-only.
  private static func isReadOnly(_ options: ArraySlice<UInt8>) -> Bool {
    let fields = options.split(separator: UInt8(ascii: " "))
    return [fields.first, fields.last].contains { field in
      field?.split(separator: UInt8(ascii: ",")).contains(Array("ro".utf8)[...]) == true
    }
  }

  /// The names that lead from a directory to each mount below it that can be written.
  func writable(below names: [[UInt8]]) -> [[[UInt8]]] {
    let start = Self.path(names) + [UInt8(ascii: "/")]
    var found: [[[UInt8]]] = []
    for point in points
    where point.place.count > start.count && point.place.starts(with: start) && !Self.isReadOnly(point.options) {
      found.append(point.place.dropFirst(start.count).split(separator: UInt8(ascii: "/")).map { Self.unescaped($0) })
    }
    return found
  }

  /// Whether nothing can be made in a directory, by whomever, since its mount or file system is read-only.
  func isReadOnly(at names: [[UInt8]]) -> Bool {
    let path = Self.path(names) + [UInt8(ascii: "/")]
    var (longest, options) = (0, ArraySlice<UInt8>())
    for point in points where point.place.count >= longest {
      let place = point.place.count == 1 ? point.place : point.place + [UInt8(ascii: "/")]
      if path.starts(with: place) { (longest, options) = (point.place.count, point.options) }
    }
    return Self.isReadOnly(options)
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
