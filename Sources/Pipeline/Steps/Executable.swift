internal import Kernel
internal import SystemPackage

/// Why a command can't be executed: looked at in the child, with the container's files, and told in the parent.
///
/// The file is the image's, so nothing in it is trusted: every read is checked against the bytes that are there.
public enum Executable {
  static let notFound = Advice(
    .noSuchFileOrDirectory, why: "it is in none of {places}",
    fix: "install it in the image, or write its whole path; the container's PATH is not yours")
  static let nowhere = Advice(
    .noSuchFileOrDirectory, why: "your machine has it in none of {places}",
    fix: "install it, or write its whole path; there is no image, and the container's PATH is not yours")
  static let oneWord = Advice(
    .noSuchFileOrDirectory, why: "{command} is one word, and no program is called so",
    fix: "leave the quotes out: littlectr run -- {words}; for what a shell is to read: littlectr run sh -c {command}")
  static let outside = Advice(
    .noSuchFileOrDirectory, why: "{path} is a file of your current directory, which the container doesn't have",
    fix:
      "bind the directory, and begin in it: littlectr run -v .:/work -w /work {run}; or name the file by its path inside"
  )
  static let pathNowhere = Advice(
    .noSuchFileOrDirectory, why: "there is no {path} in the container",
    fix:
      "name one that is there: littlectr run ls shows what there is, which is your machine's as far as lines bring it")
  static let pathNotFound = Advice(
    .noSuchFileOrDirectory, why: "there is no {path} in the container",
    fix: "install it in the image; the container's files are not yours")
  static let interpreterMissing = Advice(
    .noSuchFileOrDirectory, why: "{path} is there, but the {kind} that it names isn't: {interpreter}",
    fix: "install {interpreter} in the image")
  static let notExecutable = Advice(
    .permissionDenied, why: "{path} has mode {mode}, or lies on a mount with noexec",
    fix: "chmod a+x the file in the image")
  static let directory = Advice(.permissionDenied, why: "{path} is a directory", fix: "name a program")
  static let foreign = Advice(
    .execFormatError, why: "{path} is a program for {machine}, and this machine is {host}",
    fix: "take an image for {host}, or register qemu-user for {machine} in binfmt_misc")
  static let noFormat = Advice(
    .execFormatError, why: "{path} is neither a program nor a script that begins with #!",
    fix: "add a first line such as #!/bin/sh, or run: sh {path}")

  /// All of them, for the manual.
  public static var all: [Advice] {
    [
      notFound, nowhere, pathNotFound, pathNowhere, oneWord, outside, interpreterMissing, notExecutable, directory,
      foreign, noFormat,
    ]
  }

  static let explained: [Errno] = [.noSuchFileOrDirectory, .notDirectory, .permissionDenied, .execFormatError]

  /// What was found where the program should be.
  enum Finding: Equatable {
    case nothing
    case interpreterMissing(path: String, kind: String, interpreter: String)
    case notExecutable(path: String, mode: String)
    case directory(path: String)
    case foreign(path: String, machine: Int)
    case noFormat(path: String)

    private static let separator: UInt8 = 0

    /// The finding as it crosses the socket: a letter, and texts that NUL separates.
    var bytes: [UInt8] {
      func join(_ letter: Character, _ texts: String...) -> [UInt8] {
        texts.reduce(Array(String(letter).utf8)) { $0 + $1.utf8.prefix(1200) + [Self.separator] }
      }
      switch self {
      case .nothing: return join("0")
      case .interpreterMissing(let path, let kind, let interpreter): return join("i", path, kind, interpreter)
      case .notExecutable(let path, let mode): return join("x", path, mode)
      case .directory(let path): return join("d", path)
      case .foreign(let path, let machine): return join("f", path, String(machine))
      case .noFormat(let path): return join("n", path)
      }
    }

    init(_ bytes: [UInt8]) {
      let texts = bytes.dropFirst().split(separator: Self.separator, omittingEmptySubsequences: false)
        .map { shown(Array($0)) }
      switch (bytes.first.map { Character(UnicodeScalar($0)) }, texts.count) {
      case ("i", 4...): self = .interpreterMissing(path: texts[0], kind: texts[1], interpreter: texts[2])
      case ("x", 3...): self = .notExecutable(path: texts[0], mode: texts[1])
      case ("d", 2...): self = .directory(path: texts[0])
      case ("f", 3...): self = .foreign(path: texts[0], machine: Int(texts[1]) ?? 0)
      case ("n", 2...): self = .noFormat(path: texts[0])
      default: self = .nothing
      }
    }
  }

