import Foundation
import SystemPackage
import Testing

@testable import Kernel

/// Walking component by component is the same as openat2(2), whatever the tree holds.
struct WalkTests {
  /// A tree that tries to lead out, and around in circles.
  private func tree() throws -> URL {
    let top = FileManager.default.temporaryDirectory.appendingPathComponent("littlectr-walk-\(UUID().uuidString)")
    let files = FileManager.default
    for directory in ["root/a/b/c", "root/etc", "outside"] {
      try files.createDirectory(at: top.appendingPathComponent(directory), withIntermediateDirectories: true)
    }
    for file in ["root/a/file", "root/etc/passwd", "outside/secret", "secret"] {
      try Data(file.utf8).write(to: top.appendingPathComponent(file))
    }
    let links = [
      "root/up": "../../../outside", "root/absolute": "/etc/passwd", "root/a/back": "..",
      "root/a/far": "b/../../etc/passwd",
      "root/loop": "loop", "root/ping": "pong", "root/pong": "ping", "root/dangling": "gone/x", "root/slash": "a/",
      "root/file-slash": "a/file/", "root/top": "/", "root/dots": "a/b/c/../../../..", "root/a/b/chain": "/a/far",
      "root/host": "/proc/self/root/etc/passwd", "root/self": "self/..", "root/empty-looking": "./././a",
      "root/out": top.appendingPathComponent("secret").path,
    ]
    for (link, target) in links {
      try files.createSymbolicLink(atPath: top.appendingPathComponent(link).path, withDestinationPath: target)
    }
    // As many links as are followed, and one more.
    for number in 0..<42 {
      let target = number == 0 ? "a/file" : "link\(number - 1)"
      try files.createSymbolicLink(
        atPath: top.appendingPathComponent("root/link\(number)").path, withDestinationPath: target)
    }
    return top
  }

  private static let paths = [
    "", ".", "/", "..", "../..", "../outside/secret", "../secret", "a", "/a", "a/", "a//b/./c", "a/file", "a/file/",
    "a/file/.",
    "a/file/x", "a/file/..", "gone", "gone/x", "a/gone", "etc/passwd", "up", "up/secret", "absolute", "a/back",
    "a/back/../../etc/passwd", "a/far", "loop", "loop/x", "ping", "dangling", "slash", "slash/file", "file-slash",
    "top",
    "top/etc/passwd", "dots", "dots/etc/passwd", "a/b/chain", "host", "self", "empty-looking/file", "out", "link0",
    "link39",
    "link40", "link41", "up/", "absolute/", "top/..", "a/b/../b/../../up",
    String(repeating: "a/../", count: 100) + "etc",
    String(repeating: "x", count: 256), "\u{fc}",
  ]

  private func outcome(_ open: () throws(Errno) -> FileDescriptor) -> String {
    do throws(Errno) {
      let file = try open()
      defer { try? Syscall.close(file) }
      let status = try Syscall.status(of: file)
      return "\(status.inode) \(status.mode)"
    } catch { return error.name }
  }

  @Test(
    "walking a path component by component ends where openat2(2) does",
    arguments: [
      [.inRoot, .noMagicLinks], [.inRoot, .noMagicLinks, .noSymlinks], [.inRoot, .noMagicLinks, .sameMount],
    ] as [ResolveFlags], [.path, [.path, .directory], [.path, .noFollow], .read] as [OpenFlags])
  func itEndsWhereTheKernelDoes(_ resolve: ResolveFlags, _ flags: OpenFlags) throws {
    let top = try tree()
    defer { try? FileManager.default.removeItem(at: top) }
    let root = try Syscall.open(FilePath(top.path + "/root"), [.path, .directory])
    defer { try? Syscall.close(root) }
    for path in Self.paths {
      let bits = UInt64(UInt32(bitPattern: flags.rawValue))
      let kernels = outcome { () throws(Errno) in try Syscall.askKernel(FilePath(path), bits, root, resolve) }
      let own = outcome { () throws(Errno) in try Syscall.walk(FilePath(path), flags, below: root, resolve) }
      #expect(own == kernels, "\(path.prefix(60)) \(flags.rawValue) \(resolve.rawValue)")
    }
  }

  private func walked(_ path: String, _ root: FileDescriptor, _ resolve: ResolveFlags) -> String {
    outcome { () throws(Errno) in try Syscall.walk(FilePath(path), .path, below: root, resolve) }
  }

  @Test("magic links of /proc are refused when a path is walked")
  func linksOfProcThatJumpAreRefused() throws {
    let root = try Syscall.open("/", [.path, .directory])
    defer { try? Syscall.close(root) }
    let resolve: ResolveFlags = [.inRoot, .noMagicLinks]
    for path in ["proc/self/root/etc", "proc/self/cwd", "proc/self/exe", "proc/self/fd/0", "proc/thread-self/ns/net"] {
      let bits = UInt64(OpenFlags.path.rawValue)
      let kernels = outcome { () throws(Errno) in try Syscall.askKernel(FilePath(path), bits, root, resolve) }
      let own = walked(path, root, resolve)
      #expect(kernels == "ELOOP" && own == "ELOOP", "\(path)")
    }
    // Those that only name a process are followed.
    let plain = walked("proc/self/status", root, resolve)
    #expect(plain.contains(" "), "\(plain)")
    let crossing = walked("proc", root, [.inRoot, .sameMount])
    #expect(crossing == "EXDEV")
  }

  @Test("walking a path leaves no descriptor open")
  func nothingStaysOpen() throws {
    let top = try tree()
    defer { try? FileManager.default.removeItem(at: top) }
    let root = try Syscall.open(FilePath(top.path + "/root"), [.path, .directory])
    defer { try? Syscall.close(root) }
    // Another test in the same process opens some too: its numbers are few, these would be hundreds.
    for _ in 0..<20 {
      for path in Self.paths {
        _ = outcome { () throws(Errno) in
          try Syscall.walk(FilePath(path), .path, below: root, [.inRoot, .noMagicLinks])
        }
      }
    }
    let next = try Syscall.open("/", [.path, .directory])
    defer { try? Syscall.close(next) }
    #expect(next.rawValue < 300)
  }
}
