import Testing

@testable import Command
@testable import Pipeline
@testable import Stages

struct SubordinateIDsTests {
  private func ranges(_ text: String, name: String? = "ada", own: UInt32 = 4_000_000_000) -> [SubordinateIDs.Range] {
    SubordinateIDs.parse(Array(text.utf8), name: name.map { Array($0.utf8) }, id: 1000, own: own).ranges
  }

  @Test func linesByNameAndByNumberAreTaken() {
    #expect(
      ranges("ada:100000:65536\nbob:1:2\n1000:300000:10\n")
        == [.init(start: 100_000, count: 65_536), .init(start: 300_000, count: 10)])
    #expect(ranges("ada:100000:65536\n1000:5:6", name: nil) == [.init(start: 5, count: 6)])
    #expect(ranges("ada:100000:65536") == [.init(start: 100_000, count: 65_536)], "without an end of line")
  }

  @Test(arguments: [
    "", "\n\n", "ada", "ada:", "ada:1", "ada:1:", "ada::1", "ada:1:2:3", "ada:x:1", "ada:1:x", "ada:-1:5", "ada:1:-5",
    "ada:0:5", "ada:5:0", "adam:1:2", "ad:1:2", ":1:2", " ada:1:2", "ada: 1:2", "ada:4294967295:1",
    "ada:4294967290:10", "ada:4294967296:1", "ada:1:4294967296", "ada:1:4294967295", "ada:0x10:5", "10000:1:2",
    "ada:1:2\r",
  ])
  func anyOtherLineIsPassedOver(text: String) {
    #expect(ranges(text).isEmpty)
    #expect(ranges(text + "\nada:7:8\n" + text) == [.init(start: 7, count: 8)])
  }

  @Test func theLargestRangeIsTaken() {
    let all = ranges("ada:1:4294967294")
    #expect(all == [.init(start: 1, count: 3_999_999_999), .init(start: 4_000_000_001, count: 294_967_294)])
  }

  @Test("ids that an earlier range of /etc/subuid has are left out of a later one")
  func whatARangeAboveHasIsLeftOut() {
    #expect(
      ranges("ada:100:50\n1000:149:10\nada:150:10\nada:90:11\nada:90:10")
        == [
          .init(start: 100, count: 50), .init(start: 150, count: 9), .init(start: 159, count: 1),
          .init(start: 90, count: 10),
        ])
  }

  /// The kernel refuses a map in which an id outside stands twice.
  @Test func theCallersOwnIdIsLeftOut() {
    let expected: [UInt32: [SubordinateIDs.Range]] = [
      100: [.init(start: 101, count: 9)], 105: [.init(start: 100, count: 5), .init(start: 106, count: 4)],
      109: [.init(start: 100, count: 9)], 99: [.init(start: 100, count: 10)], 110: [.init(start: 100, count: 10)],
    ]
    for (own, parts) in expected { #expect(ranges("ada:100:10", own: own) == parts) }
  }

  @Test(arguments: [1, 300, 339, 340, 1000]) func aMapHasNoMoreLinesThanTheKernelTakes(count: UInt32) {
    for first in [UInt32(10), 100_000, 1_000_000_000] {
      let all = (0..<count).map { SubordinateIDs.Range(start: first + $0 * 2, count: 1) }
      let (ranges, leftOut) = SubordinateIDs.fitting(all)
      #expect(ranges.count <= 340 && ranges.count + leftOut == count)
      #expect(ranges.reduce(0) { $0 + $1.line.utf8.count } < 4096)
      #expect(ranges.map(\.inside) == (0..<UInt32(ranges.count)).map { $0 })
      if count == 300, first == 10 { #expect(leftOut == 0) }
    }
  }

  @Test func noiseIsHarmless() {
    var random = SeededGenerator(seed: 11)
    let pieces = ["ada", "1000", ":", "\n", "0", "4294967295", "99999999999999999999", "-", "ü", "\r", " ", "65536"]
    for _ in 0..<5000 {
      let text = (0..<Int.random(in: 0..<20, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
        .joined()
      for range in ranges(text) where range.start == 0 || range.count == 0 { Issue.record("\(text) gives \(range)") }
      _ = SubordinateIDs.parse(random.bytes(0..<60), name: Array("ada".utf8), id: 1000, own: 1000)
      var machine = FakeHost()
      for file in ["/etc/passwd", "/etc/group", "/etc/subuid"] { machine.files[file] = text }
      _ = FreeIDs.range(machine.host)
    }
  }

  /// What makes newuidmap refuse is found beforehand, and `auto` goes on with one id.
  @Test(arguments: [
    ("no_new_privs", "/usr/bin/newuidmap can't become root, since littlectr was started with no_new_privs"),
    ("nosuid", "/usr/bin/newuidmap can't become root, since it lies on a mount with nosuid"),
    ("no bit", "/usr/bin/newuidmap has neither root's set-user-ID bit nor a file capability"),
    ("owner", "/usr/bin/newuidmap doesn't belong to root, or to nobody of the user namespace"),
    ("newgrp", "your group is 50, not 1000 as /etc/passwd has it"),
    ("no account", "user 1000 has no line in /etc/passwd, and newuidmap maps ids only for a user with a name"),
    ("no ids", #"the line "ada:100000:0" of /etc/subuid has no ids, and user ada has no other"#),
    ("root's", #"the line "ada:0:65536" of /etc/subuid begins with root's id, and user ada has no other"#),
    ("too far", #"the line "ada:4294967290:10" of /etc/subuid goes beyond the largest id"#),
    ("words", #"the line "ada:many" of /etc/subuid isn't NAME:START:COUNT"#), ("no program", "newuidmap isn't in PATH"),
    ("ada's", "newuidmap isn't in PATH"), ("a subordinate id's", "newuidmap isn't in PATH"),
    ("no line", "user ada has no line in /etc/subuid"), ("link", "/etc/subgid is a symbolic link, which newuidmap"),
  ])
  func whatStandsInTheWayIsNamed(what: String, why: String) throws {
    var machine = try #require(FakeHost.named("user with ranges"))
    switch what {
    case "no_new_privs": machine.obstacle = .caller
    case "nosuid": machine.obstacle = .mount
    case "no bit": machine.obstacle = .file
    case "owner": machine.obstacle = .owner
    case "newgrp": machine.groupID = 50
    case "no account":
      machine.files["/etc/passwd"] = "root:x:0:0:root:/root:/bin/sh\n"
      for file in ["/etc/subuid", "/etc/subgid"] { machine.files[file] = "1000:100000:65536\n" }
    case "no ids": machine.files["/etc/subuid"] = "bob:1:2\nada:100000:0\n"
    case "root's": machine.files["/etc/subuid"] = "ada:0:65536\n"
    case "too far": machine.files["/etc/subuid"] = "ada:4294967290:10\n"
    case "words": machine.files["/etc/subuid"] = "ada:many\n"
    case "ada's": machine.found["/usr/bin/newuidmap"] = Host.Found(mode: 0o104755, userID: 1000)
    case "a subordinate id's": machine.found["/usr/bin/newuidmap"] = Host.Found(mode: 0o100755, userID: 100_004)
    case "link": machine.links["/etc/subgid"] = "/nfs/subgid"
    case "no program": machine.files["/usr/bin/newuidmap"] = nil
    default: machine.files["/etc/subuid"] = "\n"
    }
    let host = machine.host
    let refused = refusal { () throws(Failure) in try SubordinateIDs.map(host) }
    #expect(refused?.why?.hasPrefix(why) == true && refused?.hostLacks == true, "\(String(describing: refused))")
    #expect(refused?.text.contains("{") == false && refused?.fix?.contains("map=root") == true)
    var container = Container(command: [], host: host)
    try UserNS().shape(&container)
    #expect(container.idMap?.isSingle == true)
    #expect(container.notes.contains { $0.contains(why) }, "\(container.notes)")
  }

  /// The names of a directory service aren't in /etc/passwd.
  @Test(arguments: [("passwd:\tfiles sss\n", true), ("passwd: files systemd\n", false), ("group: files sss\n", false)])
  func anAccountMayBeElsewhere(text: String, isTaken: Bool) throws {
    var machine = try #require(FakeHost.named("user with ranges"))
    machine.files["/etc/passwd"] = "root:x:0:0:root:/root:/bin/sh\n"
    machine.files["/etc/nsswitch.conf"] = text
    for file in ["/etc/subuid", "/etc/subgid"] { machine.files[file] = "1000:100000:65536\n" }
    let host = machine.host
    #expect((refusal { () throws(Failure) in try SubordinateIDs.map(host) } == nil) == isTaken)
  }

  @Test(arguments: [("ada:100000:65533\n", true), ("ada:100000:65534\n", false), ("ada:100000:1000\n", true)])
  func tooFewIdsAreTold(text: String, areFew: Bool) throws {
    var machine = try #require(FakeHost.named("user with ranges"))
    machine.files["/etc/subgid"] = text
    var container = Container(command: [], host: machine.host)
    try UserNS().shape(&container)
    let notes = container.notes.filter { $0.contains("65534 isn't among both") }
    #expect(notes.isEmpty != areFew, "\(container.notes)")
    #expect(notes.allSatisfy { $0.contains("usermod --add-subuids 165536-231071 --add-subgids 165536-231071 ada") })
  }

  @Test func anotherUsersIdIsTold() throws {
    var machine = try #require(FakeHost.named("user with ranges"))
    machine.files["/etc/passwd"]? += "eve:x:100500:100500::/home/eve:/bin/sh\n"
    var container = Container(command: [], host: machine.host)
    try UserNS().shape(&container)
    #expect(
      container.shared.contains { $0.what.contains("the id of user eve, 100500, so root inside may do what eve") })
  }

  @Test func aFreeRangeIsNobodys() throws {
    var machine = try #require(FakeHost.named("user with ranges"))
    machine.files["/etc/subuid"] = "bob:165536:65536\nada:100000:10\n"
    machine.files["/etc/subgid"] = "eve:240000:1\n"
    machine.files["/etc/group"] = "far:x:400000:\n"
    machine.files["/etc/passwd"]? += "eve:x:300000:300000::/home/eve:/bin/sh\n"
    machine.groupID = 320_000
    // 100010 to 165535 are too few, and so is what lies between the others.
    #expect(FreeIDs.range(machine.host) == "320001-385536")
    machine.files["/etc/subuid"] = "bob:100000:4294867295\n"
    #expect(FreeIDs.range(machine.host) == nil)
  }

  @Test func aFreeRangeIsNamedEvenForNonsense() {
    for file in [
      "", "bob:100000:65536\n", "bob:4294967295:4294967295\n", "bob:99999999999999999999:1\n", ":::\n", "a:x:y",
    ] {
      var machine = FakeHost.named("user without ranges") ?? FakeHost()
      machine.files["/etc/subuid"] = file
      let failure = refusal { () throws(Failure) in try SubordinateIDs.map(machine.host) }
      #expect(failure?.fix?.contains("{") == false)
      #expect(failure?.fix?.contains("usermod --add-subuids ") == true)
    }
  }

  /// Kept groups aren't set, and are said to be there.
  @Test(arguments: ["userns groups=keep", "userns map=root", "userns map=root groups=keep"])
  func keptGroupsAreShared(line: String) throws {
    var machine = try #require(FakeHost.named("user with accounts"))
    machine.files["/proc/self/status"] = "Name:\tx\nGroups:\t4 27 \n"
    let configuration = try Configuration(
      ConfigurationFile(name: "stages.conf", bytes: Array((line + "\nmount\nchroot").utf8)),
      catalog: StageCatalog(builtin), host: machine.host)
    let plan = try Plan(configuration.entries, CommandOptions().container([[0x61]], configuration, machine.host))
    let shown = ExplanationText(plan, configuration, Style(isOn: false)).text
    #expect(!shown.contains("setgroups(0"), "\(shown)")
    #expect(shown.contains("your supplementary groups 4, 27: what you may enter"), "\(shown)")
  }
}
