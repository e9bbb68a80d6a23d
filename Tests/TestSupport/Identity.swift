import Glibc
import Testing

/// As whom a test runs littlectr. Root's tests run it as root and as an ordinary user, a user's tests as that user.
package struct Identity: Sendable, CustomTestStringConvertible {
  /// The name in /etc/passwd.
  package let name: String
  /// What to write before a command's words to run it as this user.
  package let prefix: [String]
  /// The user's and the group's ids; nil when there is no such user.
  package let ids: (user: uid_t, group: gid_t)?

  package var isRoot: Bool { ids?.user == 0 }
  package var testDescription: String { name }

  package static let all: [Identity] = geteuid() == 0 ? [caller, ordinary] : [caller]

  /// Who runs the tests.
  package static let caller = Identity(
    name: getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? String(geteuid()), prefix: [],
    ids: (geteuid(), getegid()))

  /// The ordinary user, whoever runs the tests.
  package static let unprivileged: Identity = geteuid() == 0 ? ordinary : caller

  private static let ordinary: Identity = {
    let name = getenv("LITTLECTR_TEST_USER").map { String(cString: $0) } ?? "littlectr-test"
    guard let entry = getpwnam(name)?.pointee else { return Identity(name: name, prefix: [], ids: nil) }
    let switching = ["setpriv", "--reuid", "\(entry.pw_uid)", "--regid", "\(entry.pw_gid)", "--init-groups", "--"]
    return Identity(name: name, prefix: switching, ids: (entry.pw_uid, entry.pw_gid))
  }()

  /// The ids, or what to do to get a user that has some.
  package func existing() throws -> (user: uid_t, group: gid_t) {
    guard let ids else { throw Trouble("there is no user \(name), as whom to test; as root: scripts/test-user") }
    return ids
  }
}

/// Why a test can't even begin, or has waited in vain.
package struct Trouble: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}
