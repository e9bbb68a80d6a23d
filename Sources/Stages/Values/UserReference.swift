internal import Pipeline

/// A user or a group, as somebody writes it: a number, or a name. What is made of digits alone is a number.
enum UserReference: OptionValue {
  case number(UInt32)
  case name(String)

  static let rule = """
    a number from 0 to 4294967294 without sign or leading zeros, or a name of letters, digits, '.', '_' and '-' that \
    begins with a letter or '_'
    """
  static let syntax = "NAME|NUMBER"
  static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> UserReference {
    guard let who = UserReference(text) else { throw ValueError(expected: rule) }
    return who
  }

  init?(_ text: String) {
    func isLetter(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "_") || (0x61...0x7a).contains(byte | 0x20) }
    if let number = Accounts.id(Array(text.utf8)) {
      self = .number(number)
    } else if text.utf8.first.map(isLetter) == true, text.utf8.count <= 256,
      text.utf8.allSatisfy({ isLetter($0) || (0x30...0x39).contains($0) || $0 == 0x2d || $0 == 0x2e })
    {
      self = .name(text)
    } else {
      return nil
    }
  }

  var optionText: String {
    switch self {
    case .number(let number): String(number)
    case .name(let name): name
    }
  }

  var number: UInt32? { if case .number(let number) = self { number } else { nil } }

  /// Whether that name, or that number, is meant.
  func `is`(_ name: some Sequence<UInt8>, _ number: UInt32) -> Bool {
    switch self {
    case .number(let wanted): wanted == number
    case .name(let wanted): name.elementsEqual(wanted.utf8)
    }
  }
}

/// An id of a user or a group.
struct ID: OptionValue {
  let number: UInt32

  static let syntax = "NUMBER"
  static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> ID {
    guard let number = Accounts.id(Array(text.utf8)) else {
      throw ValueError(expected: "a number from 0 to 4294967294 without sign or leading zeros")
    }
    return ID(number: number)
  }
  var optionText: String { String(number) }
}

/// `USER[:GROUP]`, as the well-known engines have it.
struct UserAndGroup: OptionValue {
  let user: UserReference
  let group: UserReference?

  static let syntax = "USER[:GROUP]"
  static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> UserAndGroup {
    let parts = text.fields(":").map { UserReference($0) }
    guard parts.count <= 2, let user = parts[0], let last = parts[parts.count - 1] else {
      throw ValueError(expected: "USER or USER:GROUP, each \(UserReference.rule)")
    }
    return UserAndGroup(user: user, group: parts.count == 2 ? last : nil)
  }
  var optionText: String { user.optionText + (group.map { ":" + $0.optionText } ?? "") }
}
