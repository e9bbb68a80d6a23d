import Stages
import Testing

@testable import Command
@testable import Pipeline

/// The six stages in each of their 720 orders.
struct PermutationTests {
  private static func permutations(_ words: [String]) -> [[String]] {
    guard words.count > 1 else { return [words] }
    return words.indices.flatMap { index in
      var rest = words
      let first = rest.remove(at: index)
      return permutations(rest).map { [first] + $0 }
    }
  }

  private static let all = permutations(["userns", "uts", "pid", "mount", "chroot", "proc"])
  /// What stands above what: nothing else matters.
  private static let above = [
    ("userns", "mount"), ("userns", "chroot"), ("userns", "proc"), ("mount", "chroot"), ("mount", "proc"),
    ("chroot", "proc"),
  ]

  private func plan(_ order: [String], _ prefixes: [String: String] = [:]) throws(Failure) -> Plan {
    let text = order.map { (prefixes[$0] ?? "") + $0 }.joined(separator: "\n")
    let host = FakeHost.named("user with ranges")?.host ?? FakeHost().host
    let configuration = try Configuration(
      ConfigurationFile(name: "stages.conf", bytes: Array(text.utf8)), catalog: StageCatalog(builtin), host: host)
    return try Plan(
      configuration.entries, CommandOptions().container([Array("/bin/sh".utf8)], configuration, host))
  }

  @Test func eachIsPlannedOrRefusedWithTheLineToMove() {
    #expect(Self.all.count == 720)
    var planned = 0
    for order in Self.all {
      let isRight = Self.above.allSatisfy { upper, lower in
        (order.firstIndex(of: upper) ?? 0) < (order.firstIndex(of: lower) ?? 0)
      }
      do throws(Failure) {
        let plan = try plan(order)
        planned += 1
        #expect(isRight, "\(order)")
        #expect(plan.entries.map(\.name) == order, "the order is never changed")
        #expect(plan.container.warnings.isEmpty == (order.first == "userns"), "\(order)")
      } catch {
        #expect(!isRight, "\(order): \(error.text)")
        check(error, order)
      }
    }
    // userns, mount, chroot, proc in this order; uts and pid wherever they like.
    #expect(planned == 30)
  }

  /// Whether a refusal names a stage, the line that it stands on, one that must be above it, and that one's line.
  private func check(_ failure: Failure, _ order: [String]) {
    let moved = failure.stage ?? ""
    let line = (order.firstIndex(of: moved) ?? -1) + 1
    #expect(failure.location == Location(file: "stages.conf", line: line))
    let target = Self.above.first { upper, lower in
      lower == moved
        && failure.what == "must stand below '\(upper)' (stages.conf:\((order.firstIndex(of: upper) ?? -1) + 1))"
    }
    #expect(target != nil, "\(order): \(failure.what)")
    #expect(failure.why?.isEmpty == false)
    #expect(failure.fix?.hasPrefix("move '\(moved)' from stages.conf:\(line) to below stages.conf:") == true)
  }

  /// Doing what the refusal says comes to an end, and to a right order.
  @Test func followingTheAdviceEndsWell() {
    for start in stride(from: 0, to: Self.all.count, by: 24).map({ Self.all[$0] }) {
      var order = start
      for _ in 0..<10 {
        guard let failure = refusal({ () throws(Failure) in try plan(order) }) else { break }
        let target = failure.fix?.split(separator: ":").last.flatMap { Int($0) } ?? 0
        let from = order.firstIndex(of: failure.stage ?? "") ?? 0
        let below = order[target - 1]
        let moved = order.remove(at: from)
        order.insert(moved, at: (order.firstIndex(of: below) ?? 0) + 1)
      }
      let left = refusal { () throws(Failure) in try plan(order) }
      #expect(left == nil, "\(start) became \(order)")
    }
  }

  @Test func aStageThatIsOffIsNotInTheWay() throws {
    #expect(try plan(["uts", "userns"], ["userns": "off "]).entries.map(\.name) == ["uts"])
    #expect(refusal { () throws(Failure) in try plan(["mount", "proc", "userns"]) } != nil)
    #expect(refusal { () throws(Failure) in try plan(["mount", "proc", "userns"], ["userns": "off "]) } == nil)
    #expect(try plan(["proc", "mount", "chroot"], ["proc": "off "]).entries.count == 2)
  }

  @Test func aStageThatIsMissingIsMissedOnlyWhereItIsNeeded() throws {
    #expect(try plan(["uts"]).entries.count == 1)
    #expect(try plan(["userns", "mount", "proc"]).entries.count == 3)
    let failure = refusal { () throws(Failure) in try plan(["userns", "proc"]) }
    #expect(failure?.what == "needs 'mount' above it")
    #expect(failure?.fix == "write 'mount' on a line above, or switch 'proc' off")
  }

  @Test func aWrongOrderIsRefusedWithTryToo() {
    #expect(
      refusal { () throws(Failure) in try plan(["mount", "userns"], ["mount": "try "]) }?.stage == "mount")
  }
}
