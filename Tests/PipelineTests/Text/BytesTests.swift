import SystemPackage
import Testing

@testable import Pipeline

/// Names are bytes: what looks alike is not the same, and a mark that combines takes no separator away.
struct BytesTests {
  @Test func separatorsAreFoundBeforeCombiningMarks() {
    #expect("a:\u{301}b:c".fields(":") == ["a", "\u{301}b", "c"])
    #expect("::a:".fields(":") == ["", "", "a", ""])
    #expect("a=b=c".fields("=", most: 2) == ["a", "b=c"])
    #expect("".fields(":") == [""])
    #expect(" a  \u{301}b ".words() == ["a", "\u{301}b"])
    #expect("a\r\nb\n\n\u{301}c\n".lines == ["a\r", "b", "\u{301}c"])
  }

  @Test func beginningsAreBytes() {
    #expect("/\u{301}a".begins(with: "/") && !"/\u{301}a".hasPrefix("/"))
    #expect("*\u{301}".has("*") && !"a".has("*"))
    #expect("a/".ends(with: "/") && !"a".ends(with: "aa") && "a".ends(with: ""))
    #expect("/\u{301}a".dropping(1) == "\u{301}a")
  }

  @Test func twoSpellingsAreTwoNames() {
    #expect("\u{e9}" == "e\u{301}" && !"\u{e9}".isSame(as: "e\u{301}"))
    #expect(!"K".isSame(as: "\u{212a}"))
  }

  @Test(arguments: [[0x2f, 0xff, 0xfe], [0x2f, 0x61, 0x2f, 0xc3], [0x61], []] as [[UInt8]])
  func pathsKeepTheirBytes(bytes: [UInt8]) {
    #expect(FilePath(bytes: bytes).bytes == bytes)
    #expect(FilePath(bytes: bytes + [0x2f, 0xff]).names.last?.bytes == [0xff])
  }

  @Test func whatLiesBelowABindIsFoundByBytes() {
    let host = FakeHost().host
    var container = Container(command: [], host: host)
    container.put("/host", at: "/caf\u{e9}")
    #expect(container.hostPlace(of: "/caf\u{e9}/a")?.source == "/host")
    #expect(container.hostPlace(of: "/cafe\u{301}/a") == nil)
    container.put(FilePath(bytes: [0x2f, 0xff]), at: FilePath(bytes: [0x2f, 0xff]))
    #expect(container.hostPlace(of: FilePath(bytes: [0x2f, 0xfe])) == nil)
    #expect(container.hostPlace(of: FilePath(bytes: [0x2f, 0xff, 0x2f, 0x61]))?.source.bytes == [0x2f, 0xff])
  }

  @Test func aMountIsReadByBytes() throws {
    let line = "36 35 0:4 / /a\u{301}b ro,nosuid - tmpfs \u{301}source rw"
    let mount = try #require(Facts.mount(line))
    #expect(mount.path == "/a\u{301}b" && mount.type == "tmpfs" && mount.isReadOnly)
    var facts = Facts()
    facts.take(mounts: Array("36 35 0:4 / /caf".utf8) + [0xe9] + Array(" rw - tmpfs x rw\n".utf8), devices: [])
    #expect(facts.mounts.map(\.path) == ["/caf\\xe9"], "and is no other name")
  }

  @Test func factsAreComparedByBytes() {
    var facts = Facts()
    facts.add("groups", ["caf\u{e9}", "cafe\u{301}"])
    #expect(facts.differences(from: [.init("groups", ["cafe\u{301}"])]) != "")
    #expect(facts.differences(from: [.init("groups", ["cafe\u{301}", "caf\u{e9}"])]) == "")
  }

  @Test func variablesAreBytes() {
    var machine = FakeHost()
    machine.bytes = ["TERM": [0x78, 0xff]]
    var container = Container(command: [], host: machine.host)
    #expect(container[bytesOf: "TERM"] == [0x78, 0xff])
    container[bytesOf: "A"] = [0xfe]
    #expect(container.environment.last?.line == [0x41, 0x3d, 0xfe])
    #expect(container[environment: "A"] == "\\xfe")
  }

  @Test(arguments: ["HOME"]) func whatIsNotUTF8IsNotRepaired(name: String) {
    var machine = FakeHost()
    machine.bytes = [name: [0x2f, 0x68, 0xff]]
    let told = complaint("sample text=${\(name)}", machine)
    #expect(told.contains("the value of '${\(name)}' isn't UTF-8"), "\(told)")
    #expect(told.contains(#"why  it is "/h\377""#), "\(told)")
  }

  @Test(arguments: ["e\u{301}", "\u{e9}"]) func anotherSpellingIsAnotherUser(name: String) {
    var machine = FakeHost()
    machine.files["/etc/passwd"] = "\(name):x:1000:1000::/home/\(name):/bin/sh\n"
    #expect(machine.host.accountName == Array(name.utf8))
    #expect(machine.host.home?.bytes == Array("/home/\(name)".utf8))
  }
}
