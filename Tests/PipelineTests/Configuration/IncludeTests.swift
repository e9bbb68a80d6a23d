import Foundation
import SystemPackage
import Testing

@testable import Pipeline

struct IncludeTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  private func read(_ name: String) throws(Failure) -> Configuration {
    let file = try ConfigurationFile(folder.path.appending(name), host: .current)
    return try Configuration(file, catalog: samples, host: .current)
  }

  private func complaint(_ name: String) -> String {
    (refusal { () throws(Failure) in try read(name) }?.text ?? "no error")
      .replacingOccurrences(of: folder.path.string + "/", with: "")
  }

  @Test func theFileIsPutInAtThatPlace() throws {
    try folder.write("main", "sample\ninclude more\nbroken")
    try folder.write("more", "plain")
    let entries = try read("main").entries
    #expect(entries.map(\.name) == ["sample", "plain", "broken"])
    #expect(entries.map(\.location.line) == [1, 1, 3])
    #expect(entries[1].location.file == folder.path.appending("more").string)
  }

  @Test func pathsAreRelativeToTheirFile() throws {
    try folder.write("main", "include sub/one # comment")
    try folder.write("sub/one", "sample path=image text=${CONF}\ninclude \"two words\"")
    try folder.write("sub/two words", "include ../plain")
    try folder.write("plain", "plain")
    let entries = try read("main").entries
    #expect(entries.map(\.name) == ["sample", "plain"])
    let sample = try #require(entries[0].stage as? Sample)
    #expect(sample.path == folder.path.appending("sub/image"))
    #expect(FilePath(sample.text) == folder.path.appending("sub"))
  }

  @Test func variablesAndAbsolutePathsAreTaken() throws {
    try folder.write("main", "include ${CONF}/more")
    try folder.write("more", "plain")
    #expect(try read("main").entries.count == 1)
  }

  @Test func anIndentedLineAfterItHasNoStage() throws {
    try folder.write("main", "sample\ninclude more\n  number=1")
    try folder.write("more", "sample")
    #expect(complaint("main").hasPrefix("littlectr: main:3:3: an indented line belongs to the stage above it"))
    try folder.write("main", "sample\ninclude more\n")
    try folder.write("more", "  number=1")
    #expect(complaint("main").hasPrefix("littlectr: more:1:3: an indented line belongs to the stage above it"))
  }

  @Test func aFileDoesNotIncludeItself() throws {
    try folder.write("main", "include main")
    #expect(
      complaint("main") == """
        littlectr: main:1:9: this file includes itself: main → main
            include main
                    ^^^^
          fix  remove one of the includes
        """)
  }

  @Test func aCircleIsFoundUnderOtherNamesToo() throws {
    try folder.write("main", "include a")
    try folder.write("a", "include b")
    try folder.write("b", "include ./link")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path.appending("link").string, withDestinationPath: "a")
    #expect(complaint("main").hasPrefix("littlectr: b:1:9: this file includes itself: a → b → "))
  }

  @Test func aFileMayBeIncludedTwice() throws {
    try folder.write("main", "include off\ninclude off\nplain")
    try folder.write("off", "off sample")
    #expect(try read("main").entries.map(\.name) == ["sample", "sample", "plain"])
  }

  @Test func atMostAHundredFilesAreIncluded() throws {
    try folder.write("empty", "# nothing")
    try folder.write("main", String(repeating: "include empty\n", count: 100))
    #expect(try read("main").entries.isEmpty)
    try folder.write("main", String(repeating: "include empty\n", count: 101))
    #expect(complaint("main").hasPrefix("littlectr: main:101:9: more than 100 files are included"))
  }

  /// A machine given by its answers has its own files, and the number of each.
  @Test func aMachineOfATestHasItsOwnFiles() throws {
    var host = FakeHost().host
    host.included = { path, _ throws(Failure) in
      let isPlain = path.lexicallyNormalized() == "/srv/plain"
      let text = isPlain ? "off plain" : "include plain"
      return ConfigurationFile(name: path.string, bytes: Array(text.utf8), inode: isPlain ? 1 : 2)
    }
    func read(_ text: String) throws(Failure) -> [String] {
      let file = ConfigurationFile(name: "/srv/main", bytes: Array(text.utf8))
      return try Configuration(file, catalog: samples, host: host).entries.map(\.name)
    }
    #expect(try read("include plain\ninclude ./more") == ["plain", "plain"])
    host.included = { path, _ throws(Failure) in
      ConfigurationFile(name: path.string, bytes: Array("include ./x/../plain".utf8), inode: 3)
    }
    let failure = refusal { () throws(Failure) in _ = try read("include plain") }
    #expect(failure?.text.contains("this file includes itself: /srv/plain → /srv/x/../plain") == true)
  }

  @Test func errorsNameTheIncludedFile() throws {
    try folder.write("main", "plain\ninclude more")
    try folder.write("more", "\nsampel")
    #expect(complaint("main").hasPrefix("littlectr: more:2:1: unknown stage 'sampel'; did you mean 'sample'?"))
  }
}
