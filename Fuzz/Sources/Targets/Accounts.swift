import PipelineTesting
import Stages

@testable import Pipeline
@testable import Stages

extension FuzzTarget {
  /// An image's passwd and, after `----`, group: who is found stands in the files, as a slow reader finds it too.
  static let accounts = FuzzTarget(name: "accounts") { bytes in
    let (passwd, group) = halves(bytes)
    var machine = FakeHost.usual
    machine.write(passwd, to: "/etc/passwd")
    machine.write(group, to: "/etc/group")
    let container = Container(command: [], host: machine.host)
    guard let accounts = try accepted({ () throws(Failure) in try Accounts(container) }) else { return }
    let users = lines(passwd, atLeast: 6), groups = lines(group, atLeast: 3)
    for who in [UserReference.name("bob"), .name("root"), .number(0), .number(1000)] {
      let expected = users.first { fields in
        id(fields[3]) != nil && id(fields[2]).map { who.is(fields[0], $0) } ?? false
      }
      let found = accounts.user(who)
      try promise(found?.name == expected?[0], "\(who) is \(String(describing: found))")
      guard let found, let expected else { continue }
      try promise(found.id == id(expected[2]) && found.group == id(expected[3]), "\(who) is \(found)")
      try promise(found.home.map { $0.first == 0x2f } ?? true, "\(who) lives in \(String(describing: found.home))")
      let memberships = groups.filter { fields in
        fields.count > 3
          && fields[3...].joined(separator: [0x3a]).split(separator: 0x2c).contains { $0.elementsEqual(found.name) }
      }
      try promise(accounts.groups(of: found) == memberships.compactMap { id($0[2]) }, "the groups of \(who)")
    }
    let staff = groups.first { $0[0].elementsEqual("staff".utf8) }
    try promise(accounts.group("staff") == staff.flatMap { id($0[2]) }, "the group staff")
  }

  /// The well-formed lines of a file, in fields.
  private static func lines(_ text: [UInt8], atLeast count: Int) -> [[[UInt8]]] {
    text.split(separator: 0x0a).filter { !$0.contains(0) }
      .map { $0.split(separator: 0x3a, omittingEmptySubsequences: false).map { Array($0) } }
      .filter { $0.count >= count && !$0[0].isEmpty && id($0[2]) != nil }
  }

  /// A number that is written as the kernel would print it.
  private static func id(_ text: [UInt8]) -> UInt32? {
    let text = String(decoding: text, as: UTF8.self)
    return UInt32(text).flatMap { $0 < .max && String($0) == text ? $0 : nil }
  }
}