  /// Looks at the first file that is there.
  static func inspect(_ paths: [[UInt8]], _ errno: Errno) -> Finding {
    for bytes in paths {
      let path = FilePath(bytes: bytes)
      guard let status = try? Syscall.status(of: path) else { continue }
      if status.isDirectory {
        if paths.count > 1 { continue }
        return .directory(path: path.text)
      }
      if errno == .permissionDenied {
        return .notExecutable(path: path.text, mode: String(status.permissions, radix: 8))
      }
      guard status.isRegular, let file = try? Syscall.open(path, [.read, .nonBlocking]) else { return .nothing }
      defer { try? Syscall.close(file) }
      let head = (try? Syscall.read(file, limit: 4096)) ?? []
      if errno == .execFormatError {
        return ElfHeader(head).map { .foreign(path: path.text, machine: $0.machine) } ?? .noFormat(path: path.text)
      }
      if let interpreter = script(head) {
        return .interpreterMissing(path: path.text, kind: "interpreter", interpreter: interpreter)
      }
      if let loader = ElfHeader(head)?.interpreter {
        return .interpreterMissing(path: path.text, kind: "loader", interpreter: loader)
      }
      return .nothing
    }
    return .nothing
  }

  /// The program that a script's first line names.
  static func script(_ head: [UInt8]) -> String? {
    guard head.starts(with: Array("#!".utf8)) else { return nil }
    let line = head.dropFirst(2).prefix { $0 != 0x0a }.drop { $0 == 0x20 || $0 == 0x09 }
    let program = line.prefix { $0 != 0x20 && $0 != 0x09 && $0 != 0 }
    return program.isEmpty ? nil : shown(Array(program))
  }

  static func advice(_ errno: Errno, _ evidence: Evidence, _ paths: [[UInt8]]) -> Advice? {
    switch Finding(evidence.detail) {
    case .nothing:
      guard errno == .noSuchFileOrDirectory || errno == .notDirectory else { return nil }
      let name = evidence.container.command.first ?? []
      let isPath = name.contains(UInt8(ascii: "/"))
      if evidence.container.command.count == 1, name.contains(where: { $0 == 0x20 || $0 == 0x09 }) {
        return oneWord.filled(["command": quoted(name), "words": shown(name)])
      }
      let hasImage = evidence.container.rootPath != "/"
      let path = FilePath(bytes: name)
      if hasImage, !name.isEmpty, !path.isAbsolute, evidence.host.status(of: path)?.isDirectory == false {
        return outside.filled(["path": quoted(name), "run": isPath ? path.text : "./" + path.text])
      }
      if name.isEmpty || isPath { return (hasImage ? pathNotFound : pathNowhere).filled(["path": quoted(name)]) }
      let places = paths.map { FilePath(bytes: $0).removingLastComponent().text }
      return (hasImage ? notFound : nowhere).filled(["places": places.joined(separator: ", ")])
    case .interpreterMissing(let path, let kind, let interpreter):
      return interpreterMissing.filled(["path": path, "kind": kind, "interpreter": interpreter])
    case .notExecutable(let path, let mode):
      if let refusal = evidence.container.executionRefusal, (Int(mode, radix: 8) ?? 0) & 0o111 != 0 {
        return refusal.filled(["path": path])
      }
      return notExecutable.filled(["path": path, "mode": mode])
    case .directory(let path): return directory.filled(["path": path])
    case .foreign(let path, let machine):
      return foreign.filled(["path": path, "machine": ElfHeader.name(machine), "host": ProcessContext.system.machine])
    case .noFormat(let path): return noFormat.filled(["path": path])
    }
  }

  /// The exit status: 127 when the command isn't there, 126 when it is but can't be executed.
  static func status(_ errno: Errno, detail: [UInt8]) -> Int32 {
    guard errno == .noSuchFileOrDirectory || errno == .notDirectory else { return 126 }
    return Finding(detail) == .nothing ? 127 : 126
  }
}
