import Glibc
import Testing

/// One attempt to get out of a container, or at something of the host's.
struct Attack: Sendable, CustomTestStringConvertible {
  /// As whom the runner is run against which it makes sense.
  enum Caller: Sendable { case anybody, ordinary }

  /// What attacks of one kind have in common: a row of the table.
  let kind: String
  let name: String
  /// The CVE that it comes from, where there is one, else the class of mistakes.
  let source: String
  var caller = Caller.anybody
  /// Whether only root can prepare it, who then runs littlectr as another user.
  var needsRoot = false
  /// Whether it can be put to a runner that has command-line options only.
  var isForBubblewrap = true
  /// Performs it, and tells what has worked that must not.
  let act: @Sendable (Arena) throws -> [String]

  var testDescription: String { "\(kind): \(name)" }

  static let all = every.filter { isWanted($0.testDescription) }

  /// Those that aren't asked for too.
  static let every: [Attack] =
    images + atTerminals + race + waysOut + executables + programs + kernel + filtered + identities + callers + shared
    + accounts + files + laterRuns

  /// What a filter of system calls holds, as soon as the shipped stages.conf has one.
  private static let filtered: [Attack] = {
    let lines = ((try? Repository.text("stages.conf")) ?? "").split(separator: "\n")
    return lines.contains { $0.hasPrefix("seccomp") } ? calls + sockets + terminalCalls + nested + keptFilters : []
  }()

  /// Whether a name matches the expression of grep -E that is asked for, if one is: $LITTLECTR_HOSTILE_ONLY.
  private static func isWanted(_ name: String) -> Bool {
    guard let text = getenv("LITTLECTR_HOSTILE_ONLY"), text.pointee != 0 else { return true }
    var expression = regex_t()
    guard regcomp(&expression, text, REG_EXTENDED | REG_NOSUB) == 0 else { fatalError("LITTLECTR_HOSTILE_ONLY") }
    defer { regfree(&expression) }
    return regexec(&expression, name, 0, nil, 0) == 0
  }

  /// Whether it can be put to a runner that such a user runs.
  func concerns(_ identity: Identity, _ runner: ContainerRunner) -> Bool {
    (isForBubblewrap || runner == .littlectr) && (caller == .anybody || !identity.isRoot)
      && (!needsRoot || Identity.caller.isRoot)
  }
}
