import Glibc

/// Where an attack happens: an image with the attacking program in it, and what the host must keep, the victim.
final class Arena {
  let runner: ContainerRunner
  let sandbox: Sandbox
  /// A directory of the caller's, which no container has to do with.
  var victim: String { sandbox.directory + "/victim" }
  /// A process of the caller's.
  private let bystander: RunningProcess
  var bystanderID: pid_t { bystander.id }
  /// The runner's program, where it isn't the installed one.
  var program: String?

  /// Makes one, has an attack use it, and tells what has worked that must not, and what has changed outside.
  static func judge(_ attack: Attack, _ identity: Identity, _ runner: ContainerRunner) throws -> [String] {
    try Sandbox.with(identity) { sandbox in
      let arena = try Arena(sandbox, runner)
      defer { arena.bystander.signal(SIGKILL) }
      return try arena.judge(attack)
    }
  }

  private init(_ sandbox: Sandbox, _ runner: ContainerRunner) throws {
    (self.sandbox, self.runner) = (sandbox, runner)
    try sandbox.writeShipped(root: "root", to: "stages.conf")
    let path = sandbox.root + "/bin/attack"
    try FileTree.write(try AttackProgram.bytes.get(), to: path, mode: 0o755)
    if geteuid() == 0 { try FileTree.give(path, to: try sandbox.identity.existing()) }
    try sandbox.prepare(
      """
      mkdir -p victim/dir work; chmod 750 victim/dir; echo mine >work/mark; echo 'the secret' >victim/secret
      echo config >victim/file; echo 'evil:x:0:0::/:/bin/sh' >victim/passwd; chmod 600 victim/secret; ln -s secret victim/link
      """)
    bystander = try sandbox.start(["sleep", "600"])
  }

  private func judge(_ attack: Attack) throws -> [String] {
    let files = try FileTree.fingerprint(victim)
    let mounts = Leftovers.mounts(sandbox)
    var escapes = try attack.act(self)
    if bystander.poll() != nil { escapes.append("a process of the host's was ended") }
    bystander.signal(SIGKILL)
    _ = try? bystander.wait()
    var processes: [pid_t: String] = [:]
    _ = try? eventually("no process of \(sandbox.token)", within: 20) {
      processes = Leftovers.processes(of: sandbox)
      return processes.isEmpty
    }
    escapes += processes.map { "process \($0.key) is left: \($0.value)" }
    escapes += Leftovers.mounts(sandbox).symmetricDifference(mounts).map { "a mount of the host's: \($0)" }
    let filesNow = (try? FileTree.fingerprint(victim)) ?? ["it is gone"]
    return escapes + Set(filesNow).symmetricDifference(files).map { "the victim: \($0)" }
  }

  /// Runs the attacking program in a container, and tells what it says has worked; also that it wasn't run at all.
  func attack(
    _ words: [String], _ options: [String] = [], bubblewrap: [String] = [], mayBeRefused: Bool = false,
    before prefix: [String] = [], environment: [String: String] = [:], inherits: [Int32] = []
  ) throws -> [String] {
    let words = prefix + (try command(["attack"] + words, options, bubblewrap: bubblewrap))
    let seen = try sandbox.start(words, environment: environment, inherits: inherits).wait()
    return escapes(seen, mayBeRefused: mayBeRefused)
  }

  /// The words that run a command in a container.
  func command(_ words: [String], _ options: [String] = [], bubblewrap: [String] = []) throws -> [String] {
    try runner.words(sandbox, program: program, options, bubblewrap, words)
  }

  /// What is told of an attack that wasn't tried to its end.
  static let unfinished = "it didn't come to its end"

  /// What an attacking program has told.
  func escapes(_ seen: Outcome, mayBeRefused: Bool = false) -> [String] {
    let escapes = seen.lines.filter { $0.hasPrefix("escaped: ") }.map { String($0.dropFirst(9)) }
    let hasRun = seen.lines.last == "done" || (mayBeRefused && runner.hasRefused(seen))
    return hasRun ? escapes : escapes + ["\(Self.unfinished): \(String(seen.description.prefix(600)))"]
  }
}
