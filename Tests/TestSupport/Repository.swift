import Foundation

/// This repository's files, by their paths in it.
package enum Repository {
  package static let directory = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

  package static func path(_ name: String) -> String { directory + "/" + name }

  package static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  package static func text(_ name: String) throws -> String {
    try String(contentsOfFile: path(name), encoding: .utf8)
  }

  /// The files below a directory whose names end so, in order; without what builds have left in .build.
  package static func files(_ directory: String, _ suffix: String = "") -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path(directory)) else { return [] }
    return names.sorted().filter { !$0.hasPrefix(".") }.flatMap { name in
      let found = "\(directory)/\(name)"
      var isDirectory: ObjCBool = false
      let isThere = FileManager.default.fileExists(atPath: path(found), isDirectory: &isDirectory)
      if isDirectory.boolValue { return files(found, suffix) }
      return isThere && found.hasSuffix(suffix) ? [found] : []
    }
  }

  /// Whether there is a test `SUITE.FUNCTION`: a suite has a file of its name.
  package static func hasTest(_ name: String) throws -> Bool {
    let words = name.split(separator: ".")
    guard words.count == 2 else { return false }
    let suites = (files("Tests", ".swift") + files("Fuzz/Sources", ".swift")).filter {
      $0.hasSuffix("/\(words[0]).swift")
    }
    return try suites.contains { try text($0).contains("func \(words[1])(") }
  }

  /// The Swift files below a directory.
  package static func swiftFiles(_ directory: String) throws -> [(path: String, text: String)] {
    try files(directory, ".swift").map { ($0, try text($0)) }
  }
}
