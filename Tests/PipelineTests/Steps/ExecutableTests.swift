import Foundation
import SystemPackage
import Testing

@testable import Pipeline

/// Why a command can't be executed, looked at with real files.
struct ExecutableTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  private func find(_ names: String..., errno: Errno) -> Executable.Finding {
    Executable.inspect(names.map { Array(folder.path.appending($0).string.utf8) }, errno)
  }

  @Test("a missing file is found to be missing")
  func nothingIsThere() {
    #expect(find("gone", errno: .noSuchFileOrDirectory) == .nothing)
    #expect(find("a", "b", "c", errno: .noSuchFileOrDirectory) == .nothing)
    #expect(Executable.inspect([], .noSuchFileOrDirectory) == .nothing)
  }

  @Test func aScriptsInterpreterIsMissing() throws {
    let path = try folder.write("script", "#! /gone/python3 -u\nprint(1)\n", mode: 0o755)
    #expect(
      find("other", "script", errno: .noSuchFileOrDirectory)
        == .interpreterMissing(path: path.string, kind: "interpreter", interpreter: "/gone/python3"))
  }

  @Test("a file without execute permission is found out")
  func itIsNotExecutable() throws {
    let path = try folder.write("data", "hello", mode: 0o644)
    #expect(find("data", errno: .permissionDenied) == .notExecutable(path: path.string, mode: "644"))
  }

  @Test("a directory in place of a command is found out")
  func itIsADirectory() throws {
    try folder.write("directory/file", "")
    #expect(find("directory", errno: .permissionDenied) == .directory(path: folder.path.appending("directory").string))
    let path = try folder.write("data", "hello")
    #expect(
      find("directory", "data", errno: .permissionDenied) == .notExecutable(path: path.string, mode: "644"),
      "a directory in PATH is passed over")
  }

  @Test("a program for another processor is found out")
  func itIsForAnotherMachine() throws {
    var header: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1] + [UInt8](repeating: 0, count: 58)
    header[18] = 183
    let path = try folder.write("arm", header, mode: 0o755)
    #expect(find("arm", errno: .execFormatError) == .foreign(path: path.string, machine: 183))
  }

  @Test("a file of no known format is found out")
  func itHasNoFormat() throws {
    let path = try folder.write("text", "echo hello\n", mode: 0o755)
    #expect(find("text", errno: .execFormatError) == .noFormat(path: path.string))
    let empty = try folder.write("empty", "", mode: 0o755)
    #expect(find("empty", errno: .execFormatError) == .noFormat(path: empty.string))
  }

  @Test func aPipeIsNotWaitedFor() throws {
    try #require(mkfifo(folder.path.appending("pipe").string, 0o755) == 0)
    #expect(find("pipe", errno: .noSuchFileOrDirectory) == .nothing)
  }

  @Test(arguments: [
    ("#!/bin/sh", "/bin/sh"), ("#!/bin/sh -e\n", "/bin/sh"), ("#! \t/bin/sh\tx\n", "/bin/sh"), ("#!a\0b", "a"),
  ])
  func theInterpreterOfAScript(head: String, interpreter: String) {
    #expect(Executable.script(Array(head.utf8)) == interpreter)
  }

  @Test(arguments: ["", "#", "#!", "#!\n/bin/sh", "#!  \n", "# !/bin/sh", "\n#!/bin/sh", " #!/bin/sh"])
  func whatIsNoScript(head: String) { #expect(Executable.script(Array(head.utf8)) == nil) }

  @Test(
    arguments: [
      .nothing, .interpreterMissing(path: "/a b", kind: "loader", interpreter: "/ü"), .directory(path: "/d"),
      .notExecutable(path: "/x", mode: "644"), .foreign(path: "/f", machine: 183), .noFormat(path: ""),
    ] as [Executable.Finding])
  func aFindingCrossesTheSocket(finding: Executable.Finding) {
    #expect(Executable.Finding(finding.bytes) == finding)
  }

  @Test func noiseIsHarmless() {
    var random = SeededGenerator(seed: 41)
    for _ in 0..<10_000 {
      let bytes = random.bytes(0..<40)
      _ = Executable.Finding(bytes)
      _ = Executable.script(Array("#!".utf8) + bytes)
      _ = Executable.Finding([Array("ixdfn".utf8).randomElement(using: &random) ?? 0] + bytes)
    }
  }

  @Test func aLongFindingFitsAMessage() {
    let long = String(repeating: "ü", count: 3000)
    let finding = Executable.Finding.interpreterMissing(path: long, kind: "interpreter", interpreter: long)
    #expect(finding.bytes.count <= 4000)
    #expect(Executable.Finding(finding.bytes) != .nothing)
  }
}
