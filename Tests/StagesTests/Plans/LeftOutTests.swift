import Stages
import Testing

@testable import Command
@testable import Pipeline

/// A line taken out that others need.
struct LeftOutTests {
  private func plan(_ file: String, without names: String?) throws(Failure) {
    guard var machine = FakeHost.named("user with ranges") else { return }
    machine.files["/etc/resolv.conf"] = "nameserver 192.0.2.1\n"
    let host = machine.host
    var configuration = try Configuration(
      ConfigurationFile(name: file, bytes: Array(((try? Repository.text(file)) ?? "").utf8)), catalog: tool.catalog,
      host: host)
    let words = names.map { ["--without", $0] } ?? []
    try arguments(RunCommand.self, words).options.change(&configuration)
    _ = try Plan(configuration.entries, CommandOptions().container([Array("sh".utf8)], configuration, host))
  }

  /// Each stage of the shipped files can be left out, or the one error has a line that then works.
  @Test(arguments: ["stages.conf", "agent.conf", "hardened.conf"], builtin.map { $0.name })
  func theOptionToPasteWorks(file: String, stage: String) throws {
    guard refusal({ () throws(Failure) in try plan(file, without: nil) }) == nil,
      let first = refusal({ () throws(Failure) in try plan(file, without: stage) }),
      !first.what.contains("isn't in")
    else { return }
    let fix = try #require(first.fix)
    if stage == "userns" {
      #expect(fix.contains("keep 'userns'"), "\(first.text)")
      return
    }
    let names = try #require(fix.firstMatch(of: /--without ([a-z,]+)/)).1
    #expect(names.split(separator: ",").first.map(String.init) == stage, "\(first.text)")
    let second = refusal { () throws(Failure) in try plan(file, without: String(names)) }
    #expect(second == nil, "\(first.text)\n\(second?.text ?? "")")
  }

  @Test func allThatNeedItAreTold() throws {
    let told = refusal { () throws(Failure) in try plan("stages.conf", without: "mount") }?.text ?? "no error"
    #expect(told.contains("needs 'mount' above it, as do 'proc', 'sys', 'dev', 'etc'"), "\(told)")
    #expect(
      told.contains("fix  leave out all of them: --without mount,overlay,proc,sys,dev,etc,chroot; or keep 'mount'"),
      "\(told)")
  }

  @Test func aDeletedLineIsTold() throws {
    let text = "userns\nchroot method=chroot\nproc\nsys\ndev"
    let host = try #require(FakeHost.named("user")).host
    let configuration = try Configuration(
      ConfigurationFile(name: "stages.conf", bytes: Array(text.utf8)), catalog: tool.catalog, host: host)
    let failure = refusal { () throws(Failure) in
      try Plan(configuration.entries, CommandOptions().container([Array("sh".utf8)], configuration, host))
    }
    #expect(failure?.text.contains("needs 'mount' above it, as do 'sys', 'dev'") == true, "\(failure?.text ?? "")")
    #expect(failure?.fix?.contains("--without proc,sys,dev; or: write 'mount' on a line above") == true)
  }
}
