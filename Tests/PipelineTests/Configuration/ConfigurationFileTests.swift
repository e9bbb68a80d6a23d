import Foundation
import SystemPackage
import Testing

@testable import Pipeline

struct ConfigurationFileTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  private func complaint(_ path: FilePath, _ host: Host = .current) -> String {
    let failure = refusal { () throws(Failure) in try ConfigurationFile(path, host: host) }
    return (failure?.text ?? "no error").replacingOccurrences(of: folder.path.string, with: "DIR")
  }

  @Test func itsTextAndNameAreKept() throws {
    let path = try folder.write("a.conf", "plain\n")
    let file = try ConfigurationFile(path, host: .current)
    #expect(file.bytes == Array("plain\n".utf8))
    #expect(file.name == path.string)
    #expect(FilePath(file.directory.string) == folder.path)
    #expect(ConfigurationFile(name: "a.conf", bytes: []).directory == ".")
    #expect(ConfigurationFile(name: "/a.conf", bytes: []).directory == "/")
  }

  @Test(arguments: [0o666, 0o602, 0o622, 0o777])
  func oneThatAnybodyCanWriteIsRefused(mode: Int) throws {
    let path = try folder.write("a.conf", "plain", mode: mode)
    #expect(
      complaint(path) == """
        littlectr: DIR/a.conf: the configuration can't be used
          why  DIR/a.conf has mode \(String(mode, radix: 8)), so that other users can write it, and make littlectr do anything in your name
          fix  look at what is in it, then: chmod go-w DIR/a.conf
        """)
  }

  @Test func oneThatAGroupCanWriteIsRefused() throws {
    let path = try folder.write("a.conf", "plain", mode: 0o664)
    let (user, group) = (Host.current.userID, Host.current.groupID)
    var machine = FakeHost()
    machine.hasRealFiles = true
    (machine.userID, machine.groupID) = (user, group)
    machine.files["/etc/passwd"] = "me:x:\(user):\(group)::/:\n"
    machine.files["/etc/group"] = "me:x:\(group):me\n"
    #expect(complaint(path, machine.host) == "no error", "a group of one's own is nobody else")
    machine.files["/etc/group"] = "me:x:\(group):me,eve\n"
    #expect(complaint(path, machine.host).contains("has mode 664"))
    machine.files["/etc/group"] = "me:x:\(group):\n"
    machine.files["/etc/passwd"]? += "eve:x:\(user + 1):\(group)::/:\n"
    #expect(complaint(path, machine.host).contains("has mode 664"), "it is another's primary group")
    machine.groupID = group + 1
    #expect(complaint(path, machine.host).contains("has mode 664"), "it isn't the caller's primary group")
  }

  @Test(arguments: [
    "eve:x:OTHER:GROUP:\u{301}Eve:/:\n", "eve:x:OTHER:GROUP::/:\r\n", "e\u{301}ve:x:OTHER:GROUP::/:",
    "\u{301}:x:OTHER:GROUP::/:",
    "+::::::\n", "eve:x:OTHER:+GROUP::/:\n",
  ])
  func noSpellingHidesAnotherUserOfTheGroup(line: String) throws {
    let path = try folder.write("a.conf", "plain", mode: 0o664)
    let (user, group) = (Host.current.userID, Host.current.groupID)
    var machine = FakeHost()
    machine.hasRealFiles = true
    (machine.userID, machine.groupID) = (user, group)
    machine.files["/etc/passwd"] =
      "me:x:\(user):\(group)::/:\n"
      + line.replacingOccurrences(of: "GROUP", with: "\(group)").replacingOccurrences(of: "OTHER", with: "\(user + 1)")
    machine.files["/etc/group"] = "me:x:\(group):\n"
    #expect(complaint(path, machine.host).contains("has mode 664"))
    machine.files["/etc/passwd"] = "caf\u{e9}:x:\(user):\(group)::/:\n"
    machine.files["/etc/group"] = "me:x:\(group):cafe\u{301}\n"
    #expect(complaint(path, machine.host).contains("has mode 664"), "two spellings are two users")
  }

  @Test func oneOfAnotherUserIsRefused() throws {
    let path = try folder.write("a.conf", "plain")
    var machine = FakeHost()
    machine.hasRealFiles = true
    machine.userID = 4242
    let text = complaint(path, machine.host)
    if Host.current.isRoot {
      #expect(text == "no error", "root may do anything anyway")
    } else {
      #expect(text.contains("belongs to user \(Host.current.userID), who could"))
      #expect(text.contains("you are user 4242"))
    }
  }

  @Test func aDirectoryIsRefused() {
    #expect(
      complaint(folder.path) == """
        littlectr: DIR: the configuration can't be used
          why  DIR isn't a regular file
          fix  name a regular file: a directory, device or pipe can't be checked for its writers
        """)
  }

  @Test func aPipeIsRefusedWithoutWaitingForAWriter() throws {
    let path = folder.path.appending("pipe")
    try #require(mkfifo(path.string, 0o600) == 0)
    #expect(complaint(path).contains("DIR/pipe isn't a regular file"))
  }

  @Test func aDeviceIsRefused() { #expect(complaint("/dev/null").contains("/dev/null isn't a regular file")) }

  @Test func aFileOfMoreThanAMebibyteIsRefused() throws {
    let comment = [UInt8](repeating: UInt8(ascii: "#"), count: ConfigurationFile.largest)
    #expect(complaint(try folder.write("largest", comment)) == "no error")
    let text = complaint(try folder.write("larger", comment + [0x0a]))
    #expect(text.contains("DIR/larger is larger than 1 MiB"))
  }

  @Test func oneThatIsNotThereIsTold() {
    let text = complaint(folder.path.appending("gone"))
    #expect(text.contains("ENOENT\n  why  there is no file DIR/gone\n"))
  }

  @Test func oneBelowAFileIsTold() throws {
    let path = try folder.write("a.conf", "plain").appending("b.conf")
    let failure = refusal { () throws(Failure) in try ConfigurationFile(path, host: .current) }
    #expect(failure?.errno == .notDirectory)
    #expect(failure?.status == 125)
  }
}
