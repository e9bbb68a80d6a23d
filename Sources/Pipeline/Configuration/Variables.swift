internal import Kernel
internal import SystemPackage

/// The variables that values of stages.conf may hold.
final class Variables {
  static let names = ["HOME", "USER", "UID", "GID", "PWD", "CONF"]
  let host: Host
  let file: ConfigurationFile?
  /// Looked up once, however often it is written.
  private lazy var userName = host.userName

  init(host: Host, file: ConfigurationFile?) { (self.host, self.file) = (host, file) }

  enum Value {
    case known(String)
    /// A variable that exists, but has no value on this machine.
    case empty
    case unknown
  }

  func value(of name: String) -> Value {
    let value: String?
    switch name {
    case "HOME": value = host.variable("HOME")
    case "USER": value = userName
    case "UID": value = String(host.userID)
    case "GID": value = String(host.groupID)
    case "PWD": value = ProcessContext.workingDirectory?.string
    case "CONF": value = file?.directory.string ?? "."
    default: return .unknown
    }
    guard let value, !value.isEmpty else { return .empty }
    return .known(value)
  }
}
