import Foundation
import TestSupport
import Testing

@testable import Pipeline

/// What libFuzzer has found, and what it starts from, checked without it.
struct FuzzTests {
  private static let corpus = "Fuzz/Corpus"

  @Test(arguments: FuzzTarget.all.map(\.name)) func everyInputOfTheCorpusKeepsThePromise(target: String) throws {
    let check = try #require(FuzzTarget.all.first { $0.name == target }).check
    let files = Repository.files("\(Self.corpus)/\(target)", "")
    #expect(files.count >= 2, "Fuzz/Corpus/\(target) has seeds")
    for file in files {
      do { try check(Repository.bytes(file)) } catch { Issue.record("\(file): \(error)") }
    }
  }

  @Test func everyDirectoryOfTheCorpusIsATargets() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Repository.path(Self.corpus)).sorted()
    #expect(names == FuzzTarget.all.map(\.name).sorted())
  }

  @Test func aBrokenPromiseIsSeen() {
    #expect(throws: BrokenPromise.self) { try promise(false, "seen") }
    #expect(throws: BrokenPromise.self) { try promise(printable: "a\u{1b}[2J") }
    #expect(throws: BrokenPromise.self) { try promise(readable: Failure("")) }
    #expect(throws: BrokenPromise.self) { try promise(readable: Failure("no cause", why: "")) }
    #expect(throws: BrokenPromise.self) { _ = try accepted { () throws(Failure) in throw Failure("no place") } }
  }
}
