import Testing

@testable import Pipeline
@testable import Stages

/// Lines of passwd and group as an image may have them.
struct AccountsTests {
  private func accounts(_ passwd: String, _ group: String = "") throws -> Accounts {
    var machine = FakeHost()
    (machine.files["/etc/passwd"], machine.files["/etc/group"]) = (passwd, group)
    return try Accounts(Container(command: [], host: machine.host))
  }

  @Test("numbers up to 4294967294 are ids", arguments: ["0", "1", "1000", "4294967294"])
  func numbers(_ text: String) {
    #expect(Accounts.id(Array(text.utf8)) == UInt32(text))
    #expect(UserReference(text)?.number == UInt32(text))
  }

  @Test(
    "what only looks like a number is no id",
    arguments: [
      "", "-1", "+1", "0x1", "01", "00", "01x", "1x", "4294967295", "4294967296", "99999999999999999999", " 1", "1 ",
      "1.0",
      "١", "1\0", "-0",
    ])
  func whatLooksLikeANumberOnly(_ text: String) {
    #expect(Accounts.id(Array(text.utf8)) == nil)
    #expect(UserReference(text) == nil, "nor is it a name")
  }

  @Test(arguments: [
    "bob:x:1:2", "bob:x:1:2:", "bob:x::2::/:", "bob:x:1:::/:", "bob:x:-1:2::/:", "bob:x:01:2::/:", "bob:x:0x1:2::/:",
    "bob:x:1:4294967295::/:", "bob:x:1 :2::/:", "bob\0:x:1:2::/:", "b\0b:x:1:2::/:", ":x:1:2::/:", "bobby:x:1:2::/:",
    "bob", "", "#bob:x:1:2::/:", " bob:x:1:2::/:", "+bob:x:1:2::/:", "bob:x:1:2:\0:/:",
  ]) func aLineThatIsNotWellFormedIsPassedOver(_ line: String) throws {
    #expect(try accounts(line).user(.name("bob"))?.id == nil)
    let next = try accounts(line + "\nbob:x:7:8::/home/bob:/bin/sh").user(.name("bob"))
    #expect(next?.id == 7 && next?.group == 8 && next?.home == Array("/home/bob".utf8), "the one below it counts")
  }

  @Test func theFirstOfTwoCounts() throws {
    let accounts = try accounts("bob:x:7:8::/a:\nbob:x:0:0::/b:\neve:x:7:9::/c:\n", "g:x:1:\ng:x:2:\n")
    #expect(accounts.user(.name("bob"))?.id == 7)
    #expect(accounts.user(.number(7))?.home == Array("/a".utf8))
    #expect(accounts.group("g") == 1)
    #expect(accounts.group("h") == nil)
  }

  @Test func aHomeThatIsNoAbsolutePathIsNone() throws {
    for home in ["", "home", "./x"] {
      #expect(try accounts("bob:x:1:1::\(home):/bin/sh").user(.name("bob"))?.home == nil)
    }
  }

  @Test func groupsAreThoseThatNameTheMember() throws {
    let group = "a:x:1:bob\nb:x:2:eve,bob,x\nc:x:3:bobby\nd:x:-4:bob\ne:x:5\nf:x:6:\ng:x:7:,bob,\nh:x:8:bob:x\n"
    let accounts = try accounts("bob:x:1:1::/:", group)
    let bob = try #require(accounts.user(.name("bob")))
    #expect(accounts.groups(of: bob) == [1, 2, 7])
  }

  @Test func noiseIsHarmless() throws {
    var random = SeededGenerator(seed: 9)
    for _ in 0..<400 {
      let pieces = ["bob", ":", ":", ":", "\n", "0", "1", "4294967295", "/", ",", "x", "\0", "\r", "ü"]
      let text = (0..<Int.random(in: 0..<80, using: &random)).compactMap { _ in pieces.randomElement(using: &random) }
      let accounts = try accounts(text.joined(), text.reversed().joined())
      if let user = accounts.user(.name("bob")) { #expect(accounts.groups(of: user).count < 80 && user.id < .max) }
      _ = (accounts.user(.number(1)), accounts.group("bob"))
    }
  }
}
