import SystemPackage
import Testing

@testable import Pipeline

/// A file that is no configuration may be a secret: nothing of it is told, but where it is and of what kind.
struct SecretTests {
  private static let secrets = [
    "root:$6$hunter2$x:19000:0:99999:7:::\n", "hunter2\n", "machine example.org login ada password hunter2\n",
    "{\"auth\": \"hunter2\"}\n", "# a comment\n\nAPI_KEY=hunter2\n", "-----BEGIN PRIVATE KEY-----\nhunter2\n",
    "plain=hunter2\n", "  indented hunter2\n", "off=hunter2", "include=hunter2 x", "${HUNTER} hunter2",
    "\"hunter2\" sample", "sample:hunter2:x", "hunter2\u{0}x", "hunter2 \u{1b}[0m",
  ]

  @Test("no error shows a byte of a file that is no configuration", arguments: secrets)
  func nothingOfItIsTold(secret: String) throws {
    let folder = try Folder()
    let path = try folder.write("secret", secret)
    let named = refusal { () throws(Failure) in
      try Configuration(ConfigurationFile(path, host: .current), catalog: samples, host: .current)
    }
    #expect(
      named?.text.contains("hunter2") == false && named?.text.contains("\(path):") == true, "\(named?.text ?? "")")
    let including = ConfigurationFile(name: "stages.conf", bytes: Array("plain\ninclude \(path)\n".utf8))
    let included =
      refusal { () throws(Failure) in try Configuration(including, catalog: samples, host: .current) }?.text ?? ""
    #expect(
      included.contains("\(path):") && !included.contains("hunter2") && !included.contains("HUNTER"), "\(included)")
  }

  @Test func bytesThatAreNoTextAreNotToldEither() throws {
    let text = complaint(Array("hunter2 ".utf8) + [0xff])
    #expect(
      text == "littlectr: stages.conf:1:9: this isn't UTF-8\n  fix  save the file as UTF-8"
        && !text.contains("hunter2"), "\(text)"
    )
  }

  @Test(arguments: [
    "smaple hunter2", "plain\nhunter2", "off\n", "try hunter2=1", "‘plain’ a", "\"sample\" text=a", "\u{a0}plain",
    "  plain hunter2",
  ])
  func aLineOfAConfigurationIsQuoted(text: String) {
    let told = complaint(text)
    #expect(told.contains("^") && !told.contains("this is no line"), "\(told)")
  }

  @Test("a file that is no configuration is refused without its text")
  func itSaysWhatItIs() {
    #expect(
      complaint("networking on\n") == """
        littlectr: stages.conf:1: this is no line of a configuration
          why  what stands there isn't shown: it begins with no stage's name, and no line above does, so it may be a secret
          fix  name a file that lists stages, as littlectr help stages.conf describes it
        """)
  }
}
