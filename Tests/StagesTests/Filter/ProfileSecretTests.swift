import Stages
import Testing

@testable import Command
@testable import Pipeline

/// A file that is named as a profile and isn't one may be a secret.
struct ProfileSecretTests {
  @Test(arguments: [
    "root:$6$hunter2:1::\n", "{\"auths\": {\"x\": \"hunter2\"}}", "hunter2", "[\"hunter2\"]", "{hunter2",
  ])
  func nothingIsToldOfAFileThatIsNoProfile(text: String) throws {
    var machine = FakeHost()
    machine.files["/secret"] = text
    let file = ConfigurationFile(name: "stages.conf", bytes: Array("nonewprivs\nseccomp profile=/secret\n".utf8))
    let configuration = try Configuration(file, catalog: tool.catalog, host: machine.host)
    var told = ""
    do throws(Failure) {
      _ = try Plan(configuration.entries, CommandOptions().container([[0x61]], configuration, machine.host))
    } catch { told = error.text }
    #expect(told.contains("/secret") && told.contains("defaultAction") && !told.contains("hunter2"), "\(told)")
  }
}
