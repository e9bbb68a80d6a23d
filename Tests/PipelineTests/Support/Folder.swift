import Foundation
import SystemPackage

/// A directory for a test's files, which goes away with it.
final class Folder: Sendable {
  let path: FilePath

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("littlectr-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = FilePath(url.path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path.string) }

  /// Writes a file, and the directories on the way to it.
  @discardableResult
  func write(_ name: String, _ contents: some Sequence<UInt8>, mode: Int = 0o644) throws -> FilePath {
    let file = path.appending(name)
    try FileManager.default.createDirectory(
      atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
    try Data(Array(contents)).write(to: URL(fileURLWithPath: file.string))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.string)
    return file
  }

  @discardableResult
  func write(_ name: String, _ text: String, mode: Int = 0o644) throws -> FilePath {
    try write(name, text.utf8, mode: mode)
  }
}
