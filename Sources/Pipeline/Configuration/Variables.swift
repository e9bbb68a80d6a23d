internal import Kernel
internal import SystemPackage

/// The variables that values of stages.conf may hold.
final class Variables {
  static let names = ["HOME", "USER", "UID", "GID", "PWD", "CONF"]
  let host: Host
  let file: ConfigurationFile?
  /// Looked up once, however often it is written.
  private lazy var userName = host.accountName

  init(host: Host, file: ConfigurationFile?) { (self.host, self.file) = (host, file) }

  enum Value {
    case known(String)
    /// A value that isn't UTF-8, as all of a configuration is.
    case notText([UInt8])
    /// A variable that exists, but has no value on this machine.
    case empty
    case unknown
  }

  func value(of name: String) -> Value {
    let value: [UInt8]?
    switch name {
    case "HOME": value = host.variable("HOME")
    case "USER": value = userName
    case "UID": value = Array(String(host.userID).utf8)
    case "GID": value = Array(String(host.groupID).utf8)
    case "PWD": value = ProcessContext.workingDirectory?.bytes
    case "CONF": value = file?.directory.bytes ?? [UInt8(ascii: ".")]
    default: return .unknown
    }
    guard let value, !value.isEmpty else { return .empty }
    return String(validating: value, as: UTF8.self).map { .known($0) } ?? .notText(value)
  }
}
