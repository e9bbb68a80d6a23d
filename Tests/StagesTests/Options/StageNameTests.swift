import Stages
import Testing

@testable import Command
@testable import Pipeline

/// Words that people try for stages.
struct StageNameTests {
  private static let meant: [(word: String, stage: String)] = [
    ("hostname", "uts"), ("network", "net"), ("cgroup", "cgroupns"), ("seccomp-profile", "seccomp"),
    ("user-namespace", "userns"), ("volume", "bind"), ("memory", "rlimit"), ("caps", "capabilities"),
    ("rootfs", "chroot"), ("netns", "net"), ("pidns", "pid"), ("mnt", "mount"), ("no_new_privs", "nonewprivs"),
    ("no-new-privileges", "nonewprivs"), ("image", "chroot"), ("environment", "env"), ("dns", "etc"),
    ("tty", "terminal"),
    ("UTS", "uts"), ("SecComp", "seccomp"), ("nofile", "rlimit"), ("hidepid", "proc"), ("ulimit", "rlimit"),
  ]

  @Test("words that people try for stages lead to the stage's name", arguments: meant)
  func theyLeadToOurs(word: String, stage: String) throws {
    let host = try #require(FakeHost.named("user")).host
    let read = refusal { () throws(Failure) in
      try Configuration(
        ConfigurationFile(name: "stages.conf", bytes: Array((word + "\n").utf8)), catalog: tool.catalog, host: host)
    }
    let told =
      [read?.text ?? "no error"]
      + ["stages", "help"].map { command in
        refusal { () throws(Failure) in try tool.run([command, word].map { Array($0.utf8) }) }?.text ?? "no error"
      }
    for text in told { #expect(text.contains("'\(word)'") && text.contains("'\(stage)'"), "\(text)") }
  }

  @Test("no word leads to two stages")
  func noWordLeadsToTwo() {
    let words = tool.catalog.types.flatMap { [$0.name] + $0.synonyms }
    #expect(Set(words).count == words.count)
    for word in words { #expect(word == plain(word), "\(word)") }
  }

  @Test func aKeyIsToldWithItsStage() {
    #expect(tool.catalog.answer(to: "hostname").fix.hasPrefix("write uts hostname="))
    #expect(tool.catalog.answer(to: "readonly").hint.hasPrefix("; it is a key of 'chroot', "))
    #expect(tool.catalog.answer(to: "xyzzy").hint == "")
  }
}
