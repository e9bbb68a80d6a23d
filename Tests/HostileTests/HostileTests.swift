import Glibc
import Testing

/// Images and programs that would have escaped from some other runtime, each against the whole default container.
@Suite struct HostileTests {
  @Test("the default container holds the attack", arguments: Identity.all, Attack.all)
  func isHeld(_ identity: Identity, _ attack: Attack) throws {
    let runner = ContainerRunner.current
    guard attack.concerns(identity, runner) else { return try Self.record(attack, identity, "-") }
    let escapes: [String]
    // What takes too long is told as well: a runner that waits for a fifo has been stopped by an image.
    do { escapes = try Arena.judge(attack, identity, runner) } catch { escapes = ["\(error)"] }
    let hasRun = !escapes.allSatisfy { $0.hasPrefix(Arena.unfinished) }
    try Self.record(attack, identity, escapes.isEmpty ? "held" : hasRun ? "ESCAPED" : "failed", escapes)
    // What others hold is told, in the table; it is no failure of littlectr's.
    if runner == .littlectr { #expect(escapes == [], "\(attack.source)") }
  }

  @Test("each attack has a name of its own")
  func eachHasANameOfItsOwn() {
    let names = Attack.all.map(\.testDescription)
    #expect(Set(names).count == names.count)
    #expect(Attack.all.allSatisfy { !$0.source.isEmpty })
  }

  /// Writes a line for scripts/hostile, which makes a table of them.
  private static func record(
    _ attack: Attack, _ identity: Identity, _ verdict: String, _ escapes: [String] = []
  ) throws {
    guard let path = getenv("LITTLECTR_HOSTILE_RESULTS") else { return }
    let why = escapes.joined(separator: "; ").map { $0.isNewline || $0 == "\t" ? " " : $0 }
    let who = identity.isRoot ? "root" : "user"
    let words = [ContainerRunner.current.rawValue, who, attack.kind, attack.name, attack.source, verdict, String(why)]
    let line = Array((words.joined(separator: "\t") + "\n").utf8)
    let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    defer { close(file) }
    guard file >= 0, write(file, line, line.count) == line.count else {
      throw Trouble("\(String(cString: path)): \(errno)")
    }
  }
}
