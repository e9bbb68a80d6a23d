import Foundation
import SystemPackage
import Testing

@testable import Pipeline

/// Which file is the configuration.
struct SearchOrderTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private func places(_ environment: [String: String], program: String? = nil) -> [FilePath] {
    var machine = FakeHost()
    (machine.environment, machine.program) = (environment, program)
    return ConfigurationSearch(machine.host).directories.map(\.path)
  }

  @Test func theUsualPlacesAreInOrder() {
    #expect(places(["HOME": "/home/ada"]) == ["/home/ada/.config/littlectr", "/etc/littlectr"])
    #expect(
      places(["HOME": "/home/ada", "XDG_CONFIG_HOME": "/cfg"], program: "/opt/tool/littlectr")
        == ["/opt/tool", "/cfg/littlectr", "/etc/littlectr"])
    #expect(places([:], program: "/littlectr") == ["/", "/etc/littlectr"])
  }

  /// What isn't absolute would begin in the working directory.
  @Test(arguments: ["", ".", "cfg", "./cfg", "~"]) func aRelativeHomeIsIgnored(home: String) {
    #expect(places(["HOME": "/home/ada", "XDG_CONFIG_HOME": home])[0] == "/home/ada/.config/littlectr")
    #expect(places(["HOME": home, "XDG_CONFIG_HOME": home]) == ["/etc/littlectr"])
  }

  /// The real machine, with a program and variables of the test's.
  private func search(_ environment: [String: String] = [:], program: String = "program") -> ConfigurationSearch {
    let (machine, program) = (Host.current, folder.path.appending(program).appending("littlectr"))
    var environment = environment
    if environment["XDG_CONFIG_HOME"] == nil { environment["XDG_CONFIG_HOME"] = folder.path.string + "/config" }
    let variables = environment
    return ConfigurationSearch(
      Host(
        userID: machine.userID, groupID: machine.groupID,
        read: { path throws(Errno) in try machine.contents(of: path) },
        look: { machine.status(of: $0) }, environment: { variables[$0].map { Array($0.utf8) } },
        lookHere: { path throws(Errno) in try machine.here(path) },
        workingDirectory: { machine.workingDirectory }, program: { program }))
  }

  private func found(_ name: String?, _ search: ConfigurationSearch) -> String {
    do throws(Failure) {
      let file = try search.file(named: name, default: [])
      return file.path.string.replacingOccurrences(of: folder.path.string, with: "DIR") + ": \(file.origin)"
    } catch { return error.text.replacingOccurrences(of: folder.path.string, with: "DIR") }
  }

  @Test func theFirstThatIsThereIsTaken() throws {
    let machines = FileManager.default.fileExists(atPath: "/etc/littlectr/stages.conf")
    #expect(
      found(nil, search()) == (machines ? "/etc/littlectr/stages.conf: machine" : "built-in stages.conf: builtIn"))
    try folder.write("config/littlectr/stages.conf", "plain")
    #expect(found(nil, search()) == "DIR/config/littlectr/stages.conf: user")
    try folder.write("program/stages.conf", "plain")
    #expect(found(nil, search()) == "DIR/program/stages.conf: program")
    try folder.write("variable.conf", "plain")
    let variable = search(["LITTLECTR_CONF": folder.path.string + "/variable.conf"])
    #expect(found(nil, variable) == "DIR/variable.conf: variable")
    try folder.write("named", "plain")
    #expect(found(folder.path.string + "/named", variable) == "DIR/named: named")
    #expect(found(nil, search(["LITTLECTR_CONF": ""])) == "DIR/program/stages.conf: program")
  }

  @Test func aNameIsLookedForInTheUsualPlaces() throws {
    try folder.write("config/littlectr/box.conf", "plain")
    for name in ["box", "box.conf"] { #expect(found(name, search()) == "DIR/config/littlectr/box.conf: named") }
    #expect(found(nil, search(["LITTLECTR_CONF": "box"])) == "DIR/config/littlectr/box.conf: variable")
    // A directory or a program of that name beside the program isn't meant.
    try folder.write("program/box/file", "plain")
    #expect(found("box", search()) == "DIR/config/littlectr/box.conf: named")
    try folder.write("program/box.conf", "plain")
    #expect(found("box", search()) == "DIR/program/box.conf: named")
    try folder.write("program/bare", "plain")
    #expect(found("bare", search()) == "DIR/program/bare: named")
  }

  @Test(arguments: ["", ".", "..", "box", "box.conf"]) func aNameThatNoFileHasIsTold(name: String) {
    let text = found(name, search())
    #expect(text.hasPrefix("littlectr: --conf: no configuration is called \"\(name)\"\n"), "\(text)")
    #expect(text.contains("is looked for in DIR/program, DIR/config/littlectr, /etc/littlectr, as"), "\(text)")
  }

  @Test func aFileThatWasAskedForMustBeThere() throws {
    let gone = folder.path.string + "/gone"
    for (name, variable) in [(gone, ""), (nil, gone)] as [(String?, String)] {
      #expect(found(name, search(["LITTLECTR_CONF": variable])).contains("ENOENT\n  why  there is no file DIR/gone\n"))
    }
  }

  @Test func aUsualFileThatCanNotBeTrustedIsNotPassedOver() throws {
    try folder.write("program/stages.conf", "plain", mode: 0o666)
    #expect(found(nil, search()).contains("DIR/program/stages.conf has mode 666"))
    try folder.write("program/box.conf", "plain", mode: 0o666)
    #expect(found("box", search()).contains("DIR/program/box.conf has mode 666"))
  }
}
