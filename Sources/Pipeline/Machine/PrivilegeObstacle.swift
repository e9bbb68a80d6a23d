internal import Kernel
internal import SystemPackage

/// What keeps a program that gives privileges, by a set-user-ID bit or file capabilities, from giving them: execve(2).
public enum PrivilegeObstacle: Sendable, Equatable {
  /// The caller has no_new_privs set, which holds for all that it starts.
  case caller
  /// It lies on a mount with nosuid.
  case mount
  /// The file has neither root's set-user-ID bit nor a capability.
  case file
  /// It has the bit, but doesn't belong to root: in a user namespace that doesn't map root, nothing does.
  case owner

  static func find(_ program: FilePath) -> PrivilegeObstacle? {
    if (try? Syscall.forbidsNewPrivileges()) == true { return .caller }
    return switch try? Syscall.powerless(program) {
    case 1: .file
    case 2: .mount
    case 3: .owner
    default: nil
    }
  }
}
