public import SystemPackage

/// A string as strace and C print it, in double quotes; but UTF-8 as it is, as far as that is harmless.
public func quoted(_ bytes: some Sequence<UInt8>) -> String {
  let bytes = Array(bytes)
  var (text, index) = ("\"", 0)
  while index < bytes.count {
    let byte = bytes[index]
    let scalar = scalar(at: index, in: bytes)
    let end = index + (scalar.map { UTF8.width($0) } ?? 1)
    defer { index = end }
    switch byte {
    case UInt8(ascii: "\""): text += "\\\""
    case UInt8(ascii: "\\"): text += "\\\\"
    case UInt8(ascii: "\n"): text += "\\n"
    case UInt8(ascii: "\t"): text += "\\t"
    default:
      if let scalar, scalar.isHarmless {
        text.unicodeScalars.append(scalar)
        break
      }
      for (place, byte) in bytes[index..<end].enumerated() {
        let digits = String(byte, radix: 8)
        // A digit after an octal escape would be read as its next digit: before one it is as long as it can be.
        let isBeforeDigit = index + place + 1 < bytes.count && (0x30...0x37).contains(bytes[index + place + 1])
        text += "\\" + String(repeating: "0", count: isBeforeDigit ? 3 - digits.utf8.count : 0) + digits
      }
    }
  }
  return text + "\""
}

/// A string as strace and C print it, in double quotes.
public func quoted(_ text: String) -> String { quoted(text.utf8) }

/// A path as strace prints it, in double quotes.
public func quoted(_ path: FilePath) -> String { quoted(path.bytes) }
