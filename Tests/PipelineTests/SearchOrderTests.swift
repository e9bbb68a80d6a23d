import SystemPackage
import Testing

@testable import Pipeline

struct SearchOrderTests {
  private func places(_ environment: [String: String]) -> [FilePath] {
    var machine = FakeHost()
    machine.environment = environment
    return Configuration.usualPlaces(machine.host)
  }

  @Test func theUsualPlacesAreInOrder() {
    #expect(
      places(["HOME": "/home/ada"]) == [
        "stages.conf", "/home/ada/.config/littlectr/stages.conf", "/etc/littlectr/stages.conf",
      ])
    #expect(
      places(["HOME": "/home/ada", "XDG_CONFIG_HOME": "/cfg"])
        == ["stages.conf", "/cfg/littlectr/stages.conf", "/etc/littlectr/stages.conf"])
    #expect(places([:]) == ["stages.conf", "/etc/littlectr/stages.conf"])
  }

  @Test func aRelativeConfigurationHomeIsIgnored() {
    #expect(
      places(["HOME": "/home/ada", "XDG_CONFIG_HOME": "cfg"])[1] == "/home/ada/.config/littlectr/stages.conf")
  }

  private func machine(_ environment: [String: String]) -> Host {
    var machine = FakeHost()
    machine.environment = environment
    // Files are really opened, and must be the caller's.
    machine.userID = Host.current.userID
    return machine.host
  }

  @Test func theFileNamedComesFirst() throws {
    let folder = try Folder()
    let (named, other) = (try folder.write("named", "plain"), try folder.write("other", "plain"))
    let host = machine(["LITTLECTR_CONF": other.string])
    #expect(try Configuration.find(named: named, default: [], host: host).name == named.string)
    #expect(try Configuration.find(named: nil, default: [], host: host).name == other.string)
  }

  @Test func aFileThatWasAskedForMustBeThere() throws {
    let gone = try Folder().path.appending("gone")
    let failures = [
      refusal { () throws(Failure) in try Configuration.find(named: gone, default: [], host: machine([:])) },
      refusal { () throws(Failure) in
        try Configuration.find(named: nil, default: [], host: machine(["LITTLECTR_CONF": gone.string]))
      },
    ]
    #expect(failures.map { $0?.errno } == [.noSuchFileOrDirectory, .noSuchFileOrDirectory])
  }

  @Test func aUsualFileThatCanNotBeTrustedIsNotPassedOver() throws {
    let folder = try Folder()
    try folder.write("littlectr/stages.conf", "plain", mode: 0o666)
    let host = machine(["XDG_CONFIG_HOME": folder.path.string, "LITTLECTR_CONF": ""])
    // The working directory's own file would come before; a package's root has one.
    let failure = refusal { () throws(Failure) in try Configuration.find(named: nil, default: [], host: host) }
    let file = try? Configuration.find(named: nil, default: [], host: host)
    #expect(failure?.why?.contains("has mode 666") == true || file?.name == "stages.conf")
  }
}
