import Glibc

/// A test's own directory, the small root in it, and littlectr run from there as an identity.
package final class Sandbox {
  package let identity: Identity
  /// The directory; it holds `root`, `stages.conf`, and what a test puts there.
  package let directory: String
  /// A word that no other process on the machine has among its arguments.
  package var token: String { String(directory.split(separator: "/").last ?? "") }
  package var root: String { directory + "/root" }
  package private(set) var littlectr = Programs.littlectr
  /// The directory of littlectr's own file, in which it looks for a stages.conf and images.
  package var programDirectory: String {
    String(littlectr.prefix(upTo: littlectr.lastIndex(of: "/") ?? littlectr.startIndex))
  }
  /// The sessions of what was started here.
  package private(set) var sessions: Set<pid_t> = []

  /// The six stages, over the small root.
  package static let configuration = """
    userns
    uts
    pid
    mount
    chroot  root=root
    proc

    """

  /// The six stages with lines between the root and proc.
  package static func configuration(_ lines: [String]) -> String {
    "userns\nuts\npid\nmount\nchroot root=root\n" + lines.map { $0 + "\n" }.joined() + "proc\n"
  }

  /// Makes a sandbox whose configuration has more lines, has a test use it, and removes it.
  @discardableResult
  package static func with<Value>(_ identity: Identity, _ lines: String..., body: (Sandbox) throws -> Value) throws
    -> Value
  {
    try with(identity) { sandbox in
      try sandbox.configure(lines)
      return try body(sandbox)
    }
  }

  /// Puts lines between the root and proc in its configuration.
  package func configure(_ lines: [String]) throws { try write(Self.configuration(lines), to: "stages.conf") }

  /// Prepares files, as the identity.
  package func prepare(_ script: String) throws {
    let made = try execute(["sh", "-e", "-c", script])
    guard made.ending == .exited(0) else { throw Trouble("\(script): \(made)") }
  }

  /// Makes a sandbox, has a test use it, and removes it.
  @discardableResult
  package static func with<Value>(_ identity: Identity, _ body: (Sandbox) throws -> Value) throws -> Value {
    let sandbox = try Sandbox(identity)
    defer {
      // Without a pid namespace, what a command leaves running outlives it.
      try? eventually("no process is left", within: 20) {
        let processes = Leftovers.processes(of: sandbox).keys
        for id in processes { kill(id, SIGKILL) }
        return processes.isEmpty
      }
      FileTree.remove(sandbox.directory)
    }
    try sandbox.fill()
    return try body(sandbox)
  }

  private init(_ identity: Identity) throws {
    _ = try identity.existing()
    self.identity = identity
    var name = Array("/tmp/littlectr-e2e-XXXXXX".utf8CString)
    guard mkdtemp(&name) != nil else { throw Trouble("mkdtemp: errno \(errno)") }
    directory = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private func fill() throws {
    chmod(directory, 0o755)
    try SmallRoot.make(root)
    try FileTree.write(Array(Self.configuration.utf8), to: directory + "/stages.conf")
    if !identity.prefix.isEmpty, !Programs.isEverybodys(littlectr) {
      // Not beside the stages.conf, which littlectr would find there.
      try FileTree.make(directory + "/program")
      try FileTree.write(try FileTree.read(littlectr), to: directory + "/program/littlectr", mode: 0o755)
      littlectr = directory + "/program/littlectr"
    }
    if geteuid() == 0 { try FileTree.give(directory, to: try identity.existing()) }
  }

  /// The environment that programs get: no more than they need. littlectr never takes the stages.conf of the directory that
  /// it is started in, so that the sandbox's is named.
  package var environment: [String: String] {
    [
      "PATH": Programs.searchPath, "HOME": directory, "USER": identity.name, "LITTLECTR_CONF": "./stages.conf",
    ]
  }

  /// Starts a program as the identity, with the sandbox as working directory.
  package func start(
    _ words: [String], environment additions: [String: String] = [:], in place: String? = nil, input: Int32? = nil,
    terminal: String? = nil, inherits: [Int32] = []
  ) throws -> RunningProcess {
    // Elsewhere the name would lead elsewhere.
    let own = place == nil ? environment : environment.filter { $0.key != "LITTLECTR_CONF" }
    let variables = own.merging(additions) { $1 }.filter { !$0.value.isEmpty }
    let process = try RunningProcess(
      identity.prefix + words, environment: variables, directory: place ?? directory, input: input, terminal: terminal,
      inherits: inherits)
    sessions.insert(process.id)
    return process
  }

  /// Starts a program as who runs the tests, whoever the identity is.
  package func startAsCaller(_ words: [String], input: Int32? = nil) throws -> RunningProcess {
    let process = try RunningProcess(words, environment: environment, directory: directory, input: input)
    sessions.insert(process.id)
    return process
  }

  /// What to write before a command's words to run it as root: of the machine, or of a user namespace.
  package var asRoot: [String] { identity.isRoot ? [] : ["unshare", "--user", "--map-root-user", "--"] }

  /// Runs a program as the identity to its end.
  package func execute(_ words: [String], environment: [String: String] = [:], in place: String? = nil) throws
    -> Outcome
  {
    try start(words, environment: environment, in: place).wait()
  }

  /// Runs littlectr to its end.
  package func littlectr(_ words: String..., environment: [String: String] = [:]) throws -> Outcome {
    try execute([littlectr] + words, environment: environment)
  }

  /// Runs a command in a container to its end.
  package func run(_ options: [String] = [], _ command: String...) throws -> Outcome {
    try execute([littlectr, "run"] + options + ["--"] + command)
  }

  /// Runs a script of the shell's in a container to its end.
  package func sh(_ script: String, _ options: String...) throws -> Outcome {
    try execute([littlectr, "run"] + options + ["--", "sh", "-c", script])
  }

  /// Writes the shipped configuration with another root.
  package func writeShipped(root: String, to name: String) throws {
    let shipped = try Repository.text("stages.conf")
    try write(shipped.replacing("image=default", with: "root=" + root), to: name)
  }

  /// Writes a program that looks as if it gave root's privileges, if root runs the tests. The kernel gives a script none.
  package func writeRootsProgram(_ text: String, to name: String) throws {
    try FileTree.write(Array(text.utf8), to: "\(directory)/\(name)", mode: 0o755)
    if geteuid() == 0 { chmod("\(directory)/\(name)", 0o4755) }
  }

  /// Writes a file of the sandbox, which belongs to the identity.
  package func write(_ text: String, to name: String, mode: mode_t = 0o644) throws {
    let path = name.hasPrefix("/") ? name : "\(directory)/\(name)"
    try FileTree.write(Array(text.utf8), to: path, mode: mode)
    if geteuid() == 0 { try FileTree.give(path, to: try identity.existing()) }
  }
}
