import SystemPackage
import Testing

@testable import Pipeline

/// What is on the way to a file, and who could change it.
struct WayTests {
  private var machine: FakeHost

  init() {
    machine = FakeHost()
    machine.files["/etc/group"] = "root:x:0:\nstaff:x:50:\nteam:x:60:ada,eve\nada:x:1000:\n"
    for path in ["/", "/home", "/srv", "/here"] { machine.found[path] = Host.Found(mode: 0o040755) }
    machine.found["/tmp"] = Host.Found(mode: 0o041777)
    machine.found["/home/ada"] = Host.Found(mode: 0o040750, userID: 1000, groupID: 1000)
    machine.found["/home/ada/file"] = Host.Found(mode: 0o100644, userID: 1000, groupID: 1000, inode: 7)
    machine.found["/home/eve"] = Host.Found(mode: 0o040755, userID: 1001, groupID: 1001)
    machine.found["/home/eve/file"] = Host.Found(mode: 0o100644, userID: 1000, groupID: 1000)
  }

  private func way(_ path: FilePath, _ machine: FakeHost? = nil) throws -> Way {
    try Way(to: path, (machine ?? self.machine).host)
  }

  /// The doubt as `KIND PATH`, or `none`.
  private func doubt(_ path: FilePath, _ machine: FakeHost? = nil) throws -> String {
    let host = (machine ?? self.machine).host
    guard let doubt = try Way(to: path, host).doubt(host) else { return "none" }
    return "\(doubt.kind) \(doubt.place.path)" + (doubt.isEnd ? " itself" : "")
  }

  @Test("each directory and link on the way to a file is found")
  func eachDirectoryAndLinkIsOnIt() throws {
    var machine = machine
    machine.links = ["/srv/one": "../home/./ada//", "/srv/two": "/srv/one/file"]
    let way = try way("/srv/two", machine)
    let names = ["/", "/srv", "/srv/two", "/srv", "/srv/one", "/home", "/home/ada", "/home/ada/file"]
    #expect(way.places.map(\.path.string) == names)
    #expect(way.end == "/home/ada/file" && way.found?.inode == 7 && way.hasLinks && !way.isMissing)
  }

  @Test func dotsAndTheWorkingDirectoryAreResolved() throws {
    #expect(try way("/home/../home/ada/./file").end == "/home/ada/file")
    #expect(try way("/../..").end == "/")
    #expect(try way("../home/ada/file").end == "/home/ada/file")
    #expect(try way("/home/ada/file").hasLinks == false)
  }

  @Test func whatIsNotThereIsTold() throws {
    let way = try way("/home/ada/new/deep")
    #expect(way.isMissing && way.found == nil && way.end == "/home/ada/new/deep")
    #expect(way.places.last?.path == "/home/ada")
  }

  @Test func aCircleOfLinksEnds() {
    var machine = machine
    machine.links = ["/srv/one": "two", "/srv/two": "one"]
    #expect(throws: Errno.tooManySymbolicLinkLevels) { try way("/srv/one", machine) }
  }

  @Test func whatIsYoursOrRootsIsReliedOn() throws {
    #expect(try doubt("/home/ada/file") == "none")
    #expect(try doubt("/home/ada/new") == "none")
    #expect(try doubt("/srv") == "none")
  }

  @Test func anothersDirectoryOrLinkIsTold() throws {
    #expect(try doubt("/home/eve/file") == "foreign /home/eve")
    var machine = machine
    machine.links = ["/tmp/link": "/home/ada/file"]
    machine.found["/tmp/link"] = Host.Found(mode: 0o120777, userID: 1001)
    #expect(try doubt("/tmp/link", machine) == "foreignLink /tmp/link")
    machine.found["/tmp/link"] = Host.Found(mode: 0o120777, userID: 1000)
    #expect(try doubt("/tmp/link", machine) == "none")
  }

  @Test func whatOthersCanWriteIsTold() throws {
    var machine = machine
    machine.found["/srv"] = Host.Found(mode: 0o040777)
    machine.found["/srv/file"] = Host.Found(mode: 0o100644, userID: 1000)
    #expect(try doubt("/srv/file", machine) == "writable /srv")
    machine.found["/home/ada/file"] = Host.Found(mode: 0o100666, userID: 1000)
    #expect(try doubt("/home/ada/file", machine) == "writable /home/ada/file itself")
  }

  /// In /tmp others can't rename what is yours; but the directory itself is everybody's.
  @Test func aStickyDirectoryIsGoodOnTheWay() throws {
    var machine = machine
    machine.found["/tmp/file"] = Host.Found(mode: 0o100644, userID: 1000)
    #expect(try doubt("/tmp/file", machine) == "none")
    machine.found["/tmp/file"] = Host.Found(mode: 0o100644, userID: 1001)
    #expect(try doubt("/tmp/file", machine) == "foreign /tmp/file itself")
    #expect(try doubt("/tmp", machine) == "writable /tmp itself")
  }

  /// A group in which nobody else is, as users have of their own, and as Debian's /usr/local has.
  @Test(arguments: [
    (1000, "none"), (50, "none"), (0, "none"), (60, "group /srv"), (77, "group /srv"), (1001, "group /srv"),
  ])
  func aGroupIsItsMembers(group: UInt32, expected: String) throws {
    var machine = machine
    machine.files["/etc/passwd"]? += "eve:x:1001:1001::/home/eve:/bin/sh\n"
    machine.files["/etc/group"]? += "eve:x:1001:\n"
    machine.found["/srv"] = Host.Found(mode: 0o042775, groupID: group)
    machine.found["/srv/file"] = Host.Found(mode: 0o100644, userID: 1000)
    #expect(try doubt("/srv/file", machine) == expected)
  }

  @Test func rootReliesOnRootAlone() throws {
    var machine = machine
    (machine.userID, machine.groupID) = (0, 0)
    #expect(try doubt("/home/ada/file", machine) == "foreign /home/ada")
  }

  /// In a user namespace without root's id, root's directories seem to be nobody's.
  @Test func anUnmappedRootIsRoot() throws {
    var machine = machine
    for path in ["/", "/home", "/srv"] { machine.found[path] = Host.Found(mode: 0o040755, userID: 65534) }
    machine.found["/tmp"] = Host.Found(mode: 0o041777, userID: 65534)
    #expect(try doubt("/home/ada/file", machine) == "none")
    // In a directory that all can write it may be anybody's.
    machine.found["/tmp/one"] = Host.Found(mode: 0o040755, userID: 65534)
    machine.found["/tmp/one/file"] = Host.Found(mode: 0o100644, userID: 1000)
    #expect(try doubt("/tmp/one/file", machine) == "foreign /tmp/one")
    machine.found["/"] = Host.Found(mode: 0o040755)
    #expect(try doubt("/home/ada/file", machine) == "foreign /home")
  }

  @Test func aDoubtTellsWhoseItIsAndWhatToDo() throws {
    var machine = machine
    machine.found["/srv"] = Host.Found(mode: 0o042775, groupID: 60)
    machine.found["/srv/file"] = Host.Found(mode: 0o100644, userID: 1000)
    let way = try way("/srv/file", machine)
    let advice = try #require(way.doubt(machine.host)).advice(way, "file", "win", machine.host)
    #expect(
      advice.why.hasPrefix("the directory /srv, on the way to file, has mode 2775, and others than you are in group 60")
    )
    #expect(advice.fix == "as root: chmod g-w /srv, or keep it in a directory that only you can write")
  }
}
