import Testing

/// Programs that know whether they are in the background of their terminal, or that the kernel doesn't stop for its keys.
@Suite struct TerminalForegroundTests {
  private static let ways = ["--with dev --with terminal", "--without pid --with dev --with terminal"]

  /// Runs a script of a shell's at a terminal, in which $L runs a container with a program of its own, /bin/asks.
  private func at(
    _ terminal: Terminal, _ script: String, _ sandbox: Sandbox, _ options: String, program: String? = nil
  ) throws -> RunningProcess {
    if let program {
      try sandbox.write(program, to: "asks.c")
      try sandbox.prepare("gcc -static -pthread -o root/bin/asks asks.c && chmod 755 root/bin/asks")
    }
    let text = script.replacing("$L", with: "\"$L\" run \(options)")
    return try sandbox.start(
      ["sh", "-c", text], environment: ["L": sandbox.littlectr, "TERM": "dumb"], terminal: terminal.path)
  }

  /// As procps' top: stopped for the terminal's modes it stops itself, and doesn't try once more.
  private static let stopsItself = """
    #include <signal.h>
    #include <stdio.h>
    #include <termios.h>
    #include <unistd.h>
    static struct termios before, raw;
    static void paused(int number) {
      (void)number;
      tcsetattr(0, TCSAFLUSH, &before);
      raise(SIGSTOP);
      tcsetattr(0, TCSAFLUSH, &raw);
    }
    int main(void) {
      struct sigaction action = {.sa_handler = paused};
      sigaction(SIGTSTP, &action, 0);
      sigaction(SIGTTIN, &action, 0);
      sigaction(SIGTTOU, &action, 0);
      tcgetattr(0, &before);
      raw = before;
      raw.c_lflag &= ~(ICANON | ECHO);
      if (tcsetattr(0, TCSAFLUSH, &raw)) return perror("tcsetattr"), 1;
      write(1, "ready\\n", 6);
      char key[] = "key ?\\n";
      if (read(0, key + 4, 1) != 1) return perror("read"), 1;
      write(1, key, 6);
      return tcsetattr(0, TCSAFLUSH, &before) != 0;
    }
    """

  /// What is typed as an answer must not be printed, however soon it comes.
  @Test("a prompt for a password is seen only once keys are hidden", arguments: Identity.all, ways)
  func aPasswordIsAskedForOnlyOnceKeysAreHidden(_ identity: Identity, _ options: String) throws {
    try Sandbox.with(identity) { sandbox in
      for _ in 0..<10 {
        let terminal = try Terminal()
        let process = try at(
          terminal, "$L sh -c 'stty -echo; echo ask$((1 + 1)); read line; echo got${#line}'", sandbox, options)
        try terminal.waitFor("ask2\n")
        #expect(terminal.isRaw)
        try terminal.type("secret\n")
        try terminal.waitFor("got6\n")
        #expect(try process.wait().ending == .exited(0))
        #expect(!terminal.output.contains("secret"), "\(terminal.output)")
      }
    }
  }

  @Test("a program that stops itself in the background finds itself in the foreground", arguments: Identity.all, ways)
  func whoStopsItselfInTheBackgroundIsNeverThere(_ identity: Identity, _ options: String) throws {
    try Sandbox.with(identity) { sandbox in
      for words in ["asks", "sh -c 'sleep 0.1; asks; exit $?'"] {
        let terminal = try Terminal()
        let modes = terminal.modes
        let process = try at(terminal, "$L \(words)", sandbox, options, program: Self.stopsItself)
        try terminal.waitFor("ready\n")
        try terminal.type("k")
        try terminal.waitFor("key k\n")
        #expect(try process.wait().ending == .exited(0))
        #expect(terminal.output == "ready\nkey k\n" && terminal.modes == modes)
      }
    }
  }

  @Test("a line typed ahead is seen once", arguments: Identity.all, ways)
  func whatWasTypedAheadIsSeenOnce(_ identity: Identity, _ options: String) throws {
    try Sandbox.with(identity) { sandbox in
      for reader in ["cat", "read -r line; echo \"$line\"", "read -t 60 -r line; echo \"$line\""] {
        let terminal = try Terminal()
        let inside = "echo ready; while [ ! -e /tmp/go ]; do sleep 0.02; done; \(reader); rm /tmp/go"
        let process = try at(terminal, "$L sh -c '\(inside)'", sandbox, options)
        try terminal.waitFor("ready\n")
        try terminal.type("a line\n")
        try terminal.waitFor("a line\n")
        try sandbox.write("", to: "root/tmp/go")
        try terminal.waitFor("a line\na line\n")
        if reader == "cat" { try terminal.type("\u{4}") }
        #expect(try process.wait().ending == .exited(0))
        #expect(terminal.output == "ready\na line\na line\n")
      }
    }
  }

  /// Asks by poll(2) first, which the kernel stops nobody for: in another thread, or in the child of one.
  private static let threads = """
    #include <poll.h>
    #include <pthread.h>
    #include <stdio.h>
    #include <sys/wait.h>
    #include <unistd.h>
    static int forks;
    static void ask(void) {
      struct pollfd file = {0, POLLIN, 0};
      char text[16];
      write(1, "ready\\n", 6);
      poll(&file, 1, -1);
      int count = read(0, text, sizeof text);
      write(1, "got ", 4);
      write(1, text, count < 0 ? 0 : count);
    }
    static void *run(void *nothing) {
      int child = forks ? fork() : -1;
      if (child <= 0) ask();
      if (child == 0) _exit(0);
      if (child > 0) waitpid(child, 0, 0);
      return nothing;
    }
    int main(int count, char **words) {
      pthread_t thread;
      (void)words;
      forks = count > 1;
      if (pthread_create(&thread, 0, run, 0)) return 1;
      return pthread_join(thread, 0);
    }
    """

  @Test("keys go to a command that reads them in another thread", arguments: Identity.all, ways)
  func whoAsksInAnotherThreadGetsThem(_ identity: Identity, _ options: String) throws {
    try Sandbox.with(identity) { sandbox in
      for words in ["asks", "asks in a child"] {
        let terminal = try Terminal()
        let process = try at(terminal, "$L \(words)", sandbox, options, program: Self.threads)
        try terminal.waitFor("ready\n")
        try terminal.type("typed\n")
        try terminal.waitFor("got typed\n")
        #expect(try process.wait().ending == .exited(0))
      }
    }
  }
}
