import Glibc
import PipelineTesting
import Stages

@testable import Command
@testable import Pipeline
@testable import Stages

extension FuzzTarget {
  /// A text `STAGE.KEY=VALUE` sets an option, and what the option then shows gives the same again; or it is refused with
  /// a readable text. `address=TEXT` and `command.KEY=VALUE` stand for what no stage's option is.
  static let values = FuzzTarget(name: "values") { bytes in
    // Neither a file nor an argument can hold a NUL.
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self),
      let mark = text.utf8.firstIndex(of: UInt8(ascii: "="))
    else { return }
    let (path, value) = (String(text[..<mark]), String(text[text.utf8.index(after: mark)...]))
    if path == "address" { return try promiseAddress(value) }
    let names = path.split(separator: ".", maxSplits: 1).map(String.init)
    guard names.count == 2 else { return }
    if names[0] == "command" { return try promiseCommandOption(names[1], value) }
    guard let type = tool.catalog[name: names[0]] else { return }
    let file = ConfigurationFile(name: "stages.conf", bytes: Array(names[0].utf8))
    let set = try accepted { () throws(Failure) in
      var configuration = try Configuration(file, catalog: StageCatalog([type]), host: FakeHost.usual.host)
      try configuration.set(names[0], names[1], to: value, from: "--set")
      return configuration.entries[0].stage
    }
    if let set { try promiseSameAgain(set) }
  }

  /// A name server's address is one for the C library too. It lets more digits stand than our own does.
  private static func promiseAddress(_ text: String) throws {
    guard NetworkAddress.isAddress(text), !text.utf8.contains(UInt8(ascii: "%")) else { return }
    var buffer = in6_addr()
    let isKnown = inet_pton(AF_INET, text, &buffer) == 1 || inet_pton(AF_INET6, text, &buffer) == 1
    try promise(isKnown, "'\(text)' is no address for inet_pton")
  }

  private static func promiseCommandOption(_ key: String, _ text: String) throws {
    guard let option = CommandOptions.table.first(where: { $0.key == key }) else { return }
    var options = CommandOptions()
    do throws(ValueError) {
      try option.set(&options, to: text, ValueContext(directory: ""))
    } catch {
      return try promise(!error.expected.isEmpty, "nothing is expected of \(key)")
    }
    let shown = option.text(options)
    if option.isRepeatable || shown.isEmpty { return }
    var again = CommandOptions()
    try option.set(&again, to: shown, ValueContext(directory: ""))
    try promise(option.text(again) == shown, "--\(key): '\(shown)' comes back as '\(option.text(again))'")
  }
}
