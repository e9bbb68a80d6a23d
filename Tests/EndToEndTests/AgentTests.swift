import Glibc
import Testing

/// agent.conf, as it ships, with the host's own tool chain.
@Suite struct AgentTests {
  private static let text = Result {
    try FileTree.text(#filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/agent.conf")
  }

  private func run(_ sandbox: Sandbox, _ options: [String], _ script: String) throws -> Outcome {
    try sandbox.write(Self.text.get(), to: "agent.conf")
    try sandbox.prepare("mkdir -p project && echo secret >secret")
    let words = [sandbox.littlectr, "run", "--conf", "../agent.conf"] + options + ["--", "sh", "-c", script]
    return try sandbox.execute(words, environment: ["TOKEN": "secret"], in: sandbox.directory + "/project")
  }

  @Test(arguments: Identity.all) func somethingCanBeBuilt(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let script = """
        printf '#include <stdio.h>\\nint main(void) { puts("built"); }\\n' >hello.c
        printf 'hello: hello.c\\n\\tgcc -o $@ $<\\n' >Makefile
        make -s && ./hello && pwd
        """
      let seen = try run(sandbox, [], script)
      #expect(seen.lines == ["built", sandbox.directory + "/project"] && seen.error == "", "\(seen)")
      // What was made is the user's outside.
      let owner = try sandbox.execute(["stat", "-c", "%u", "project/hello"])
      #expect(owner.output == "\(try identity.existing().user)\n", "\(owner)")
      let outside = try sandbox.execute(["project/hello"])
      #expect(outside.output == "built\n", "\(outside)")
    }
  }

  @Test(arguments: Identity.all) func nothingElseCanBeWrittenOrIsThere(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let script =
        "find / -path /proc -prune -o -path /sys -prune -o -path '/usr/*' -prune -o -type d -exec touch {}/written \\;"
      let before = FileTree.entries(sandbox.directory)
      _ = try run(sandbox, [], script + "; touch /usr/written /usr/lib/written")
      #expect(FileTree.entries(sandbox.directory + "/project") == ["written"])
      let kept = Set(FileTree.entries(sandbox.directory)).subtracting([".cache"])
      #expect(kept == Set(before + ["agent.conf", "project", "secret"]))
      for place in ["/usr", "/usr/lib", "/etc", "/home", "/tmp", "/var"] {
        #expect(!FileTree.entries(place).contains("written"), "\(place)")
      }
      let secrets = try run(sandbox, [], "cat ../secret; ls /home /root; env; ls /proc/self/fd | wc -l")
      #expect(!secrets.output.contains("secret"), "\(secrets)")
    }
  }

  @Test(arguments: Identity.all) func whatCanBeWrittenIsWhatTheFileSays(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let project = sandbox.directory + "/project"
      let seen = try run(sandbox, [], WritablePlaces.script(passing: ["/usr"]))
      let listed = try WritablePlaces.listed(in: Self.text.get().replacing("${PWD}", with: project))
      #expect(listed.contains(project))
      // The directory above the project lies in /tmp, and is the container's own.
      let expected = (listed + [sandbox.directory]).sorted()
      #expect(seen.ending == .exited(0) && seen.lines.sorted() == expected, "\(seen)")
    }
  }

  @Test(arguments: Identity.all) func theNetworkIsAChoice(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let ask = "tail -n +3 /proc/net/dev | wc -l"
      let outside = try sandbox.execute(["sh", "-c", ask]).output
      #expect(try run(sandbox, [], ask).output == "1\n")
      #expect(try run(sandbox, ["--without", "net"], ask).output == outside)
    }
  }
}
