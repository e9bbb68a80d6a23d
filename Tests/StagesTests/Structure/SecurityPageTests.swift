import Foundation
import Testing

/// What SECURITY.md says holds a promise exists.
struct SecurityPageTests {
  private let text = Result { try Repository.text("SECURITY.md") }

  @Test("every test that SECURITY.md names exists") func everyTestThatItNamesExists() throws {
    let named = Set(try text.get().matches(of: /[A-Z]\w*Tests\.[a-z]\w*/).map { String($0.output) })
    #expect(named.count > 50)
    for test in named.sorted() { #expect(try Repository.hasTest(test), "there is no test \(test)") }
  }

  /// Kinds may be of several sorts: "system calls: sockets".
  @Test("every kind of attack that SECURITY.md names is tried") func everyKindOfAttackThatItNamesIsTried() throws {
    let attacks = try Repository.swiftFiles("Tests/HostileTests").map(\.text).joined()
    let line = try text.get().split { $0 == "\n" || $0 == " " }.joined(separator: " ")
    let named = line.matches(of: /attacks ("[^"]*"(?: and "[^"]*")*)/).flatMap { match in
      match.1.split(separator: "\"").filter { $0 != " and " }.map(String.init)
    }
    #expect(named.count > 10)
    for kind in Set(named).sorted() {
      let isTried = attacks.contains("\"\(kind)\"") || attacks.contains("\"\(kind): ")
      #expect(isTried, "no attack is of the kind \"\(kind)\"")
    }
  }

  @Test("every row of SECURITY.md names a test, or says that there is none") func everyRowNamesATestOrSaysWhyNot()
    throws
  {
    var rows: [Substring] = []
    for block in try text.get().components(separatedBy: "\n\n") {
      let lines = block.split(separator: "\n")
      if lines.first?.hasSuffix("| the test |") == true { rows += lines.dropFirst(2) }
    }
    #expect(rows.count > 20)
    for row in rows {
      let last = row.split(separator: "|").last ?? ""
      #expect(last.contains(/Tests\.[a-z]/) || last.hasPrefix(" nothing"), "\(row)")
    }
  }
}
