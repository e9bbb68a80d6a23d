import Foundation
import Testing

@testable import Pipeline

struct VariableTests {
  @Test(
    "a variable of a configuration is replaced by its value",
    arguments: [
      ("${HOME}", "/home/ada"), ("${USER}", "ada"), ("${UID}", "1000"), ("${GID}", "100"), ("${CONF}", "."),
      ("a${UID}b${GID}c", "a1000b100c"), (#""${USER} and ${USER}""#, "ada and ada"), ("$${UID}", "$1000"),
      ("$", "$"), ("a$", "a$"), ("$}", "$}"), (#""$""#, "$"), ("{UID}", "{UID}"),
    ] as [(String, String)])
  func itIsReplaced(written: String, read: String) throws {
    var machine = FakeHost()
    machine.groupID = 100
    #expect(try sample("sample text=\(written)", machine).text == read)
  }

  @Test func thePresentDirectoryIsTheProcesss() throws {
    #expect(try sample("sample text=${PWD}").text == FileManager.default.currentDirectoryPath)
  }

  @Test func theFilesDirectoryIsKnown() throws {
    let file = ConfigurationFile(name: "/srv/boxes/web.conf", bytes: Array("sample path=${CONF}/image maybe=x".utf8))
    let entry = try #require(try Configuration(file, catalog: samples, host: FakeHost().host).entries.first)
    let sample = try #require(entry.stage as? Sample)
    #expect(sample.path == "/srv/boxes/image")
    #expect(sample.maybe == "/srv/boxes/x")
  }

  @Test func itsValueIsNotSplitNorExpandedAgain() throws {
    var machine = FakeHost()
    machine.environment["HOME"] = #"/a b" # ${UID} \n"#
    let sample = try sample("sample text=${HOME} number=3", machine)
    #expect(sample.text == #"/a b" # ${UID} \n"#)
    #expect(sample.number == 3)
  }

  @Test func anUnknownNameIsMarked() {
    #expect(
      complaint("sample text=x${HOEM}/y") == """
        littlectr: stages.conf:1:14: unknown variable '${HOEM}'; did you mean 'HOME'?
            sample text=x${HOEM}/y
                         ^^^^^^^
          fix  known are HOME, USER, UID, GID, PWD, CONF
        """)
    #expect(complaint("sample text=${PATH}").contains("unknown variable '${PATH}'"))
    #expect(complaint("sample text=${}").contains("unknown variable '${}'"))
    #expect(complaint("sample text=${home}").contains("unknown variable '${home}'"))
  }

  @Test(arguments: ["HOME", "USER"])
  func oneWithoutAValueIsRefused(name: String) {
    var machine = FakeHost()
    machine.environment = ["HOME": ""]
    machine.files = [:]
    #expect(
      complaint("sample text=${\(name)}", machine) == """
        littlectr: stages.conf:1:13: '${\(name)}' has no value here
            sample text=${\(name)}
                        ^^^^^^^
          fix  write the value itself, or set it in the environment
        """)
  }

  @Test func oneWithoutAnEndIsMarked() {
    #expect(
      complaint("sample text=${HOME") == """
        littlectr: stages.conf:1:13: this '${' has no '}'
            sample text=${HOME
                        ^^
        """)
  }

  @Test func namesAreNotExpanded() {
    #expect(
      complaint("plain\n${USER}").hasPrefix("littlectr: stages.conf:2:1: '$' can stand only in a value, after '='"))
    #expect(
      complaint("sample ${USER}=a").hasPrefix("littlectr: stages.conf:1:8: '$' can stand only in a value, after '='"))
  }
}
