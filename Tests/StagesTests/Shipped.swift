import Foundation

/// The repository, seen from this file.
enum Repository {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// The Swift files below a directory, with their paths in the repository.
  static func swiftFiles(_ directory: String) throws -> [(path: String, text: String)] {
    let files = FileManager.default.enumerator(atPath: root.appendingPathComponent(directory).path)
    let paths = (files?.allObjects as? [String] ?? []).filter { $0.hasSuffix(".swift") }.sorted()
    return try paths.map { ("\(directory)/\($0)", try text("\(directory)/\($0)")) }
  }
}

/// The stages.conf at the top of the repository.
enum Shipped {
  static let path = Repository.root.appendingPathComponent("stages.conf").path
}
