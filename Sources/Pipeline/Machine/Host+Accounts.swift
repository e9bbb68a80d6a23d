public import SystemPackage

/// What the machine's files of users tell of the caller: passwd(5).
extension Host {
  /// The caller's login name by /etc/passwd; nil when there is none, or when it isn't UTF-8.
  public var userName: String? { accountName.flatMap { String(validating: $0, as: UTF8.self) } }

  /// The bytes of the caller's login name by /etc/passwd; nil when there is none.
  public var accountName: [UInt8]? { account.map { Array($0[0]) } }

  /// The caller's home directory by /etc/passwd; nil when there is none.
  public var home: FilePath? {
    account.flatMap { $0.count > 5 && $0[5].first == UInt8(ascii: "/") ? FilePath(bytes: Array($0[5])) : nil }
  }

  private var account: [ArraySlice<UInt8>]? {
    for line in ((try? contents(of: "/etc/passwd")) ?? []).split(separator: 0x0a) {
      let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      if fields.count >= 3, Self.id(fields[2]) == userID { return fields }
    }
    return nil
  }

  /// The number that a file of ids has: decimal digits and nothing else, as the C library reads them.
  static func id(_ text: ArraySlice<UInt8>) -> UInt32? {
    guard !text.isEmpty, text.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return text.reduce(into: UInt32?.some(0)) { value, digit in
      guard let (high, tooLarge) = value?.multipliedReportingOverflow(by: 10), !tooLarge else { return value = nil }
      let (sum, overflow) = high.addingReportingOverflow(UInt32(digit & 15))
      value = overflow ? nil : sum
    }
  }
}
