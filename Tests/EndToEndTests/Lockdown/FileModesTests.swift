import Testing

/// `seccomp modes=plain`, as hardened.conf and agent.conf have it: no file of yours becomes set-user-ID, or is opened to all.
@Suite struct FileModesTests {
  /// Tries each call in each way into the kernel, and prints those by which a file got such a mode.
  private static let program = """
    #define _GNU_SOURCE
    #include <fcntl.h>
    #include <stdio.h>
    #include <sys/stat.h>
    #include <sys/xattr.h>
    #include <unistd.h>
    static char way;
    static long make(long n, long i386, long a, long b, long c, long d) {
      if (n < 0) return -1;
    #ifdef __x86_64__
      if (way == 'i') {
        long result;
        __asm__ volatile("int $0x80" : "=a"(result) : "a"(i386), "b"(a), "c"(b), "d"(c), "S"(d)
          : "memory", "r8", "r9", "r10", "r11");
        return (int)result;
      }
      if (way == 'x') n |= 0x40000000;
    #endif
      return syscall(n, a, b, c, d, 0, 0);
    }
    static char file[] = "victim", made[] = "made", here[] = ".";
    static void show(const char *call, const char *name, long found) {
      struct stat status;
      if ((name ? stat(name, &status) : fstat(found, &status)) == 0 && status.st_mode & 06002)
        printf("%c %s %o\\n", way, call, status.st_mode & 07777);
      unlink(file), unlink(made), rmdir(made);
      close(open(file, O_CREAT | O_WRONLY, 0644));
    }
    struct how { unsigned long long flags, mode, resolve; };
    static struct how how = {O_CREAT | O_WRONLY, 04755, 0};
    #ifdef __x86_64__
    enum { OPEN = 2, CREAT = 85, MKNOD = 133, CHMOD = 90, FCHMOD = 91, OPENAT = 257, MKNODAT = 259, FCHMODAT = 268 };
    #else
    enum { OPEN = -1, CREAT = -1, MKNOD = -1, CHMOD = -1, FCHMOD = 52, OPENAT = 56, MKNODAT = 33, FCHMODAT = 53 };
    #endif
    static void try(long mode) {
      make(CHMOD, 15, (long)file, mode, 0, 0), show("chmod", file, 0);
      int opened = open(file, O_RDONLY);
      make(FCHMOD, 94, opened, mode, 0, 0), show("fchmod", 0, opened), close(opened);
      make(FCHMODAT, 306, AT_FDCWD, (long)file, mode, 0), show("fchmodat", file, 0);
      make(452, 452, AT_FDCWD, (long)file, mode, 0), show("fchmodat2", file, 0);
      if (!(mode & 06000)) return;
      make(OPEN, 5, (long)made, O_CREAT | O_WRONLY, mode, 0), show("open", made, 0);
      make(CREAT, 8, (long)made, mode, 0, 0), show("creat", made, 0);
      make(OPENAT, 295, AT_FDCWD, (long)made, O_CREAT | O_WRONLY, mode), show("openat", made, 0);
      make(MKNOD, 14, (long)made, mode | S_IFREG, 0, 0), show("mknod", made, 0);
      make(MKNODAT, 297, AT_FDCWD, (long)made, mode | S_IFREG, 0), show("mknodat", made, 0);
      show("O_TMPFILE", 0, make(OPENAT, 295, AT_FDCWD, (long)here, O_TMPFILE | O_RDWR, mode));
      make(437, 437, AT_FDCWD, (long)made, (long)&how, sizeof how), show("openat2", made, 0);
    }
    int main(void) {
      umask(022);
      way = 'n';
      show("", file, 0);
      for (const char *next = "nix"; *next; next++) {
        way = *next;
        try(04755), try(02755), try(0777), try(0646);
      }
      way = 'n';
      const unsigned char list[] = {2, 0, 0, 0, 1, 0, 7, 0, 255, 255, 255, 255, 4, 0, 7, 0, 255, 255, 255, 255, 32, 0, 7, 0,
                                    255, 255, 255, 255};
      setxattr(file, "system.posix_acl_access", list, sizeof list, 0), show("setxattr", file, 0);
      mkdir(made, 0777), show("mkdir", made, 0);
      puts("tried");
    }

    """

  @Test(arguments: Identity.all, ["hardened", "agent"])
  func noFileOfYoursBecomesSetUserIDOrEverybodys(_ identity: Identity, _ name: String) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write(try Repository.text("\(name).conf"), to: "\(name).conf")
      try sandbox.write(Self.program.replacing("\\\\n", with: "\\n"), to: "modes.c")
      try sandbox.prepare("mkdir work && gcc -w -static -no-pie -o work/modes modes.c")
      let root = name == "hardened" ? ["--root", "../root"] : []
      func run(_ options: [String], _ command: [String]) throws -> Outcome {
        try sandbox.execute(
          [sandbox.littlectr, "run", "--conf", "../\(name).conf"] + root + options + ["--"] + command,
          in: sandbox.directory + "/work")
      }
      let seen = try run([], ["./modes"])
      #expect(seen.lines == ["tried"] && seen.ending == .exited(0), "\(seen)")
      // Without the key each of them does it: the attempts are real.
      let open = try run(["--set", "seccomp.modes=all"], ["./modes"])
      for call in ["fchmod 4755", "fchmodat 2755", "fchmodat 777", "openat 4755", "mknodat 4755", "O_TMPFILE 4755"] {
        #expect(open.lines.contains("n \(call)"), "\(call): \(open)")
      }
      // What is usual works: what one makes may be executed, and the umask takes its bits off.
      let usual = try run(
        [], ["sh", "-c", "umask 022; mkdir d; echo x >d/f; chmod 755 d/f; cp -p d/f g; stat -c %a d d/f g"])
      #expect(usual.lines == ["755", "755", "755"] && usual.error == "", "\(usual)")
    }
  }
}
