import Testing

@testable import Command
@testable import Pipeline
@testable import Seccomp
@testable import Stages

/// Filters that were kept, asked whether they are the line's.
struct KeptFilterTests {
  private static let machine = FilterTools.current.machine

  /// Lines of every kind.
  private static let lines: [(what: String, line: Seccomp)] = {
    var lines: [(String, Seccomp)] = []
    let kinds: [(FileModes, Seccomp.Action)] = [(.all, .errno), (.nosetid, .errno), (.plain, .kill), (.all, .log)]
    for (modes, action) in kinds {
      for (allowed, denied) in [
        ([], []), (["mount", "clone3", "ioctl", "setxattrat"], ["ptrace"]),
        (["socket"], ["chmod", "kexec_load", "read"]),
      ] as [([String], [String])] {
        var line = Seccomp()
        (line.modes, line.action) = (modes, action)
        (line.allow, line.deny) = (allowed.map { CallName(name: $0) }, denied.map { CallName(name: $0) })
        if denied.count > 1 { line.errno = ErrorNumber(rawValue: 13) }
        lines.append(("modes=\(modes) action=\(action) allow=\(allowed) deny=\(denied)", line))
      }
    }
    return lines
  }()

  private static func source(_ line: Seccomp, _ host: Pipeline.Host = FakeHost().host) throws -> FilterSource {
    try FilterRequest(line, Container(command: [[0x61]], host: host)).source(machine)
  }

  @Test func eachLinesOwnFilterIsTakenAndNoOthers() throws {
    let made = try Self.lines.map { what, line in
      let source = try Self.source(line)
      return (what: what, source: source, filter: try source.compiled())
    }
    for (index, one) in made.enumerated() {
      #expect(one.source.means(one.filter), "\(one.what)")
      let other = made[(index + 5) % made.count]
      if other.filter.code != one.filter.code {
        #expect(!one.source.means(other.filter), "\(one.what) takes that of \(other.what)")
      }
    }
  }

  /// The shipped files' lines, and each of another file, with profiles in the form of Docker's.
  @Test(arguments: ["stages.conf", "hardened.conf", "agent.conf"])
  func theShippedFilesFiltersAreKept(_ file: String) throws {
    for name in ["root", "user", "user with ranges"] {
      var machine = try #require(FakeHost.named(name))
      machine.machine = Self.machine
      let lines = try Repository.text(file).split(separator: "\n").filter { $0.hasPrefix("seccomp") }
      #expect(lines.count == 1)
      for line in lines {
        let text = ConfigurationFile(name: file, bytes: Array("nonewprivs\n\(line)\n".utf8))
        let host = machine.host
        let configuration = try Configuration(text, catalog: StageCatalog(builtin), host: host)
        let container = try Plan(
          configuration.entries, CommandOptions().container([Array("sh".utf8)], configuration, host)
        ).container
        #expect(container.filter?.keeping != nil, "\(file)")
        #expect(!container.notes.contains { $0.contains("couldn't be proved") })
      }
    }
  }

  private static let docker = (try? Repository.bytes("Tests/StagesTests/Profiles/docker.json")) ?? []

  @Test func dockersProfileIsUnderstood() throws {
    for capabilities in [nil, [], ["sys_admin", "sys_boot"], ["chown", "sys_ptrace", "syslog"]] as [[String]?] {
      for kernel in [(4, 7), (6, 18)] {
        let reader = ProfileReader(
          machine: Self.machine, capabilities: capabilities, hasKernel: { kernel >= ($0, $1) }, errno: 1)
        let source = try reader.read(Self.docker)
        let filter = try source.compiled()
        #expect(source.means(filter), "\(String(describing: capabilities)) \(kernel)")
        #expect(try !source.means(Self.source(Seccomp()).compiled()))
        for modes in [FileModes.plain, .nosetid] {
          var restricted = source
          #expect(restricted.restrict(to: modes, .errno(1)) == nil)
          #expect(restricted.means(try restricted.compiled()) && !restricted.means(filter))
        }
      }
    }
  }

  /// One instruction of the default filter at a time: the answers and the constants that it compares with.
  @Test(arguments: [FileModes.all, .plain]) func oneInstructionMoreOrLessIsFound(_ modes: FileModes) throws {
    var line = Seccomp()
    line.modes = modes
    let source = try Self.source(line)
    let (filter, expected) = (try source.compiled(), ExpectedCalls(source))
    for index in filter.code.instructions.indices {
      let old = filter.code[index]
      var instructions = filter.code.instructions
      let new =
        old.code == FilterInstruction.answer
        ? (old.operand == FilterAction.allow.rawValue ? 0x0005_0001 : FilterAction.allow.rawValue) : old.operand &+ 1
      instructions[index] =
        FilterInstruction(old.code, new, ifTrue: old.ifTrue, ifFalse: old.ifFalse).bits
      var proof = FilterProof(code: FilterCode(instructions), expected: expected)
      // The instruction that a mask of all bits is made of may do without one that doesn't count.
      if proof.holds() {
        #expect(old.code == FilterInstruction.and, "\(index): \(old)")
      }
    }
  }
}
