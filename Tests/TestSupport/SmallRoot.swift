import Glibc

/// A root directory that holds a shell and what tests ask with: busybox, which needs no library.
package enum SmallRoot {
  private static let applets = """
    sh ash id hostname ls grep cat echo sleep mount umount mkdir rmdir rm touch chmod chown chroot env ps kill true false
    readlink stat wc head tail cut sort tr printf pwd test sed awk sync setsid nohup ln mknod dd seq expr uname find cp
    mountpoint whoami dirname basename unshare su setpriv timeout
    tty stty vi top usleep
    """

  package static func make(_ root: String) throws {
    try FileTree.make(root)
    for name in ["bin", "dev", "etc", "proc", "root", "sys"] { try FileTree.make("\(root)/\(name)") }
    try FileTree.make("\(root)/tmp", 0o1777)
    try FileTree.write(try busybox.get(), to: "\(root)/bin/busybox", mode: 0o755)
    for name in Set(applets.split { $0 == " " || $0 == "\n" }) {
      guard symlink("busybox", "\(root)/bin/\(name)") == 0 else { throw Trouble("symlink \(name): errno \(errno)") }
    }
    // Shells open it as the input of what runs in the background.
    try FileTree.write([], to: "\(root)/dev/null", mode: 0o666)
    let users = "root:x:0:0:root:/root:/bin/sh\nother:x:1:1:other:/:/bin/sh\n"
    try FileTree.write(Array(users.utf8), to: "\(root)/etc/passwd")
    try FileTree.write(Array("the small root\n".utf8), to: "\(root)/etc/small-root")
  }

  /// The program, read once.
  package static let busybox = Result { try FileTree.read(try Programs.path("busybox")) }
}
