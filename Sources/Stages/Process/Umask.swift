public import Pipeline

/// Sets which permissions new files don't get: umask(2).
public struct Umask: IsolationStage {
  public static let name = "umask"
  public static let help = """
    The permissions that new files don't get, whatever a program asks for.
    022 lets others read and nobody else write, 077 keeps all to the owner, 002 shares with the group. The command begins with \
    it, and may change it. What littlectr itself makes has its own modes, with or without the line. Without it the mask is \
    your shell's, as `umask` prints it.
    """
  public static let options = [
    StageOption("mask", \Self.mask, "the permissions that are taken off, in octal: 022, 027, 077, or 0 for none")
  ]

  /// Permissions that are taken off.
  struct Mask: OptionValue, Equatable {
    let bits: UInt32

    static let syntax = "MASK"
    static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> Mask {
      guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x37).contains($0) }),
        let bits = UInt32(text, radix: 8), bits <= 0o777
      else { throw ValueError(expected: "up to three octal digits, as umask prints them: 022, or 077") }
      return Mask(bits: bits)
    }
    var optionText: String { Step.octal(bits) }
  }

  var mask = Mask(bits: 0o022)
  public init() {}

  public func shape(_ container: inout Container) { container.hasFileModeMask = true }

  public func beforeExec(_ container: Container) -> [Step] { [.setFileModeMask(mask.bits)] }
}
