internal import Kernel
internal import SystemPackage

/// What a system call answers when it fails: errno(3), by name or number.
public struct ErrorNumber: OptionValue, Equatable {
  /// The number.
  public let rawValue: Int32
  /// An errno by its number.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// `ERRNO`.
  public static var syntax: String { "ERRNO" }
  /// A name such as EPERM, or a number.
  public static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> ErrorNumber {
    if let number = Int32(text), (1...4095).contains(number), !text.begins(with: "+"), !text.begins(with: "0") {
      return ErrorNumber(rawValue: number)
    }
    for number in Int32(1)..<134 where Errno(rawValue: number).name == text { return ErrorNumber(rawValue: number) }
    throw ValueError(expected: "the name of an errno such as EPERM, as errno(3) lists them, or its number")
  }
  /// The name, or the number of one that has none.
  public var optionText: String {
    let name = Errno(rawValue: rawValue).name
    return name.begins(with: "errno ") ? String(rawValue) : name
  }
}
