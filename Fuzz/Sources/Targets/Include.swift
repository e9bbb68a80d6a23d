import PipelineTesting
import Stages
import Synchronization

@testable import Command
@testable import Pipeline

extension FuzzTarget {
  /// A configuration of several files, each but the first after a line `==== PATH`, which include each other: it comes to an
  /// end, each entry has its place in one of them, and stands where the file is included; or it is refused with its place.
  static let include = FuzzTarget(name: "include") { bytes in
    let (first, others) = (main(bytes), sections(bytes))
    var host = FakeHost.named(by: first).host
    let opened = Opened()
    host.included = { path, _ throws(Failure) in
      let name = path.lexicallyNormalized().string
      guard let index = others.firstIndex(where: { $0.0 == name }) else {
        var failure = Failure("openat(AT_FDCWD, \(quoted(path)), O_RDONLY|O_NONBLOCK|O_CLOEXEC)")
        (failure.errno, failure.location) = (.noSuchFileOrDirectory, Location(file: path.string))
        throw failure
      }
      opened.add(path.string, others[index].1)
      // Of two names for one file, the number tells.
      return ConfigurationFile(name: path.string, bytes: others[index].1, inode: UInt64(index))
    }
    opened.add("stages.conf", first)
    let main = ConfigurationFile(name: "stages.conf", bytes: first)
    let configuration = try accepted { () throws(Failure) in
      try Configuration(main, catalog: tool.catalog, host: host)
    }
    let files = opened.all
    let most = ConfigurationParser.mostFiles
    try promise(files.count <= most + 1, "\(files.count) files were read")
    guard let configuration else { return }
    try promise(configuration.directory == main.directory, "the directory is no longer the first file's")
    for entry in configuration.entries {
      let lines = files.filter { $0.name == entry.location.file }.map { $0.text.count { $0 == 0x0a } + 1 }
      let line = entry.location.line
      try promise(line > 0 && line <= lines.max() ?? 0, "\(entry.location) is no line of any file")
    }
    // In each file what stands further below comes later, however often it is read.
    for (entry, next) in zip(configuration.entries, configuration.entries.dropFirst())
    where entry.location.file == next.location.file && files.count(where: { $0.name == entry.location.file }) == 1 {
      try promise(entry.location.line < next.location.line, "\(next.location) comes after \(entry.location)")
    }
    try promiseToPlan(configuration, host)
  }

  /// What stands before the first line `==== PATH`.
  private static func main(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    for line in bytes.split(separator: 0x0a, omittingEmptySubsequences: false) {
      if line.starts(with: "==== ".utf8) { break }
      text += Array(line) + [0x0a]
    }
    return text
  }

  /// The files that were read, in this order.
  private final class Opened: Sendable {
    private let files = Mutex<[(name: String, text: [UInt8])]>([])
    var all: [(name: String, text: [UInt8])] { files.withLock { $0 } }
    func add(_ name: String, _ text: [UInt8]) { files.withLock { $0.append((name, text)) } }
  }
}
