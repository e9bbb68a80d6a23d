internal import Kernel
internal import SystemPackage

/// The variables that values of stages.conf may hold.
struct Variables {
  static let names = ["HOME", "USER", "UID", "GID", "PWD", "CONF"]
  let host: Host
  let file: ConfigurationFile?

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
    case "USER": value = host.userName
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
