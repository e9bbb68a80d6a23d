import Glibc

/// The program that attacks from inside, Programs/*.c, compiled once and kept beside the tests.
enum AttackProgram {
  /// Where its source lies.
  private static let source = Repository.path("Tests/HostileTests/Programs")

  static let bytes = Result {
    let files = FileTree.entries(source).filter { $0.hasSuffix(".c") && $0 != "hijack.c" }
    return try compiled(files, ["-static", "-no-pie"])
  }

  /// What an image may have in place of the loader of dynamic programs.
  static let loader = Result {
    try compiled(
      ["hijack.c"],
      ["-static", "-no-pie", "-nostdlib", "-ffreestanding", "-fno-stack-protector", "-mgeneral-regs-only"])
  }

  private static func compiled(_ files: [String], _ flags: [String]) throws -> [UInt8] {
    let name = "/tmp/littlectr-hostile-\(getpid())-\(files[0])"
    defer { unlink(name) }
    try compile(files.map { "\(source)/\($0)" }, flags, to: name)
    return try FileTree.read(name)
  }

  /// A library that tells by a file that it was loaded by somebody.
  static func library(at path: String, marking mark: String) throws {
    let name = "/tmp/littlectr-hostile-library-\(getpid()).c"
    defer { unlink(name) }
    let text = """
      #include <fcntl.h>
      __attribute__((constructor)) static void mark(void) { open("\(mark)", O_WRONLY | O_CREAT, 0666); }

      """
    try FileTree.write(Array(text.utf8), to: name)
    try compile([name], ["-shared", "-fPIC"], to: path)
  }

  private static func compile(_ files: [String], _ flags: [String], to path: String) throws {
    let words = ["gcc", "-O1", "-Wall", "-Wextra", "-Werror"] + flags + ["-o", path] + files
    let seen = try RunningProcess(words, environment: ["PATH": Programs.searchPath], directory: "/").wait()
    guard seen.status == 0 else { throw Trouble("\(seen)") }
  }
}
