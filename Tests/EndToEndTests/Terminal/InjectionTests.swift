import Glibc
import Testing

/// Nothing inside types at the caller's terminal: ioctl_tty(2), TIOCSTI; ioctl_console(2), TIOCLINUX.
@Suite struct InjectionTests {
  /// Types a line through each descriptor, by TIOCSTI, and pastes what is selected on the console, by TIOCLINUX.
  private static let program = """
    for my $file (\\*STDIN, \\*STDOUT, \\*STDERR) {
      for my $key (split //, "typed inside\\n") { ioctl($file, 0x5412, $key) }
      my $paste = "\\x03"; ioctl($file, 0x541C, $paste) and print "pasted\\n";
    }
    """
  /// Whether this kernel lets anybody do that at the own terminal: it is what the stage is there for.
  private static let isAllowed = (try? FileTree.text("/proc/sys/dev/tty/legacy_tiocsti")) != "0\n"

  /// What a shell reads that runs littlectr, and then a line of its terminal.
  private func line(after run: String, _ options: String, _ identity: Identity) throws -> String {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write(Self.program, to: "inject.pl")
      let terminal = try Terminal()
      let script = "\(run); echo ran; read -r line; echo \"read: $line.\""
      let variables = ["L": "\(sandbox.littlectr) run --without chroot --without proc \(options)"]
      let process = try sandbox.start(["sh", "-c", script], environment: variables, terminal: terminal.path)
      try terminal.waitFor("ran\n")
      try terminal.type("typed outside\n")
      #expect(try process.wait().ending == .exited(0))
      #expect(!terminal.output.contains("pasted"))
      return terminal.output.split(separator: "\n").map(String.init).first { $0.hasPrefix("read: ") } ?? terminal.output
    }
  }

  private static let ways = [
    "$L perl inject.pl", "echo | $L perl inject.pl", "$L perl inject.pl 2>/dev/null", "$L perl inject.pl >/dev/null",
    "echo | $L perl inject.pl >/dev/null",
  ]

  @Test("without terminal a command inside types at the caller's terminal", arguments: Identity.all, ways)
  func withoutTheStageItIsTyped(_ identity: Identity, _ way: String) throws {
    let wanted = Self.isAllowed ? "read: typed inside." : "read: typed outside."
    #expect(try line(after: way, "", identity) == wanted)
  }

  @Test("with terminal nothing can be typed at the caller's terminal", arguments: Identity.all, ways)
  func withItNothingIs(_ identity: Identity, _ way: String) throws {
    for options in ["--with terminal", "--with terminal --set terminal.pty=no"] {
      #expect(try line(after: way, options, identity) == "read: typed outside.", "\(options)")
    }
  }
}
