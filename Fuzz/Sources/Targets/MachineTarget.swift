import PipelineTesting
import Stages

@testable import Command
@testable import Pipeline

extension FuzzTarget {
  /// A machine's files, each after a line `==== PATH`: planning for it, and finding the cause of each step's failure there,
  /// gives texts that can be read. `==== stages.conf` stands for the configuration, `==== release` for the kernel's.
  static let machine = FuzzTarget(name: "machine") { bytes in
    var (machine, text) = (FakeHost.usual, everything)
    for (path, contents) in sections(bytes) {
      switch path {
      case "stages.conf": text = contents
      case "release": machine.release = String(decoding: contents.prefix { $0 != 0x0a }, as: UTF8.self)
      case "root":
        machine.userID = 0
        machine.found["/proc/self/ns/user"] = Host.Found(mode: 0o100444, inode: 0xefff_fffd)
      default: machine.write(contents, to: path)
      }
    }
    if Array("include".utf8).isPart(of: text) { return }
    let host = machine.host
    _ = (host.userName, host.sysctl("kernel.apparmor_restrict_unprivileged_userns"), host.hasKernel(5, 15))
    let file = ConfigurationFile(name: "stages.conf", bytes: text)
    let configuration = try accepted { () throws(Failure) in
      try Configuration(file, catalog: tool.catalog, host: host)
    }
    guard let configuration, let plan = try promiseToPlan(configuration, host) else { return }
    let runner = Runner(plan)
    let errno = errnos[bytes.count % errnos.count]
    for index in plan.items.indices {
      try promise(readable: runner.explain(Runner.StepFailure(step: index, errno: errno)))
    }
  }

  /// The shipped stages.conf with each line switched on, but for the second root.
  private static let everything: [UInt8] = {
    let lines = tool.defaultConfiguration.split(separator: 0x0a).map { line in
      line.starts(with: "off ".utf8) && !line.starts(with: "off hostroot".utf8) ? line.dropFirst(4) : line
    }
    return Array(lines.joined(separator: [0x0a]))
  }()

  private static let errnos: [Errno] = [
    .notPermitted, .noSuchFileOrDirectory, .permissionDenied, .invalidArgument, .noSpace, .tooManyUsers, .noFunction,
    .resourceBusy, .outOfRange, .overflow, .execFormatError, .fileExists, .notDirectory, .tooManySymbolicLinkLevels,
  ]

  /// The parts of a text, by the names in the lines before them.
  static func sections(_ bytes: [UInt8]) -> [(String, [UInt8])] {
    var found: [(String, [UInt8])] = []
    for line in bytes.split(separator: 0x0a, omittingEmptySubsequences: false) {
      if line.starts(with: "==== ".utf8) {
        found.append((String(decoding: line.dropFirst(5), as: UTF8.self), []))
      } else if !found.isEmpty {
        found[found.count - 1].1 += Array(line) + [0x0a]
      }
    }
    return found
  }
}
