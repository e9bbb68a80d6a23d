internal import Pipeline

/// A system call, by the name of its manual page.
struct CallName: OptionValue, Equatable {
  let name: String

  static let syntax = "CALL"
  static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> CallName {
    func isAllowed(_ byte: UInt8) -> Bool {
      (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
    }
    guard !text.isEmpty, text.utf8.count <= 64, text.utf8.allSatisfy(isAllowed) else {
      throw ValueError(expected: "the name of a system call, as syscalls(2) lists them: mount, or io_uring_setup")
    }
    return CallName(name: text)
  }
  var optionText: String { name }
}
