import Glibc
import Testing

/// Commands that can't be executed: 127 for what isn't there, 126 for the rest, and always why.
@Suite struct CommandErrorTests {
  /// Runs a command in a container whose /bin/thing holds some bytes.
  private func run(
    _ sandbox: Sandbox, _ bytes: [UInt8], mode: mode_t = 0o755, _ options: [String] = [], command: String = "thing"
  ) throws -> Outcome {
    let path = sandbox.root + "/bin/thing"
    try FileTree.write(bytes, to: path, mode: mode)
    return try sandbox.run(options, command)
  }

  @Test(arguments: Identity.all, StatusTests.reapers)
  func aCommandThatIsntThereIsToldWithThePlaces(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      let seen = try sandbox.run(options, "nowhere", "argument")
      seen.expectRefusal(
        127, "littlectr: execve(\"nowhere\", [\"nowhere\", \"argument\"], …): ENOENT",
        why: "it is in none of /usr/local/sbin, /usr/local/bin, /usr/sbin, /usr/bin, /sbin, /bin",
        fix: "install it in the image, or write its whole path")
      try sandbox.run(options, "/nowhere/thing").expectRefusal(
        127, "execve(\"/nowhere/thing\", ", why: "there is no \"/nowhere/thing\" in the container", fix: "in the image")
      try sandbox.run(options, "/etc/passwd/thing").expectRefusal(127, "execve(\"/etc/passwd/thing\"")
      try sandbox.run(options, "").expectRefusal(127, "execve(\"\", [\"\"], …): ENOENT")
    }
  }

  @Test("a whole command line in one word, and a file that is only outside, are told as such", arguments: Identity.all)
  func wordsInOneAndFilesOutsideAreTold(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.run([], "ls /").expectRefusal(
        127, "execve(\"ls /\"", why: "\"ls /\" is one word, and no program is called so", fix: "littlectr run -- ls /;")
      for name in ["./stages.conf", "stages.conf"] {
        try sandbox.run([], name).expectRefusal(
          127, ": ENOENT", why: "is a file of your current directory, which the container doesn't have",
          fix: "littlectr run -v .:/work -w /work ./stages.conf;")
      }
      try sandbox.run(["--without", "chroot", "--without", "proc"], "nowhere").expectRefusal(
        127, ": ENOENT", why: "your machine has it in none of /usr", fix: "there is no image")
    }
  }

  @Test(arguments: Identity.all, StatusTests.reapers)
  func aFileThatIsntExecutableIsToldWithItsMode(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      try run(sandbox, Array("#!/bin/sh\n".utf8), mode: 0o640, options).expectRefusal(
        126, "execve(\"thing\", [\"thing\"], …): EACCES", why: "/bin/thing has mode 640", fix: "chmod a+x")
    }
  }

  @Test(arguments: Identity.all) func aDirectoryIsNoCommand(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.run([], "/etc").expectRefusal(126, ": EACCES", why: "/etc is a directory", fix: "name a program")
      // In the PATH a directory is passed over, as shells do.
      try FileTree.make(sandbox.root + "/bin/directory")
      #expect(try sandbox.run([], "directory").ending == .exited(126))
    }
  }

  @Test(arguments: Identity.all, StatusTests.reapers)
  func aScriptWithoutItsInterpreter(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      try run(sandbox, Array("#! /opt/perl -w\n".utf8), options).expectRefusal(
        126, ": ENOENT", why: "/bin/thing is there, but the interpreter that it names isn't: /opt/perl",
        fix: "install /opt/perl in the image")
      // The name's length is the image's choice, and crosses no buffer's end.
      let long = String(repeating: "x", count: 200)
      try run(sandbox, Array("#!/\(long)\n".utf8), options).expectRefusal(126, ": ENOENT", why: "isn't: /\(long)")
    }
  }

  @Test(arguments: Identity.all) func aTextWithoutAFirstLineForTheKernel(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      for text in ["echo hi\n", "", "#", "\u{7f}EL", "\u{7f}ELF"] {
        try run(sandbox, Array(text.utf8)).expectRefusal(
          126, ": ENOEXEC", why: "/bin/thing is neither a program nor a script that begins with #!",
          fix: "sh /bin/thing")
      }
    }
  }

  @Test(arguments: Identity.all, StatusTests.reapers)
  func aProgramForAnotherMachine(_ identity: Identity, _ options: [String]) throws {
    try Sandbox.with(identity) { sandbox in
      var program = try FileTree.read(sandbox.root + "/bin/busybox")
      // e_machine of elf(5), little-endian: 22 is EM_S390, for which no machine registers an emulator by chance.
      (program[18], program[19]) = (22, 0)
      try run(sandbox, program, options).expectRefusal(
        126, ": ENOEXEC", why: "/bin/thing is a program for s390x, and this machine is ", fix: "qemu-user for s390x")
    }
  }

  @Test(arguments: Identity.all) func aProgramWithoutItsLoader(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      try sandbox.write("int main(void) { return 0; }\n", to: "thing.c")
      let link = ["gcc", "-Wl,--dynamic-linker=/lib/nowhere.so", "-o", "root/bin/thing", "thing.c"]
      let compiled = try sandbox.execute(link)
      try #require(compiled.status == 0, "\(compiled)")
      try sandbox.run([], "thing").expectRefusal(
        126, ": ENOENT", why: "/bin/thing is there, but the loader that it names isn't: /lib/nowhere.so",
        fix: "install /lib/nowhere.so in the image")
    }
  }

  @Test("a broken ELF header of the command ends in an error, not in a crash", arguments: Identity.all)
  func hostileHeadersAreNoTrap(_ identity: Identity) throws {
    try Sandbox.with(identity) { sandbox in
      let program = try FileTree.read(sandbox.root + "/bin/busybox")
      for offset in [4, 5, 18, 32, 42, 44, 54, 56] {
        // Every field that is looked at, at its largest, in a file that ends right behind the header or later.
        for length in [52, 64, 4096] {
          var bytes = Array(program.prefix(length))
          for index in offset..<(offset + 8) where index < length { bytes[index] = 0xff }
          let seen = try run(sandbox, bytes)
          #expect(seen.ending == .exited(126) || seen.ending == .exited(139), "\(offset), \(length): \(seen)")
        }
      }
    }
  }
}
