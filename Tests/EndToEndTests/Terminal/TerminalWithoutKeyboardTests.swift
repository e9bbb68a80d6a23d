import Testing

/// Where standard input isn't the terminal, nothing inside can take its keys, nor wait for them.
@Suite struct TerminalWithoutKeyboardTests {
  private static let options = "--with dev --with terminal"

  private func at(_ terminal: Terminal, _ script: String, _ sandbox: Sandbox) throws -> RunningProcess {
    let text = script.replacing("$L", with: "\"$L\" run \(Self.options)")
    return try sandbox.start(
      ["sh", "-c", text], environment: ["L": sandbox.littlectr, "TERM": "dumb"], terminal: terminal.path)
  }

  /// The keys that send signals, and what a shell calls these.
  private static let keys = ["\u{3}": "INT", "\u{1c}": "QUIT"]

  @Test("a command that asks the terminal over and over can be ended", arguments: Identity.all, keys.keys.sorted())
  func whoAsksTheTerminalOnAndOnCanBeEnded(_ identity: Identity, _ key: String) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let modes = terminal.modes
      let signal = try #require(Self.keys[key])
      let inside = "trap \"exit 9\" \(signal); while :; do printf \"\\033[?u\"; sleep 0.05; done"
      let process = try at(terminal, "trap : INT QUIT; $L sh -c '\(inside)' </dev/null; echo status $?", sandbox)
      try terminal.waitFor("\u{1b}[?u")
      try terminal.type(key)
      try terminal.waitFor("status 9\n")
      #expect(try process.wait().ending == .exited(0))
      #expect(terminal.modes == modes)
    }
  }

  /// As a pager does: it opens the terminal by its name, and waits for a key.
  private static let pager = """
    #include <fcntl.h>
    #include <poll.h>
    #include <signal.h>
    #include <string.h>
    #include <termios.h>
    #include <unistd.h>
    static void nothing(int number) { (void)number; }
    int main(int count, char **words) {
      char key;
      int pipes[2], file = open(ttyname(1), O_RDONLY);
      if (count < 2 || pipe(pipes) || file < 0) return 0;
      struct sigaction action = {.sa_handler = nothing};
      sigaction(SIGINT, &action, 0);
      if (strcmp(words[1], "lines")) {
        struct termios raw;
        tcgetattr(file, &raw);
        raw.c_lflag &= ~(ICANON | ECHO);
        tcsetattr(file, TCSADRAIN, &raw);
      }
      struct pollfd files[] = {{file, POLLIN, 0}, {pipes[0], POLLIN, 0}};
      write(1, "waits\\n", 6);
      for (int times = 0; times < 3;) {
        int found = strcmp(words[1], "both") ? 1 : poll(files, 2, -1);
        if (found > 0) times = read(file, &key, 1) > 0 ? 0 : times + 1;
      }
      return 0;
    }
    """

  @Test(
    "a command without a keyboard that waits for a key is ended", arguments: Identity.all, ["lines", "keys", "both"])
  func whoWaitsForAKeyEnds(_ identity: Identity, _ way: String) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let modes = terminal.modes
      try sandbox.write(Self.pager, to: "pager.c")
      try sandbox.prepare("gcc -static -o root/bin/pager pager.c && chmod 755 root/bin/pager")
      let process = try at(terminal, "trap : INT; seq 3 | $L pager \(way); echo status $?", sandbox)
      // Who waits for something else too may have more to do.
      if way == "both" {
        try terminal.waitFor("waits\n")
        try terminal.type("\u{3}")
      }
      try terminal.waitFor("status 0\n")
      #expect(try process.wait().ending == .exited(0))
      #expect(terminal.modes == modes)
    }
  }

  @Test("without a keyboard the terminal's name can be opened for printing only", arguments: Identity.all)
  func itsNameIsForPrintingOnly(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let terminal = try Terminal()
      let script = "stat -c %a /dev/pts/0; echo printed >/dev/pts/0; echo too >/dev/stderr"
      let process = try at(terminal, "$L sh -c '\(script)' </dev/null", sandbox)
      #expect(try process.wait().ending == .exited(0))
      #expect(terminal.output == "200\nprinted\ntoo\n")
    }
  }
}
